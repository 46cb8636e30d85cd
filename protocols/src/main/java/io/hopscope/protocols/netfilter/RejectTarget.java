package io.hopscope.protocols.netfilter;

import java.util.List;

/** REJECT: drops, and answers with an ICMP error or a TCP reset. */
final class RejectTarget extends Target {
    /** With a reset instead of an ICMP code. */
    static final int TCP_RESET = -1;

    private static final List<String> TYPES = List.of(
            "icmp-net-unreachable",
            "icmp-host-unreachable",
            "icmp-port-unreachable",
            "icmp-proto-unreachable",
            "icmp-net-prohibited",
            "icmp-host-prohibited",
            "icmp-admin-prohibited",
            "tcp-reset");
    private static final int[] CODES = {0, 1, 3, 2, 9, 10, 13, TCP_RESET};
    private static final List<String> SHORT = List.of(
            "net-unreach",
            "host-unreach",
            "port-unreach",
            "proto-unreach",
            "net-prohib",
            "host-prohib",
            "admin-prohib",
            "tcp-rst");

    private int type = 2;

    @Override
    String name() {
        return "REJECT";
    }

    @Override
    List<String> options() {
        return List.of("--reject-with");
    }

    @Override
    void option(String option, Words words) {
        String text = words.take("a way to reject");
        int known = Math.max(TYPES.indexOf(text), SHORT.indexOf(text));
        if (known < 0) {
            throw words.wrong("a way to reject: " + String.join(", ", TYPES), TYPES);
        }
        type = known;
    }

    @Override
    void complete(Words words, String table) {
        if (!table.equals("filter")) {
            throw words.missing("REJECT in table " + table, "it in table filter");
        }
    }

    boolean needsTcp() {
        return CODES[type] == TCP_RESET;
    }

    /** Code of the ICMP unreachable, or {@link #TCP_RESET}. */
    int code() {
        return CODES[type];
    }

    @Override
    int apply(Packet p) {
        return REJECT;
    }

    @Override
    void print(StringBuilder out) {
        out.append(" --reject-with ").append(TYPES.get(type));
    }

    @Override
    void list(StringBuilder out) {
        out.append(" reject-with ").append(TYPES.get(type));
    }

    @Override
    List<String> hooks() {
        return List.of("INPUT", "FORWARD", "OUTPUT");
    }
}
