package io.hopscope.devices.tc;

import java.util.List;

/** Words that tc does not take. */
public final class TcFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int at;
    private final int exit;
    private final String word;
    private final transient List<String> valid;

    private TcFault(int at, int exit, String message, String word, List<String> valid) {
        super(message);
        this.at = at;
        this.exit = exit;
        this.word = word;
        this.valid = valid;
    }

    /**
     * @param at which of the words it is, from 0
     * @param message what tc says
     */
    static TcFault of(int at, String message) {
        return new TcFault(at, 1, message, null, List.of());
    }

    /** The words end too early. */
    static TcFault incomplete(int at) {
        return new TcFault(at, 255, "Command line is not complete. Try option \"help\"", null, List.of());
    }

    /** A word that is none of the valid ones. */
    static TcFault unknown(int at, String message, String word, List<String> valid) {
        return new TcFault(at, 1, message, word, valid);
    }

    /** Which of the words is wrong, from 0; one more than there are where one is missing. */
    public int at() {
        return at;
    }

    /** How tc exits. */
    public int exit() {
        return exit;
    }

    /** Null where it is no matter of a name. */
    public String word() {
        return word;
    }

    public List<String> valid() {
        return valid;
    }
}
