package io.hopscope.protocols.tcp;

/** A socket's place among the open files of a process. */
public interface OpenFile {
    /** The socket is closed: the place is free. */
    void close();

    /** The next place of the same process, for a connection that it accepts. */
    OpenFile another();
}
