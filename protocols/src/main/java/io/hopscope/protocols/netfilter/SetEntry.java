package io.hopscope.protocols.netfilter;

/** What a set keeps of one member: whether it says no, how long it stays, what passed by it, and a comment. */
final class SetEntry {
    private static final long SECOND = 1_000_000_000_000L;

    /** A network that is found by says no. */
    final boolean nomatch;

    /** {@link Long#MAX_VALUE} for ever. */
    final long until;

    /** Null without one. */
    final String comment;

    long packets;
    long bytes;

    SetEntry(boolean nomatch, long until, String comment, long packets, long bytes) {
        this.nomatch = nomatch;
        this.until = until;
        this.comment = comment;
        this.packets = packets;
        this.bytes = bytes;
    }

    boolean gone(long now) {
        return until <= now;
    }

    void count(Packet p) {
        packets++;
        bytes += p.length;
    }

    /** As ip_set_put_extensions and ipset put them behind the member. */
    void print(StringBuilder out, SetOptions of, long now) {
        if (of.timed()) {
            out.append(" timeout ").append(until == Long.MAX_VALUE ? 0 : Math.max(1, (until - now) / SECOND));
        }
        if (of.counters()) {
            out.append(" packets ").append(packets).append(" bytes ").append(bytes);
        }
        if (comment != null) {
            out.append(" comment \"").append(comment).append('"');
        }
        out.append(nomatch ? " nomatch" : "");
    }
}
