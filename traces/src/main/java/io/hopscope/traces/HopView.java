package io.hopscope.traces;

import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import io.hopscope.encap.Vxlan;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The header fields of a frame at a hop that tell its way; what a frame does not have is null.
 *
 * @param vlan outermost VLAN id
 * @param ttl of the outermost IPv4 header
 * @param encapsulation {@code vxlan 1 port 51234}, or null
 * @param fields every field by its Wireshark name, as text, for comparing hops
 */
public record HopView(
        Hop hop,
        String ethSrc,
        String ethDst,
        Integer vlan,
        Integer ttl,
        String encapsulation,
        Map<String, String> fields) {

    /** Reads what the frame has; a malformed one shows what can be read. */
    public static HopView of(Hop hop) {
        byte[] b = hop.bytes();
        Map<String, String> fields = new LinkedHashMap<>();
        if (!Ethernet.fits(b, 0, b.length)) {
            return new HopView(hop, null, null, null, null, null, fields);
        }
        Ethernet eth = new Ethernet().wrap(b, 0);
        String source = MacAddress.text(eth.source());
        String destination = MacAddress.text(eth.destination());
        Integer vlan = eth.tagged() ? eth.vid() : null;
        fields.put("eth.src", source);
        fields.put("eth.dst", destination);
        fields.put("vlan.id", vlan == null ? "-" : vlan.toString());
        int payload = eth.payload();
        int type = View.get16(b, payload - 2);
        Integer ttl = null;
        String encapsulation = null;
        if (type == Ethernet.IPV4 && Ipv4.fits(b, payload, b.length)) {
            Ipv4 ip = new Ipv4().wrap(b, payload);
            ttl = ip.ttl();
            ip(ip, b, fields);
            encapsulation = encapsulation(ip, b, fields);
        } else if (type == Ethernet.ARP && Arp.fits(b, payload, b.length)) {
            arp(new Arp().wrap(b, payload), fields);
        }
        return new HopView(hop, source, destination, vlan, ttl, encapsulation, fields);
    }

    private static void arp(Arp arp, Map<String, String> fields) {
        fields.put("arp.opcode", Integer.toString(arp.op()));
        fields.put("arp.src", Ipv4Address.text(arp.senderIp()) + " " + MacAddress.text(arp.senderMac()));
        fields.put("arp.dst", Ipv4Address.text(arp.targetIp()) + " " + MacAddress.text(arp.targetMac()));
    }

    private static void ip(Ipv4 ip, byte[] b, Map<String, String> fields) {
        fields.put("ip.src", Ipv4Address.text(ip.source()));
        fields.put("ip.dst", Ipv4Address.text(ip.destination()));
        fields.put("ip.ttl", Integer.toString(ip.ttl()));
        fields.put("ip.len", Integer.toString(ip.totalLength()));
        fields.put("ip.checksum", String.format(Locale.ROOT, "0x%04x", ip.checksum()));
        if (ip.fragmentOffset() == 0
                && (ip.protocol() == Ipv4.UDP || ip.protocol() == Ipv4.TCP)
                && ip.payload() + 4 <= b.length) {
            String name = ip.protocol() == Ipv4.UDP ? "udp" : "tcp";
            fields.put(name + ".srcport", Integer.toString(View.get16(b, ip.payload())));
            fields.put(name + ".dstport", Integer.toString(View.get16(b, ip.payload() + 2)));
        }
    }

    private static String encapsulation(Ipv4 ip, byte[] b, Map<String, String> fields) {
        if (ip.protocol() != Ipv4.UDP || ip.fragment() || !Udp.fits(b, ip.payload(), Math.min(ip.limit(), b.length))) {
            return null;
        }
        Udp udp = new Udp().wrap(b, ip.payload());
        int port = udp.destinationPort();
        if (port != Vxlan.PORT && port != Vxlan.LINUX_PORT || !Vxlan.fits(b, udp.end(), b.length)) {
            return null;
        }
        Vxlan vxlan = new Vxlan().wrap(b, udp.end());
        fields.put("vxlan.vni", Integer.toString(vxlan.vni()));
        int inner = vxlan.end();
        if (Ethernet.fits(b, inner, b.length)) {
            Ethernet eth = new Ethernet().wrap(b, inner);
            fields.put("inner eth.src", MacAddress.text(eth.source()));
            fields.put("inner eth.dst", MacAddress.text(eth.destination()));
            if (Ipv4.fits(b, inner + Ethernet.LENGTH, b.length)) {
                fields.put(
                        "inner ip.ttl",
                        Integer.toString(
                                new Ipv4().wrap(b, inner + Ethernet.LENGTH).ttl()));
            }
        }
        return "vxlan " + vxlan.vni() + " port " + udp.sourcePort();
    }
}
