package io.hopscope.protocols.tcp;

/** What dynamic right-sizing of the receive buffer remembers between two reads (Fisk and Feng 2001). */
final class Tuning {
    /** Bytes that were read in a round trip at most. */
    int space;

    int seq;
    long at;
    /** Microseconds times 8. */
    int rtt;

    int rttSeq;
    long rttAt;
    int echo;
    /** What was missing when the last duplicates were sent, and how many there were. */
    int gapAt;

    int duplicates;

    /**
     * Takes a round trip into account, the least at once (tcp_rcv_rtt_update).
     *
     * @param exact whether a longer one says that round trips have become longer
     */
    void sample(int micros, boolean exact) {
        if (rtt == 0 || micros < rtt >> 3) {
            rtt = micros << 3;
        } else if (exact) {
            rtt += micros - (rtt >> 3);
        }
    }
}
