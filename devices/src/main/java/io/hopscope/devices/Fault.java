package io.hopscope.devices;

import java.util.List;

/**
 * Why a command cannot run, known before anything does.
 *
 * @param message what is wrong, in the words of the real tool
 * @param word the name that is none of the valid ones; null where it is no matter of a name
 * @param valid the names that would do; null for those of the network's nodes and devices
 * @param expected what would be right where no name is; null for what the program takes
 * @param line of the command line with its here-document, 1 for the first; 0 where it is the command as a whole
 * @param column in that line
 */
public record Fault(String message, String word, List<String> valid, String expected, int line, int column) {
    public Fault(String message, String word, List<String> valid, String expected) {
        this(message, word, valid, expected, 0, 0);
    }

    /** Nothing that another name would mend. */
    public static Fault of(String message) {
        return new Fault(message, null, List.of(), null);
    }

    /** The node has no stack that the program could use. */
    public static Fault noStack(String node) {
        return new Fault(
                "no network stack on " + node, null, List.of(), "a host, a virtual machine, a container or a server");
    }

    /** A host that nobody is called. */
    public static Fault unknownHost(String message, String name) {
        return new Fault(message, name, null, null);
    }
}
