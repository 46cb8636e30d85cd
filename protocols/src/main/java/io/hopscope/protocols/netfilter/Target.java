package io.hopscope.protocols.netfilter;

import java.util.List;

/** What a rule does with a packet that it matches, {@code -j NAME} with its options. */
abstract class Target {
    static final int CONTINUE = 0;
    static final int ACCEPT = 1;
    static final int DROP = 2;
    static final int RETURN = 3;
    /** Dropped, and the sender is told. */
    static final int REJECT = 4;

    static final int JUMP = 5;
    static final int GOTO = 6;

    abstract String name();

    /** Its name in a list, where that is another one. */
    String listName() {
        return name();
    }

    List<String> options() {
        return List.of();
    }

    /** Options of which one may be given at most. */
    List<String> exclusive() {
        return List.of();
    }

    void option(String option, Words words) {}

    /**
     * All options have been read: complains if one is lacking.
     *
     * @param table the table's name
     */
    void complete(Words words, String table) {}

    abstract int apply(Packet p);

    /** The options as iptables-save prints them, each with a blank in front. */
    void print(StringBuilder out) {}

    /** As iptables -L prints it behind the matches, with a blank in front. */
    void list(StringBuilder out) {}

    /** Bits of {@link Match} that say what its effect depends on. */
    int needs() {
        return 0;
    }

    /** The built-in chains it may be reached from; all where empty. */
    List<String> hooks() {
        return List.of();
    }
}
