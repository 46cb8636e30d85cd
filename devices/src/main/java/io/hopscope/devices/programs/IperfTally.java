package io.hopscope.devices.programs;

/** What has gone through one stream, and what is missing. */
final class IperfTally {
    long start;
    /** The latest instant that counts. */
    long end;

    long bytes;
    /** Datagrams sent, by the sender's side. */
    long sent;

    private long received;
    private long gaps;
    long outOfOrder;
    private int highest;
    /** Mean deviation of the time between datagrams, in picoseconds (RFC 3550, section 6.4.1). */
    double jitter;

    private long transit;
    private boolean known;

    /** As it was at the end of the last interval. */
    private IperfTally before;

    IperfTally(long start) {
        this.start = start;
        end = start;
    }

    void reported(long lost, long misplaced, long total, double deviation) {
        gaps = lost + misplaced;
        outOfOrder = misplaced;
        received = total - lost;
        jitter = deviation;
    }

    /** A datagram has come. */
    void datagram(int number, long sentMicros, int length, long now) {
        bytes += length;
        received++;
        end = now;
        long latest = now - sentMicros * 1_000_000;
        if (known) {
            jitter += (Math.abs(latest - transit) - jitter) / 16;
        }
        transit = latest;
        known = true;
        place(number);
    }

    /** The last one has come, which carries nothing. */
    void last(int number, long now) {
        end = now;
        gaps += Math.max(0, number - highest - 1);
    }

    private void place(int number) {
        if (number <= highest) {
            outOfOrder++;
        } else {
            gaps += number - highest - 1;
            highest = number;
        }
    }

    /** What came late is not lost. */
    long lost() {
        return Math.max(0, gaps - outOfOrder);
    }

    long datagrams() {
        return received + lost();
    }

    /** What has come since this was asked the last time; its jitter is what it is now. */
    IperfTally interval() {
        IperfTally copy = new IperfTally(start);
        copy.bytes = bytes;
        copy.received = received;
        copy.gaps = gaps;
        copy.outOfOrder = outOfOrder;
        copy.jitter = jitter;
        IperfTally since = new IperfTally(start);
        since.bytes = bytes - (before == null ? 0 : before.bytes);
        since.received = received - (before == null ? 0 : before.received);
        since.gaps = gaps - (before == null ? 0 : before.gaps);
        since.outOfOrder = outOfOrder - (before == null ? 0 : before.outOfOrder);
        since.jitter = jitter;
        before = copy;
        return since;
    }
}
