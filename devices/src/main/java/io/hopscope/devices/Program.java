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

    /**
     * Finds what is wrong with the command without running it: its words, names in it, what the node has to have.
     *
     * @param host as for {@link #start}
     * @param task its words; nothing is printed to it
     * @return null if it can start
     */
    default Fault check(Node node, Host host, Task task) {
        return null;
    }

    /**
     * Before the run, or when it is over: what other nodes will see of the command at the instant at which it is run.
     *
     * @param host as for {@link #start}
     */
    default void announce(Node node, Host host, Task task, long at) {}

    /** Whether the command goes on until it is interrupted. */
    default boolean endless(Task task) {
        return false;
    }
}
