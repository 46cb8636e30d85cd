package io.hopscope.devices;

import java.util.List;

/** A command that goes on running in the background of a host. */
public interface Service {
    /** As {@code killall} finds it. */
    String name();

    /**
     * @param signal without SIG: {@code TERM}, {@code USR1}...
     */
    void signal(String signal, long now);

    /** Power is lost: it gives its sockets back, and says nothing more. */
    void lost();

    /** The lines of a file it keeps, as {@code cat} shows it; null for any other. */
    default List<String> file(String path) {
        return null;
    }
}
