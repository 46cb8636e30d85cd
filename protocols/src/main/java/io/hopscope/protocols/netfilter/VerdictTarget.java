package io.hopscope.protocols.netfilter;

/** ACCEPT, DROP and RETURN, or nothing at all: a rule that only counts. */
final class VerdictTarget extends Target {
    private final String name;
    private final int verdict;

    VerdictTarget(String name, int verdict) {
        this.name = name;
        this.verdict = verdict;
    }

    @Override
    String name() {
        return name;
    }

    @Override
    int apply(Packet p) {
        return verdict;
    }
}
