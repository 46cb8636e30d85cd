package io.hopscope.devices.programs;

/** One stream as reports see it. */
final class IperfStream {
    final int number;
    /** Whether this side receives. */
    final boolean receives;
    /** Whether the client receives, and the server sends. */
    final boolean reverse;

    final boolean udp;
    final IperfTally tally;
    boolean over;

    IperfStream(int number, boolean receives, boolean reverse, boolean udp, long start) {
        this.number = number;
        this.receives = receives;
        this.reverse = reverse;
        this.udp = udp;
        tally = new IperfTally(start);
    }

    /** What lines about it begin with: a client marks what comes to it. */
    String id() {
        return reverse && receives ? IperfText.reverseId(number) : IperfText.id(number);
    }
}
