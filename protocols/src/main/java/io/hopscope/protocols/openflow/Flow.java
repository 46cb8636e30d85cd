package io.hopscope.protocols.openflow;

/**
 * One flow as ovs-ofctl(8) writes it. Timeouts are in seconds, 0 for never; the flags are those of the dump, such as
 * {@code send_flow_rem}, with a space behind each.
 */
public record Flow(
        long cookie,
        int table,
        int priority,
        int idleTimeout,
        int hardTimeout,
        String flags,
        Match match,
        Actions actions) {
    /** The priority of a flow that names none. */
    public static final int DEFAULT_PRIORITY = 32768;

    /** The flow as add-flow reads it, ports by name where they have one. */
    public String text(PortNames ports) {
        String head = "cookie=0x" + Long.toHexString(cookie) + ", table=" + table + ", ";
        return head + timeouts() + flags + rule(ports);
    }

    String timeouts() {
        String idle = idleTimeout == 0 ? "" : "idle_timeout=" + idleTimeout + ", ";
        return hardTimeout == 0 ? idle : idle + "hard_timeout=" + hardTimeout + ", ";
    }

    /** Priority, match and actions as at the end of a line of dump-flows. */
    String rule(PortNames ports) {
        String text = match.text(ports);
        if (priority != DEFAULT_PRIORITY) text = "priority=" + priority + (text.isEmpty() ? "" : ",") + text;
        return text + (text.isEmpty() ? "" : " ") + "actions=" + actions.text(ports);
    }

    @Override
    public String toString() {
        return text(PortNames.NUMBERS);
    }
}
