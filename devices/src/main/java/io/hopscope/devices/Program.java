package io.hopscope.devices;

import io.hopscope.core.Node;

/** A command that can be given to a node: presence on the class path (ServiceLoader) is registration. */
public interface Program {
    /** The first word of the command line. */
    String name();

    /** One line for {@code hopscope list}. */
    String summary();

    /**
     * Starts the command inside the run; what it prints and its end go to the task, now or later in virtual time.
     *
     * @param host the stack it runs on; null where the node has none (a plain switch)
     */
    void start(Node node, Host host, Task task, long now);
}
