package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import java.util.ArrayList;
import java.util.List;

/** xt_icmp: type and code of ICMP. */
final class IcmpMatch extends Match {
    private static final int ANY = 255;
    /** As iptables -p icmp -h lists them: name, type, code or -1 for all. */
    private static final Object[][] NAMES = {
        {"any", ANY, -1},
        {"echo-reply", 0, -1},
        {"pong", 0, -1},
        {"destination-unreachable", 3, -1},
        {"network-unreachable", 3, 0},
        {"host-unreachable", 3, 1},
        {"protocol-unreachable", 3, 2},
        {"port-unreachable", 3, 3},
        {"fragmentation-needed", 3, 4},
        {"source-route-failed", 3, 5},
        {"network-unknown", 3, 6},
        {"host-unknown", 3, 7},
        {"network-prohibited", 3, 9},
        {"host-prohibited", 3, 10},
        {"TOS-network-unreachable", 3, 11},
        {"TOS-host-unreachable", 3, 12},
        {"communication-prohibited", 3, 13},
        {"host-precedence-violation", 3, 14},
        {"precedence-cutoff", 3, 15},
        {"source-quench", 4, -1},
        {"redirect", 5, -1},
        {"network-redirect", 5, 0},
        {"host-redirect", 5, 1},
        {"TOS-network-redirect", 5, 2},
        {"TOS-host-redirect", 5, 3},
        {"echo-request", 8, -1},
        {"ping", 8, -1},
        {"router-advertisement", 9, -1},
        {"router-solicitation", 10, -1},
        {"time-exceeded", 11, -1},
        {"ttl-exceeded", 11, -1},
        {"ttl-zero-during-transit", 11, 0},
        {"ttl-zero-during-reassembly", 11, 1},
        {"parameter-problem", 12, -1},
        {"ip-header-bad", 12, 0},
        {"required-option-missing", 12, 1},
        {"timestamp-request", 13, -1},
        {"timestamp-reply", 14, -1},
        {"address-mask-request", 17, -1},
        {"address-mask-reply", 18, -1}
    };

    private int type = -1;
    private int code = -1;
    private boolean inverted;

    @Override
    String name() {
        return "icmp";
    }

    @Override
    List<String> options() {
        return List.of("--icmp-type");
    }

    @Override
    void option(String option, boolean not, Words words) {
        inverted = not;
        String text = words.take("an ICMP type");
        List<String> names = new ArrayList<>();
        for (Object[] each : NAMES) {
            names.add((String) each[0]);
            if (each[0].equals(text)) {
                type = (int) each[1];
                code = (int) each[2];
                return;
            }
        }
        int slash = text.indexOf('/');
        type = (int) Words.parse(slash < 0 ? text : text.substring(0, slash));
        code = slash < 0 ? -1 : (int) Words.parse(text.substring(slash + 1));
        if (type < 0 || type > 255 || code > 255 || slash >= 0 && code < 0) {
            throw words.wrong("an ICMP type: a number, number/code, or a name such as echo-request", names);
        }
    }

    @Override
    void complete(Words words) {
        if (type < 0) {
            type = ANY;
        }
    }

    @Override
    boolean matches(Packet p) {
        return p.protocol == Ipv4.ICMP
                && p.transport
                && (type == ANY || p.icmpType == type && (code < 0 || p.icmpCode == code)) != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --icmp-type ").append(type == ANY ? "any" : Integer.toString(type));
        out.append(code < 0 ? "" : "/" + code);
    }

    @Override
    int needs() {
        return PROTOCOL | PORTS;
    }

    @Override
    void list(StringBuilder out) {
        if (type == ANY) {
            out.append(" icmptype 255");
            return;
        }
        out.append(inverted ? " icmp !type " : " icmptype ").append(type).append(code < 0 ? "" : " code " + code);
    }
}
