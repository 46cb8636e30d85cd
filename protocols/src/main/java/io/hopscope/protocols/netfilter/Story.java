package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;

/** What rules and connection tracking did with a packet, for people: told only of packets that somebody follows. */
final class Story {
    private final StringBuilder text = new StringBuilder();

    private void lead() {
        text.append(text.isEmpty() ? "" : "; ");
    }

    void walked(Rule[] steps, int count) {
        for (int i = 0; i < count; i++) {
            lead();
            text.append(step(steps[i]));
        }
    }

    private static String step(Rule rule) {
        return rule.place() + (rule.target() == null ? " " + rule.chain().policyText() : ": " + rule.text());
    }

    void connection(Packet p) {
        lead();
        text.append("conntrack: ").append(state(p));
        if (p.connection >= 0 && p.conntrack.zone(p.connection) != 0) {
            text.append(" in zone ").append(p.conntrack.zone(p.connection));
        }
    }

    private static String state(Packet p) {
        String name =
                switch (p.state) {
                    case Packet.NEW -> "NEW";
                    case Packet.ESTABLISHED -> "ESTABLISHED";
                    case Packet.RELATED -> "RELATED";
                    case Packet.UNTRACKED -> "UNTRACKED";
                    default -> "INVALID";
                };
        return name + (p.connection < 0 ? "" : p.direction == 0 ? " original" : " reply");
    }

    void translated(Packet p, int oldSource, int oldDestination, int oldPorts) {
        boolean ported = p.transport && p.protocol != Ipv4.ICMP;
        if (p.source != oldSource || ported && p.sourcePort != oldPorts >>> 16) {
            lead();
            text.append("source ").append(end(oldSource, oldPorts >>> 16, ported));
            text.append(" -> ").append(end(p.source, p.sourcePort, ported));
        }
        if (p.destination != oldDestination || ported && p.destinationPort != (oldPorts & 0xffff)) {
            lead();
            text.append("destination ").append(end(oldDestination, oldPorts & 0xffff, ported));
            text.append(" -> ").append(end(p.destination, p.destinationPort, ported));
        }
    }

    private static String end(int address, int port, boolean ported) {
        return Ipv4Address.text(address) + (ported ? ":" + port : "");
    }

    void add(String more) {
        lead();
        text.append(more);
    }

    /** As {@link #take()}, without the rule that ended it, which whoever drops the packet names. */
    String take(Rule last) {
        String told = take();
        String end = step(last);
        return told.endsWith(end)
                ? told.substring(0, told.length() - end.length()).replaceFirst("; $", "")
                : told;
    }

    /** What was told since the last time; empty for nothing. */
    String take() {
        String told = text.toString();
        text.setLength(0);
        return told;
    }
}
