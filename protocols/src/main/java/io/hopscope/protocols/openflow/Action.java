package io.hopscope.protocols.openflow;

/** One action of a flow (ovs-actions(7)); which parts mean something depends on the kind. */
record Action(
        Kind kind,
        int port,
        int table,
        Field field,
        int shift,
        int bits,
        long value,
        Field from,
        int fromShift,
        String text) {
    /** For resubmit: search with the ingress port, or in the table, as it is. */
    static final int SAME = -1;

    enum Kind {
        OUTPUT,
        NORMAL,
        FLOOD,
        ALL,
        LOCAL,
        IN_PORT,
        CONTROLLER,
        RESUBMIT,
        GOTO_TABLE,
        /** Bits of a field take a value: set_field, load and most of mod_. */
        SET,
        /** Bits of a field take those of another: move. */
        MOVE,
        MOD_VLAN_VID,
        MOD_VLAN_PCP,
        PUSH_VLAN,
        POP_VLAN,
        DEC_TTL
    }

    static Action of(Kind kind, String text) {
        return new Action(kind, 0, 0, null, 0, 0, 0, null, 0, text);
    }

    static Action of(Kind kind, long value, String text) {
        return new Action(kind, 0, 0, null, 0, 0, value, null, 0, text);
    }

    static Action output(int port) {
        return new Action(Kind.OUTPUT, port, 0, null, 0, 0, 0, null, 0, null);
    }

    static Action resubmit(int port, int table) {
        return new Action(Kind.RESUBMIT, port, table, null, 0, 0, 0, null, 0, null);
    }

    static Action gotoTable(int table) {
        return new Action(Kind.GOTO_TABLE, SAME, table, null, 0, 0, 0, null, 0, "goto_table:" + table);
    }

    static Action set(Field field, int shift, int bits, long value, String text) {
        return new Action(Kind.SET, 0, 0, field, shift, bits, value, null, 0, text);
    }

    static Action move(Field from, int fromShift, Field to, int toShift, int bits, String text) {
        return new Action(Kind.MOVE, 0, 0, to, toShift, bits, 0, from, fromShift, text);
    }

    /** Whether it looks at the frame, or at least has an effect that does not need a later output to be seen. */
    boolean uses() {
        return kind.ordinal() <= Kind.GOTO_TABLE.ordinal() || kind == Kind.DEC_TTL;
    }

    String text(PortNames ports) {
        if (kind == Kind.OUTPUT) return "output:" + Ports.text(port, ports);
        if (kind != Kind.RESUBMIT) return text;
        String name = port == SAME ? "" : Ports.text(port, ports);
        return table == SAME ? "resubmit:" + name : "resubmit(" + name + "," + table + ")";
    }
}
