package io.hopscope.protocols.tcp;

/**
 * Bytes that can be made again: a pattern, a file. What is written from one is not kept, but asked for once more when it
 * has to be sent again.
 */
@FunctionalInterface
public interface ByteSource {
    /** Puts the bytes that stand at an offset of the source into an array. */
    void copy(long offset, byte[] to, int at, int length);
}
