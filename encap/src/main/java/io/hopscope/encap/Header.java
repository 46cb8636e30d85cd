package io.hopscope.encap;

/**
 * What a header format tells about itself. Implementations are nested in their views as {@code Type} and found by
 * {@link java.util.ServiceLoader}; whatever is registered inherits the header contract tests and the fuzz target.
 */
public interface Header {
    /** Lower-case name, such as {@code ipv4}. */
    String name();

    /** Bytes of the shortest header of this format. */
    int minimumLength();

    /** Whether a whole, consistent header begins at {@code at}; nothing at or behind {@code end} is read. Any bytes. */
    boolean fits(byte[] bytes, int at, int end);

    /** The header and what it carries as tcpdump would print it. Any bytes, also where {@link #fits} says no. */
    String print(byte[] bytes, int at, int end);
}
