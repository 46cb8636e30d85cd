package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header fields and registers of a flow (ovs-fields(7)), each at its place in the {@link FlowKey}. */
enum Field {
    IN_PORT("in_port", "NXM_OF_IN_PORT", FlowKey.PORT_TYPE_VLAN, 32, 16, Form.DECIMAL, Needs.NOTHING),
    ETH_TYPE("eth_type dl_type", "NXM_OF_ETH_TYPE", FlowKey.PORT_TYPE_VLAN, 16, 16, Form.HEX, Needs.NOTHING),
    VLAN_TCI("vlan_tci", "NXM_OF_VLAN_TCI", FlowKey.PORT_TYPE_VLAN, 0, 16, Form.HEX, Needs.NOTHING),
    /** With the bit 0x1000 that says there is a tag. */
    VLAN_VID("vlan_vid", "OXM_OF_VLAN_VID", FlowKey.PORT_TYPE_VLAN, 0, 13, Form.DECIMAL, Needs.NOTHING),
    VLAN_PCP("vlan_pcp", "OXM_OF_VLAN_PCP", FlowKey.PORT_TYPE_VLAN, 13, 3, Form.DECIMAL, Needs.NOTHING),
    ETH_SRC("eth_src dl_src", "NXM_OF_ETH_SRC", FlowKey.SOURCE, 16, 48, Form.MAC, Needs.NOTHING),
    ETH_DST("eth_dst dl_dst", "NXM_OF_ETH_DST", FlowKey.DESTINATION, 16, 48, Form.MAC, Needs.NOTHING),
    IP_SRC("ip_src nw_src", "NXM_OF_IP_SRC", FlowKey.ADDRESSES, 32, 32, Form.IP, Needs.IP_OR_ARP),
    IP_DST("ip_dst nw_dst", "NXM_OF_IP_DST", FlowKey.ADDRESSES, 0, 32, Form.IP, Needs.IP_OR_ARP),
    IP_PROTO("ip_proto nw_proto", "NXM_OF_IP_PROTO", FlowKey.NETWORK, 0, 8, Form.DECIMAL, Needs.NETWORK),
    NW_TOS("nw_tos", "NXM_OF_IP_TOS", FlowKey.NETWORK, 8, 8, Form.DECIMAL, Needs.IP_ANY),
    NW_ECN("nw_ecn ip_ecn", "NXM_NX_IP_ECN", FlowKey.NETWORK, 8, 2, Form.DECIMAL, Needs.IP_ANY),
    NW_TTL("nw_ttl", "NXM_NX_IP_TTL", FlowKey.NETWORK, 16, 8, Form.DECIMAL, Needs.IP_ANY),
    ARP_OP("arp_op", "NXM_OF_ARP_OP", FlowKey.NETWORK, 32, 16, Form.DECIMAL, Needs.ARP),
    ARP_SPA("arp_spa", "NXM_OF_ARP_SPA", FlowKey.ADDRESSES, 32, 32, Form.IP, Needs.ARP),
    ARP_TPA("arp_tpa", "NXM_OF_ARP_TPA", FlowKey.ADDRESSES, 0, 32, Form.IP, Needs.ARP),
    ARP_SHA("arp_sha", "NXM_NX_ARP_SHA", FlowKey.ARP_SENDER, 0, 48, Form.MAC, Needs.ARP),
    ARP_THA("arp_tha", "NXM_NX_ARP_THA", FlowKey.ARP_TARGET, 0, 48, Form.MAC, Needs.ARP),
    TP_SRC("tp_src", "", FlowKey.SOURCE, 0, 16, Form.DECIMAL, Needs.TRANSPORT),
    TP_DST("tp_dst", "", FlowKey.DESTINATION, 0, 16, Form.DECIMAL, Needs.TRANSPORT),
    TCP_SRC("tcp_src", "NXM_OF_TCP_SRC", FlowKey.SOURCE, 0, 16, Form.DECIMAL, Needs.TCP),
    TCP_DST("tcp_dst", "NXM_OF_TCP_DST", FlowKey.DESTINATION, 0, 16, Form.DECIMAL, Needs.TCP),
    UDP_SRC("udp_src", "NXM_OF_UDP_SRC", FlowKey.SOURCE, 0, 16, Form.DECIMAL, Needs.UDP),
    UDP_DST("udp_dst", "NXM_OF_UDP_DST", FlowKey.DESTINATION, 0, 16, Form.DECIMAL, Needs.UDP),
    ICMP_TYPE("icmp_type icmpv6_type", "NXM_OF_ICMP_TYPE", FlowKey.SOURCE, 0, 16, Form.DECIMAL, Needs.ICMP),
    ICMP_CODE("icmp_code icmpv6_code", "NXM_OF_ICMP_CODE", FlowKey.DESTINATION, 0, 16, Form.DECIMAL, Needs.ICMP),
    TUN_ID("tun_id tunnel_id", "NXM_NX_TUN_ID", FlowKey.TUNNEL, 0, 64, Form.HEX, Needs.NOTHING),
    METADATA("metadata", "OXM_OF_METADATA", FlowKey.METADATA, 0, 64, Form.HEX, Needs.NOTHING),
    REG0("reg0", "NXM_NX_REG0", FlowKey.REGISTERS, 32, 32, Form.HEX, Needs.NOTHING),
    REG1("reg1", "NXM_NX_REG1", FlowKey.REGISTERS, 0, 32, Form.HEX, Needs.NOTHING),
    REG2("reg2", "NXM_NX_REG2", FlowKey.REGISTERS + 1, 32, 32, Form.HEX, Needs.NOTHING),
    REG3("reg3", "NXM_NX_REG3", FlowKey.REGISTERS + 1, 0, 32, Form.HEX, Needs.NOTHING),
    REG4("reg4", "NXM_NX_REG4", FlowKey.REGISTERS + 2, 32, 32, Form.HEX, Needs.NOTHING),
    REG5("reg5", "NXM_NX_REG5", FlowKey.REGISTERS + 2, 0, 32, Form.HEX, Needs.NOTHING),
    REG6("reg6", "NXM_NX_REG6", FlowKey.REGISTERS + 3, 32, 32, Form.HEX, Needs.NOTHING),
    REG7("reg7", "NXM_NX_REG7", FlowKey.REGISTERS + 3, 0, 32, Form.HEX, Needs.NOTHING);

    /** How a value is written. */
    enum Form {
        DECIMAL,
        HEX,
        MAC,
        IP
    }

    private static final Map<String, Field> BY_NAME = byName();

    /** The name in set_field and the first of {@link #names}. */
    final String label;

    final List<String> names;
    final String nxm;
    final int word;
    final int shift;
    final int bits;
    final Form form;
    final Needs needs;

    Field(String names, String nxm, int word, int shift, int bits, Form form, Needs needs) {
        this.names = List.of(names.split(" "));
        this.label = this.names.get(0);
        this.nxm = nxm;
        this.word = word;
        this.shift = shift;
        this.bits = bits;
        this.form = form;
        this.needs = needs;
    }

    private static Map<String, Field> byName() {
        Map<String, Field> map = new LinkedHashMap<>();
        for (Field field : values()) {
            for (String name : field.names) map.put(name, field);
        }
        return map;
    }

    /** Null for an unknown name. */
    static Field named(String name) {
        return BY_NAME.get(name);
    }

    static List<String> allNames() {
        return new ArrayList<>(BY_NAME.keySet());
    }

    /** The low {@code bits} bits. */
    static long ones(int bits) {
        return bits == 64 ? -1 : (1L << bits) - 1;
    }

    long get(long[] words) {
        return words[word] >>> shift & ones(bits);
    }

    void set(long[] words, long value) {
        long ones = ones(bits);
        words[word] = words[word] & ~(ones << shift) | (value & ones) << shift;
    }

    /** Whether a set_field or load may change it. */
    boolean writable() {
        return this != ETH_TYPE && this != IP_PROTO && this != ICMP_TYPE && this != ICMP_CODE;
    }

    /** Reads one value, not a mask. */
    long value(Token token) {
        return switch (form) {
            case MAC -> token.mac();
            case IP -> token.ip();
            default -> token.number(bits, "a value of " + label);
        };
    }

    /** Reads the mask behind a slash. */
    long mask(Token token) {
        if (form == Form.IP && token.text().indexOf('.') < 0) {
            long length = token.number(6, "a prefix length from 0 to 32");
            if (length > 32) throw token.wrong("a prefix length from 0 to 32");
            return ones(32) << 32 - length & ones(32);
        }
        // ovs-ofctl reads -1 as all bits
        return token.text().equals("-1") ? ones(bits) : value(token);
    }

    String text(long value) {
        return switch (form) {
            case MAC -> MacAddress.text(value);
            case IP -> Ipv4Address.text((int) value);
            case HEX -> "0x" + Long.toHexString(value);
            case DECIMAL -> Long.toUnsignedString(value);
        };
    }

    /** Value and, unless all bits are in it, mask. */
    String text(long value, long mask) {
        if (mask == ones(bits)) return text(value);
        if (form == Form.IP) {
            int length = Long.bitCount(mask);
            boolean prefix = mask == (ones(32) << 32 - length & ones(32));
            return text(value) + "/" + (prefix ? Integer.toString(length) : text(mask));
        }
        if (form == Form.MAC) return text(value) + "/" + text(mask);
        return "0x" + Long.toHexString(value) + "/0x" + Long.toHexString(mask);
    }
}
