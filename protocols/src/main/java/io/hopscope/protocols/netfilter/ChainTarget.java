package io.hopscope.protocols.netfilter;

/** A jump to a chain of the user's, or a goto: then its end is the end of the chain that it came from. */
final class ChainTarget extends Target {
    private final Chain chain;
    private final boolean noReturn;

    ChainTarget(Chain chain, boolean noReturn) {
        this.chain = chain;
        this.noReturn = noReturn;
    }

    Chain chain() {
        return chain;
    }

    boolean noReturn() {
        return noReturn;
    }

    @Override
    String name() {
        return chain.name();
    }

    @Override
    int apply(Packet p) {
        return noReturn ? GOTO : JUMP;
    }

    @Override
    void list(StringBuilder out) {
        out.append(noReturn ? "[goto] " : "");
    }
}
