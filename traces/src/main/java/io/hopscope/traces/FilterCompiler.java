package io.hopscope.traces;

/**
 * Compiles filters that {@link PacketFilter} does not know itself; found by ServiceLoader, and asked for those alone. It is
 * given numbers and addresses only, never a name that would have to be looked up.
 */
public interface FilterCompiler {
    /** What has to be installed before it can compile anything; null where it can. */
    String missing();

    /**
     * A program for Ethernet.
     *
     * @throws IllegalArgumentException says in the compiler's own words why not
     */
    Bpf compile(String filter);
}
