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

    void sample(int micros, boolean byWindow) {
        if (rtt == 0) {
            rtt = Math.max(1, micros) << 3;
        } else if (!byWindow) {
            rtt += Math.max(1, micros) - (rtt >> 3);
        } else if (micros < rtt >> 3) {
            // A window is read in a round trip or more: the least is the truest.
            rtt = Math.max(1, micros) << 3;
        }
    }
}
