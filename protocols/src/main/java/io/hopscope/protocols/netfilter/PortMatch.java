package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import java.util.List;

/** xt_tcpudp: ports, and of TCP flags and options. */
final class PortMatch extends Match {
    private static final List<String> UDP = List.of("--sport", "--dport", "--source-port", "--destination-port");
    private static final List<String> TCP = List.of(
            "--sport", "--dport", "--source-port", "--destination-port", "--tcp-flags", "--syn", "--tcp-option");
    private static final List<String> FLAG_NAMES = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ALL", "NONE");
    private static final int[] FLAG_BITS = {1, 2, 4, 8, 16, 32, 63, 0};

    private final int protocol;
    private int source = 0xffff;
    private int destination = 0xffff;
    private boolean sourceInverted;
    private boolean destinationInverted;
    private int mask;
    private int set;
    private boolean flagsGiven;
    private boolean flagsInverted;
    private int tcpOption;
    private boolean optionInverted;

    PortMatch(int protocol) {
        this.protocol = protocol;
    }

    @Override
    String name() {
        return Services.protocolText(protocol);
    }

    @Override
    List<String> options() {
        return protocol == Ipv4.TCP ? TCP : UDP;
    }

    @Override
    List<String> exclusive() {
        return List.of("--syn", "--tcp-flags");
    }

    @Override
    void option(String option, boolean not, Words words) {
        switch (option) {
            case "--sport", "--source-port" -> {
                source = words.ports();
                sourceInverted = not;
            }
            case "--dport", "--destination-port" -> {
                destination = words.ports();
                destinationInverted = not;
            }
            case "--syn" -> flags(0x17, 2, not);
            case "--tcp-flags" ->
                flags(
                        ConntrackMatch.bits(words, "a flag", FLAG_NAMES, FLAG_BITS),
                        ConntrackMatch.bits(words, "a flag", FLAG_NAMES, FLAG_BITS),
                        not);
            default -> {
                tcpOption = (int) words.number("a TCP option", 1, 255);
                optionInverted = not;
            }
        }
    }

    private void flags(int of, int those, boolean not) {
        mask = of;
        set = those;
        flagsGiven = true;
        flagsInverted = not;
    }

    @Override
    boolean matches(Packet p) {
        return p.protocol == protocol
                && p.transport
                && within(p.sourcePort, source) != sourceInverted
                && within(p.destinationPort, destination) != destinationInverted
                && (!flagsGiven || (p.flags & mask) == set != flagsInverted)
                && (tcpOption == 0 || hasOption(p) != optionInverted);
    }

    private boolean hasOption(Packet p) {
        int end = Math.min(p.end, p.payload + ((p.bytes[p.payload + 12] & 0xf0) >> 2));
        for (int at = p.payload + 20; at < end; ) {
            int kind = p.bytes[at] & 0xff;
            if (kind == tcpOption) {
                return true;
            }
            at += kind < 2 || at + 1 >= end ? 1 : Math.max(1, p.bytes[at + 1] & 0xff);
        }
        return false;
    }

    private static void names(StringBuilder out, int bits) {
        if (bits == 0) {
            out.append(" NONE");
            return;
        }
        char lead = ' ';
        for (int i = 0; i < 6; i++) {
            if ((bits & 1 << i) != 0) {
                out.append(lead).append(FLAG_NAMES.get(i));
                lead = ',';
            }
        }
    }

    @Override
    void print(StringBuilder out) {
        if (source != 0xffff || sourceInverted) {
            not(out, sourceInverted);
            out.append(" --sport ").append(portText(source));
        }
        if (destination != 0xffff || destinationInverted) {
            not(out, destinationInverted);
            out.append(" --dport ").append(portText(destination));
        }
        if (tcpOption != 0) {
            not(out, optionInverted);
            out.append(" --tcp-option ").append(tcpOption);
        }
        if (flagsGiven) {
            not(out, flagsInverted);
            out.append(" --tcp-flags");
            names(out, mask);
            names(out, set);
        }
    }

    @Override
    int needs() {
        return PROTOCOL | PORTS | (flagsGiven ? FLAGS : 0) | (tcpOption != 0 ? VOLATILE : 0);
    }

    @Override
    int flags() {
        return mask;
    }

    private static void list(StringBuilder out, String name, int range, boolean inverted) {
        if (range != 0xffff || inverted) {
            boolean one = range >>> 16 == (range & 0xffff);
            out.append(' ').append(name).append(one ? ":" : "s:").append(inverted ? "!" : "");
            out.append(portText(range));
        }
    }

    @Override
    void list(StringBuilder out) {
        out.append(' ').append(name());
        list(out, "spt", source, sourceInverted);
        list(out, "dpt", destination, destinationInverted);
        if (tcpOption != 0) {
            out.append(optionInverted ? " option=!" : " option=").append(tcpOption);
        }
        if (flagsGiven) {
            out.append(String.format(
                    java.util.Locale.ROOT, " flags:%s0x%02X/0x%02X", flagsInverted ? "!" : "", mask, set));
        }
    }
}
