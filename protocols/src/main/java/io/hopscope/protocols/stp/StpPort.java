package io.hopscope.protocols.stp;

/** A port of {@link Stp}: what was heard on its segment, and its three timers. */
final class StpPort {
    final int index;
    final int id;
    final int cost;
    PortState state = PortState.DISABLED;
    /** Root, path cost, bridge and port of the segment's designated bridge. */
    Vector designated;
    /** When the root sent what the segment's designated bridge said last. */
    long age;

    boolean acknowledge;
    boolean pending;
    long messageAgeAt = Long.MAX_VALUE;
    long forwardAt = Long.MAX_VALUE;
    long holdAt = Long.MAX_VALUE;

    StpPort(int index, int priority, int cost) {
        this.index = index;
        this.id = priority << 8 | index + 1;
        this.cost = cost;
    }

    boolean enabled() {
        return state != PortState.DISABLED;
    }

    boolean isDesignated(long bridge) {
        return designated.bridge() == bridge && designated.port() == id;
    }

    Vector throughHere() {
        return designated.plus(cost);
    }

    void stopTimers() {
        messageAgeAt = Long.MAX_VALUE;
        forwardAt = Long.MAX_VALUE;
        holdAt = Long.MAX_VALUE;
    }

    long next() {
        return Math.min(holdAt, Math.min(forwardAt, messageAgeAt));
    }
}
