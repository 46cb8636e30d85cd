package io.hopscope.protocols.openflow;

import io.hopscope.encap.Frame;

/** One frame's way through the tables. A pipeline keeps walks and uses them again; frame and sink
 * are passed on, not kept: storing references costs a barrier each. */
final class Walk {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_RESUBMITS = MAX_DEPTH * MAX_DEPTH;

    final FlowKey key = new FlowKey();

    private final Pipeline pipeline;
    private final StringBuilder explanation = new StringBuilder();
    private long now;
    private int bytes;
    private boolean traced;
    private boolean stopped;
    private boolean handedOver;
    private boolean output;
    private int resubmits;
    private DropCause cause;

    Walk(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    String explanation() {
        return explanation.toString();
    }

    void run(Frame frame, int inPort, long tunnelId, long now, Sink sink, boolean traced) {
        this.now = now;
        this.traced = traced;
        bytes = frame.length();
        stopped = false;
        handedOver = false;
        output = false;
        resubmits = 0;
        cause = DropCause.DROP_ACTION;
        if (explanation.length() > 0) explanation.setLength(0);
        key.extract(frame, inPort, tunnelId);
        table(frame, sink, 0, inPort, false, 0);
        if (handedOver) return;
        if (output) {
            sink.spent(frame);
        } else {
            sink.dropped(frame, cause);
        }
    }

    /** Looks a table up as if the frame came in at the port; {@code later} when the caller needs the frame again. */
    private void table(Frame frame, Sink sink, int number, int port, boolean later, int depth) {
        FlowTable table = pipeline.table(number);
        int inPort = key.inPort();
        Rule rule;
        if (port == inPort) {
            rule = table == null ? null : table.lookup(key.words);
        } else {
            // only the lookup sees the other port: IN_PORT and NORMAL mean the real one
            Field.IN_PORT.set(key.words, port);
            rule = table == null ? null : table.lookup(key.words);
            Field.IN_PORT.set(key.words, inPort);
        }
        if (traced) explain(number, rule);
        if (rule == null) {
            pipeline.missed(number);
            cause = DropCause.TABLE_MISS;
            return;
        }
        rule.packets++;
        rule.bytes += bytes;
        rule.used = now;
        if (rule.end == 0) cause = DropCause.DROP_ACTION;
        actions(frame, sink, rule, number, later, depth);
    }

    private void actions(Frame frame, Sink sink, Rule rule, int table, boolean later, int depth) {
        Action[] actions = rule.actions;
        int end = later ? actions.length : rule.end;
        for (int i = 0; i < end && !stopped; i++) {
            Action action = actions[i];
            boolean last = !later && i == end - 1;
            switch (action.kind()) {
                case RESUBMIT, GOTO_TABLE -> resubmit(frame, sink, action, table, !last, depth);
                case OUTPUT, NORMAL, FLOOD, ALL, LOCAL, IN_PORT -> emit(frame, sink, action, last);
                case DEC_TTL -> {
                    if (!Rewriter.decrementTtl(frame, key)) {
                        // The end of this table's actions; who resubmitted goes on (compose_dec_ttl).
                        cause = DropCause.TTL_EXPIRED;
                        if (traced) explanation.append("; TTL expired");
                        return;
                    }
                }
                default -> change(frame, action);
            }
        }
    }

    private void resubmit(Frame frame, Sink sink, Action action, int table, boolean later, int depth) {
        if (depth >= MAX_DEPTH || ++resubmits > MAX_RESUBMITS) {
            stop(DropCause.TOO_DEEP, "; resubmitted too often (limits: 64 nested, 4096 in all)");
            return;
        }
        int to = action.table() == Action.SAME ? table : action.table();
        int port = action.port() == Action.SAME ? key.inPort() : action.port();
        table(frame, sink, to, port, later, depth + 1);
    }

    private void emit(Frame frame, Sink sink, Action action, boolean last) {
        Action.Kind kind = action.kind();
        int port = kind == Action.Kind.LOCAL ? Ports.LOCAL : action.port();
        if ((kind == Action.Kind.OUTPUT || kind == Action.Kind.LOCAL) && port == key.inPort()) {
            if (!output) cause = DropCause.INPUT_PORT;
            if (traced) explanation.append("; not output to the ingress port");
            return;
        }
        output = true;
        handedOver = last;
        switch (kind) {
            case OUTPUT -> sink.output(port, frame, last);
            case NORMAL -> sink.normal(frame, last);
            case FLOOD -> sink.flood(frame, last);
            case ALL -> sink.all(frame, last);
            case LOCAL -> sink.local(frame, last);
            default -> sink.inPort(frame, last);
        }
    }

    private void change(Frame frame, Action action) {
        switch (action.kind()) {
            case SET -> Rewriter.set(frame, key, action.field(), action.shift(), action.bits(), action.value());
            case MOVE -> {
                long value = action.from().get(key.words) >>> action.fromShift();
                Rewriter.set(frame, key, action.field(), action.shift(), action.bits(), value);
            }
            case MOD_VLAN_VID -> Rewriter.vid(frame, key, (int) action.value());
            case MOD_VLAN_PCP -> Rewriter.priority(frame, key, (int) action.value());
            // VLAN 0 until a set_field, unlike OpenFlow 1.3, where the id of an outer tag is copied
            case PUSH_VLAN -> Rewriter.push(frame, key, 0);
            case POP_VLAN -> Rewriter.pop(frame, key);
            default -> {
                cause = DropCause.CONTROLLER;
                if (traced) explanation.append("; no controller is connected");
            }
        }
    }

    private void stop(DropCause why, String text) {
        stopped = true;
        cause = why;
        if (traced) explanation.append(text);
    }

    private void explain(int number, Rule rule) {
        if (explanation.length() > 0) explanation.append("; ");
        explanation.append("table ").append(number).append(": ");
        explanation.append(rule == null ? "no flow matches (table miss: drop)" : rule.explanation(pipeline.ports()));
    }
}
