package io.hopscope.protocols.ipam;

/**
 * What a request is called: who started to ask, and the how many-th question it is.
 *
 * @param session drawn anew by every agent that starts
 */
record RequestId(String session, int number) {
    /** Null for what is none. */
    static RequestId parse(String text) {
        if (text == null || !text.matches("req-[0-9a-f]{1,16}-[0-9]{1,9}")) {
            return null;
        }
        int dash = text.lastIndexOf('-');
        return new RequestId(text.substring(4, dash), Integer.parseInt(text.substring(dash + 1)));
    }

    /** Whether it was asked earlier: a copy that was long on its way. */
    boolean before(RequestId other) {
        return session.equals(other.session) && number < other.number;
    }

    @Override
    public String toString() {
        return "req-" + session + "-" + number;
    }
}
