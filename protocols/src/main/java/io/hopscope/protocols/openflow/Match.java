package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Vlan;
import java.util.Arrays;
import java.util.Locale;

/** What a flow asks of a frame: for each bit of the key 0, 1 or either; printed as match_format of Open vSwitch does. */
public final class Match {
    /** The key bits that matter must equal these; all others are 0. */
    final long[] value;

    final long[] mask;

    Match(long[] value, long[] mask) {
        this.value = value;
        this.mask = mask;
    }

    boolean accepts(long[] key) {
        for (int i = 0; i < key.length; i++) {
            if ((key[i] & mask[i]) != value[i]) return false;
        }
        return true;
    }

    /** Whether every frame this accepts is accepted by the other: what a loose delete asks. */
    boolean within(Match wider) {
        for (int i = 0; i < mask.length; i++) {
            boolean looksAtAll = (wider.mask[i] & ~mask[i]) == 0;
            if (!looksAtAll || (value[i] & wider.mask[i]) != wider.value[i]) return false;
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Match m && Arrays.equals(value, m.value) && Arrays.equals(mask, m.mask);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(value) + Arrays.hashCode(mask);
    }

    /** The canonical text, ports as numbers. */
    @Override
    public String toString() {
        return text(PortNames.NUMBERS);
    }

    String text(PortNames ports) {
        StringBuilder out = new StringBuilder();
        int type = exact(Field.ETH_TYPE);
        boolean arp = type == Ethernet.ARP || type == Ethernet.RARP;
        int protocol = exact(Field.IP_PROTO);
        String shorthand = shorthand(type, protocol);
        if (shorthand != null) out.append(shorthand).append(',');
        for (Field register : REGISTERS) put(out, register, register.label);
        put(out, Field.TUN_ID, "tun_id");
        put(out, Field.METADATA, "metadata");
        port(out, ports);
        vlan(out);
        put(out, Field.ETH_SRC, "dl_src");
        put(out, Field.ETH_DST, "dl_dst");
        if (shorthand == null && Field.ETH_TYPE.get(mask) != 0) {
            out.append(String.format(Locale.ROOT, "dl_type=0x%04x,", Field.ETH_TYPE.get(value)));
        }
        put(out, Field.IP_SRC, arp ? "arp_spa" : "nw_src");
        put(out, Field.IP_DST, arp ? "arp_tpa" : "nw_dst");
        if (!namesProtocol(type, protocol)) put(out, Field.IP_PROTO, "nw_proto");
        put(out, Field.ARP_OP, "arp_op");
        put(out, Field.ARP_SHA, "arp_sha");
        put(out, Field.ARP_THA, "arp_tha");
        tos(out);
        put(out, Field.NW_TTL, "nw_ttl");
        boolean icmp = Needs.ICMP.met(type, protocol);
        put(out, Field.TP_SRC, icmp ? "icmp_type" : "tp_src");
        put(out, Field.TP_DST, icmp ? "icmp_code" : "tp_dst");
        if (out.length() > 0) out.setLength(out.length() - 1);
        return out.toString();
    }

    private static final Field[] REGISTERS = {
        Field.REG0, Field.REG1, Field.REG2, Field.REG3, Field.REG4, Field.REG5, Field.REG6, Field.REG7
    };

    /** The value of a field that is matched in all bits, otherwise -1. */
    private int exact(Field field) {
        return field.get(mask) == Field.ones(field.bits) ? (int) field.get(value) : -1;
    }

    private static String shorthand(int type, int protocol) {
        String six = type == Ethernet.IPV6 ? "6" : "";
        return switch (type) {
            case Ethernet.ARP -> "arp";
            case Ethernet.RARP -> "rarp";
            case Ethernet.IPV4, Ethernet.IPV6 -> {
                if (Needs.ICMP.met(type, protocol)) yield "icmp" + six;
                yield switch (protocol) {
                    case Ipv4.TCP -> "tcp" + six;
                    case Ipv4.UDP -> "udp" + six;
                    case Needs.SCTP -> "sctp" + six;
                    default -> six.isEmpty() ? "ip" : "ipv6";
                };
            }
            default -> null;
        };
    }

    private static boolean namesProtocol(int type, int protocol) {
        return Needs.TRANSPORT.met(type, protocol);
    }

    private void put(StringBuilder out, Field field, String name) {
        long bits = field.get(mask);
        if (bits != 0) {
            out.append(name)
                    .append('=')
                    .append(field.text(field.get(value), bits))
                    .append(',');
        }
    }

    private void port(StringBuilder out, PortNames ports) {
        if (Field.IN_PORT.get(mask) != 0) {
            out.append("in_port=")
                    .append(Ports.text((int) Field.IN_PORT.get(value), ports))
                    .append(',');
        }
    }

    private void vlan(StringBuilder out) {
        int bits = (int) Field.VLAN_TCI.get(mask);
        int tci = (int) Field.VLAN_TCI.get(value);
        if (bits == 0) return;
        int vid = bits & Vlan.VID;
        int pcp = bits & 0xe000;
        boolean whole = (vid == 0 || vid == Vlan.VID) && (pcp == 0 || pcp == 0xe000) && (vid | pcp) != 0;
        if ((tci & FlowKey.TAGGED) != 0 && whole) {
            if (vid != 0) out.append("dl_vlan=").append(tci & Vlan.VID).append(',');
            if (pcp != 0) out.append("dl_vlan_pcp=").append(tci >> 13).append(',');
        } else {
            out.append(String.format(Locale.ROOT, "vlan_tci=0x%04x", tci));
            if (bits != 0xffff) out.append(String.format(Locale.ROOT, "/0x%04x", bits));
            out.append(',');
        }
    }

    private void tos(StringBuilder out) {
        long bits = Field.NW_TOS.get(mask);
        long tos = Field.NW_TOS.get(value);
        if ((bits & 0xfc) != 0) out.append("nw_tos=").append(tos & 0xfc).append(',');
        if ((bits & 3) != 0) out.append("nw_ecn=").append(tos & 3).append(',');
    }
}
