package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Vlan;
import java.util.ArrayList;
import java.util.List;

/** Collects the match fields of one line and checks at its end that they belong together (ovs-fields(7)). */
final class MatchParser {
    private static final List<String> SHORTHANDS = List.of(
            "ip",
            "ipv6",
            "icmp",
            "icmp6",
            "tcp",
            "tcp6",
            "udp",
            "udp6",
            "sctp",
            "sctp6",
            "arp",
            "rarp",
            "dl_vlan",
            "dl_vlan_pcp");

    private final PortNames ports;
    private final long[] value = new long[FlowKey.WORDS];
    private final long[] mask = new long[FlowKey.WORDS];
    private final List<Field> fields = new ArrayList<>();
    private final List<Token> places = new ArrayList<>();

    MatchParser(PortNames ports) {
        this.ports = ports;
    }

    static List<String> names() {
        List<String> names = new ArrayList<>(SHORTHANDS);
        names.addAll(Field.allNames());
        return names;
    }

    /** A word that stands alone, such as arp; false if it is not one. */
    boolean shorthand(Token word) {
        switch (word.text()) {
            case "ip" -> type(Ethernet.IPV4, -1);
            case "ipv6" -> type(Ethernet.IPV6, -1);
            case "arp" -> type(Ethernet.ARP, -1);
            case "rarp" -> type(Ethernet.RARP, -1);
            case "icmp" -> type(Ethernet.IPV4, Ipv4.ICMP);
            case "icmp6" -> type(Ethernet.IPV6, Needs.ICMP6);
            case "tcp" -> type(Ethernet.IPV4, Ipv4.TCP);
            case "tcp6" -> type(Ethernet.IPV6, Ipv4.TCP);
            case "udp" -> type(Ethernet.IPV4, Ipv4.UDP);
            case "udp6" -> type(Ethernet.IPV6, Ipv4.UDP);
            case "sctp" -> type(Ethernet.IPV4, Needs.SCTP);
            case "sctp6" -> type(Ethernet.IPV6, Needs.SCTP);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void type(int type, int protocol) {
        put(Field.ETH_TYPE, type, 0xffff);
        if (protocol >= 0) put(Field.IP_PROTO, protocol, 0xff);
    }

    /** name=text; false if there is no such field. */
    boolean field(Token name, Token text) {
        switch (name.text()) {
            case "in_port" -> put(Field.IN_PORT, Ports.parse(text, ports), 0xffff);
            case "dl_vlan" -> vlan(text);
            case "vlan_vid" -> vid(text);
            case "dl_vlan_pcp", "vlan_pcp" -> {
                long pcp = text.number(3, "a VLAN priority");
                put(Field.VLAN_TCI, tci() & 0x1fff | pcp << 13 | FlowKey.TAGGED, bits() | 0xf000);
            }
            case "nw_tos" -> {
                long tos = text.number(8, "a type of service");
                if ((tos & 3) != 0) throw text.wrong("a type of service that leaves the two ECN bits 0");
                put(Field.NW_TOS, Field.NW_TOS.get(value) & 3 | tos, Field.NW_TOS.get(mask) | 0xfc);
                needs(Field.NW_TOS, name);
            }
            default -> {
                Field field = Field.named(name.text());
                if (field == null) return false;
                masked(field, text);
                needs(field, name);
            }
        }
        return true;
    }

    private long tci() {
        return Field.VLAN_TCI.get(value);
    }

    private long bits() {
        return Field.VLAN_TCI.get(mask);
    }

    private void vlan(Token text) {
        long vid = text.number(16, "a VLAN id, or 0xffff for untagged");
        if (vid == 0xffff) {
            put(Field.VLAN_TCI, 0, 0xffff);
        } else if (vid <= Vlan.VID) {
            put(Field.VLAN_TCI, tci() & 0xe000 | vid | FlowKey.TAGGED, bits() & 0xe000 | 0x1fff);
        } else {
            throw text.wrong("a VLAN id from 0 to 4095, or 0xffff for untagged");
        }
    }

    /** Unlike dl_vlan it may have the present bit, a mask, and 0 for untagged. */
    private void vid(Token text) {
        if (text.text().indexOf('/') >= 0) {
            masked(Field.VLAN_VID, text);
            return;
        }
        long vid = text.number(16, "a VLAN id, or 0xffff for untagged");
        if (vid == 0) {
            put(Field.VLAN_VID, 0, 0x1fff);
        } else if (vid >> 12 == 1) {
            put(Field.VLAN_VID, vid, 0x1fff);
        } else {
            vlan(text);
        }
    }

    private void masked(Field field, Token text) {
        int slash = text.text().indexOf('/');
        long bits = Field.ones(field.bits);
        long wanted;
        if (slash < 0) {
            wanted = field.value(text);
        } else {
            wanted = field.value(text.before(slash));
            bits = field.mask(text.from(slash + 1));
        }
        put(field, wanted, bits);
    }

    private void put(Field field, long wanted, long bits) {
        field.set(value, wanted & bits);
        field.set(mask, bits);
    }

    private void needs(Field field, Token place) {
        fields.add(field);
        places.add(place);
    }

    Match build() {
        long all = Field.ETH_TYPE.get(mask);
        int type = all == 0xffff ? (int) Field.ETH_TYPE.get(value) : -1;
        int protocol = Field.IP_PROTO.get(mask) == 0xff ? (int) Field.IP_PROTO.get(value) : -1;
        for (int i = 0; i < fields.size(); i++) {
            Needs needs = fields.get(i).needs;
            if (!needs.met(type, protocol)) {
                String name = places.get(i).text();
                throw places.get(i).wrong(needs.text + " in the same match, since only then there is " + name);
            }
        }
        boolean arp = type == Ethernet.ARP || type == Ethernet.RARP;
        if (arp && Field.IP_PROTO.get(mask) != 0) {
            // OpenFlow 1.0 has the ARP operation in nw_proto
            put(Field.ARP_OP, Field.IP_PROTO.get(value), Field.IP_PROTO.get(mask) | 0xff00);
            put(Field.IP_PROTO, 0, 0);
        }
        return new Match(value, mask);
    }
}
