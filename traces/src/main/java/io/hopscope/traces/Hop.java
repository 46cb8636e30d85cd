package io.hopscope.traces;

/**
 * One observation of a frame at a port.
 *
 * @param port whole name
 * @param inbound whether the frame came in
 * @param picos virtual time in picoseconds; from a capture file whole nanoseconds
 * @param journey 0 where the file does not say
 * @param bytes of the frame
 * @param originalLength before a snap length cut it
 * @param comment what the device decided and why, or null
 */
public record Hop(
        String port, boolean inbound, long picos, long journey, byte[] bytes, int originalLength, String comment) {
    private static final String DROP = "drop: ";
    private static final String CAUSE = "caused by journey ";

    Hop ofJourney(long id) {
        return new Hop(port, inbound, picos, id, bytes, originalLength, comment);
    }

    /** Whether the frame died here. */
    public boolean dropped() {
        return comment != null && comment.startsWith(DROP);
    }

    /** Why it died; null where it did not. */
    public String dropReason() {
        if (!dropped()) {
            return null;
        }
        int end = comment.indexOf(" (");
        return comment.substring(DROP.length(), end < 0 ? comment.length() : end);
    }

    /** Whether it died of this, as a device says it. */
    public boolean diedOf(String reason) {
        return dropped() && comment.startsWith(reason, DROP.length());
    }

    /** Whether it died of what traceroute asks for: a TTL that runs out, a port where nobody listens. */
    public boolean probed() {
        return dropped() && (comment.startsWith(DROP + "TTL expired") || comment.startsWith(DROP + "no socket"));
    }

    /** The journey that made a device send this one, as an ICMP error says it; null for any other. */
    Long cause() {
        int at = comment == null ? -1 : comment.indexOf(CAUSE);
        int end = at < 0 ? -1 : at + CAUSE.length();
        int from = end;
        while (end >= 0 && end < comment.length() && Character.isDigit(comment.charAt(end))) {
            end++;
        }
        return end <= from ? null : Long.valueOf(comment.substring(from, end));
    }

    /** The device that the port belongs to, {@code compute1/br-int}. */
    public String device() {
        int colon = port.lastIndexOf(':');
        return colon < 0 ? port : port.substring(0, colon);
    }
}
