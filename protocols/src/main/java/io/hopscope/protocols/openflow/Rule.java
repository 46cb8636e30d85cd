package io.hopscope.protocols.openflow;

/** A flow in a table: its counters, its times and its place in the classifier. */
final class Rule {
    final Flow flow;
    final Action[] actions;
    final int end;

    /** Higher is better: by priority, among equals the flow that came first. */
    final long rank;

    /** Instants in picoseconds. */
    final long created;

    long used;
    long packets;
    long bytes;

    /** The match value in the words the subtable looks at. */
    final long[] words;

    /** Next in the bucket, of lower rank. */
    Rule next;

    /** What it looks like in an explanation; made when somebody asks. */
    private String explanation;

    Rule(Flow flow, long rank, long now, long[] words) {
        this.flow = flow;
        this.actions = flow.actions().list;
        this.end = flow.actions().end;
        this.rank = rank;
        this.created = now;
        this.used = now;
        this.words = words;
    }

    String explanation(PortNames ports) {
        if (explanation == null) {
            String match = flow.match().text(ports);
            String text = "priority " + flow.priority() + (match.isEmpty() ? "" : " " + match) + " -> "
                    + flow.actions().text(ports);
            explanation = text.replace("\"", "");
        }
        return explanation;
    }

    /** When it ends if it is not used before; Long.MAX_VALUE for never. */
    long deadline() {
        long idle = flow.idleTimeout() == 0 ? Long.MAX_VALUE : used + flow.idleTimeout() * Pipeline.SECOND;
        long hard = flow.hardTimeout() == 0 ? Long.MAX_VALUE : created + flow.hardTimeout() * Pipeline.SECOND;
        return Math.min(idle, hard);
    }
}
