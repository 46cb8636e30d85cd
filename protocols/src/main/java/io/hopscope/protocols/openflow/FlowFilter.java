package io.hopscope.protocols.openflow;

/** Which flows del-flows means: table or priority -1 for any, cookies compared in the bits of the mask. */
public record FlowFilter(int table, int priority, long cookie, long cookieMask, Match match) {
    /** Whether the flow is this specific or more so, as a loose delete has it. */
    boolean covers(Flow flow) {
        return (table < 0 || table == flow.table())
                && (priority < 0 || priority == flow.priority())
                && ((flow.cookie() ^ cookie) & cookieMask) == 0
                && flow.match().within(match);
    }
}
