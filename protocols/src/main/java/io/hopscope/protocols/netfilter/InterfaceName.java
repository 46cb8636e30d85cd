package io.hopscope.protocols.netfilter;

/** The name of an interface in a rule; with a {@code +} at its end every name that begins so. */
final class InterfaceName {
    /** IFNAMSIZ, without the zero at the end. */
    private static final int LONGEST = 15;

    private final String text;
    private final String start;
    private String last;

    private InterfaceName(String text) {
        this.text = text;
        start = text.endsWith("+") ? text.substring(0, text.length() - 1) : null;
    }

    static InterfaceName read(Words words) {
        String text = words.take("an interface");
        if (text.isEmpty() || text.length() > LONGEST || text.indexOf('/') >= 0) {
            throw words.wrong("an interface's name of " + LONGEST + " characters at most");
        }
        return new InterfaceName(text);
    }

    boolean matches(String name) {
        if (name == null) {
            return false;
        } else if (name == last) {
            return true;
        }
        boolean same = start == null ? text.equals(name) : name.startsWith(start);
        if (same && start == null) {
            // An interface's name is one object: the next packet's is found at a glance.
            last = name;
        }
        return same;
    }

    @Override
    public String toString() {
        return text;
    }
}
