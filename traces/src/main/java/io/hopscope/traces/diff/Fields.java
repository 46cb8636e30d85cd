package io.hopscope.traces.diff;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import io.hopscope.traces.Hop;
import io.hopscope.traces.HopView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The fields of two packets that differ, by Wireshark's names. */
final class Fields {
    private Fields() {}

    static List<Difference.Field> different(Hop a, Hop b, boolean timed) {
        Map<String, String> one = a == null ? Map.of() : all(a, timed);
        Map<String, String> other = b == null ? Map.of() : all(b, timed);
        Set<String> names = new LinkedHashSet<>(one.keySet());
        names.addAll(other.keySet());
        List<Difference.Field> found = new ArrayList<>();
        for (String name : a == null || b == null ? Set.<String>of() : names) {
            String left = one.get(name);
            String right = other.get(name);
            if (left == null || !left.equals(right)) {
                found.add(new Difference.Field(name, left, right));
            }
        }
        if (found.isEmpty() && a != null && b != null) {
            payload(a.bytes(), b.bytes(), found);
        }
        return found;
    }

    private static void payload(byte[] a, byte[] b, List<Difference.Field> to) {
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            if (i >= a.length || i >= b.length || a[i] != b[i]) {
                to.add(new Difference.Field("byte " + i, hex(a, i), hex(b, i)));
                return;
            }
        }
    }

    private static String hex(byte[] bytes, int at) {
        return at < bytes.length ? String.format(Locale.ROOT, "0x%02x", bytes[at]) : null;
    }

    private static Map<String, String> all(Hop hop, boolean timed) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (timed) {
            fields.put(
                    "frame.time",
                    String.format(Locale.ROOT, "%d.%03d us", hop.picos() / 1_000_000, hop.picos() / 1000 % 1000));
        }
        fields.put("frame.len", Integer.toString(hop.originalLength()));
        fields.put("frame.direction", hop.inbound() ? "in" : "out");
        fields.putAll(HopView.of(hop).fields());
        byte[] b = hop.bytes();
        if (Ethernet.fits(b, 0, b.length)) {
            int at = new Ethernet().wrap(b, 0).payload();
            if (View.get16(b, at - 2) == Ethernet.IPV4 && Ipv4.fits(b, at, b.length)) {
                ip(new Ipv4().wrap(b, at), b, fields);
            }
        }
        return fields;
    }

    private static void ip(Ipv4 ip, byte[] b, Map<String, String> fields) {
        fields.put("ip.id", Integer.toString(ip.id()));
        fields.put("ip.dsfield", String.format(Locale.ROOT, "0x%02x", ip.tos()));
        fields.put("ip.flags", (ip.df() ? "DF" : "") + (ip.mf() ? "MF" : ""));
        fields.put("ip.frag_offset", Integer.toString(ip.fragmentOffset()));
        fields.put("ip.proto", Integer.toString(ip.protocol()));
        if (ip.fragmentOffset() == 0 && ip.protocol() == Ipv4.ICMP && Icmp.fits(b, ip.payload(), b.length)) {
            Icmp icmp = new Icmp().wrap(b, ip.payload());
            fields.put("icmp.type", Integer.toString(icmp.type()));
            fields.put("icmp.code", Integer.toString(icmp.code()));
            fields.put("icmp.ident", Integer.toString(icmp.id()));
            fields.put("icmp.seq", Integer.toString(icmp.seq()));
        } else if (ip.fragmentOffset() == 0 && ip.protocol() == Ipv4.TCP && Tcp.fits(b, ip.payload(), b.length)) {
            Tcp tcp = new Tcp().wrap(b, ip.payload());
            fields.put("tcp.flags", String.format(Locale.ROOT, "0x%03x", tcp.flags()));
            fields.put("tcp.seq", Integer.toUnsignedString(tcp.seq()));
            fields.put("tcp.ack", Integer.toUnsignedString(tcp.ack()));
            fields.put("tcp.window_size_value", Integer.toString(tcp.window()));
            fields.put("tcp.checksum", String.format(Locale.ROOT, "0x%04x", View.get16(b, ip.payload() + 16)));
            timestamps(b, ip.payload() + Tcp.LENGTH, Math.min(tcp.end(), b.length), fields);
        }
    }

    /** RFC 7323, the option of kind 8. */
    private static void timestamps(byte[] b, int from, int end, Map<String, String> fields) {
        for (int at = from; at + 1 < end && b[at] != 0; at += b[at] == 1 ? 1 : Math.max(2, b[at + 1] & 0xff)) {
            if (b[at] == 8 && b[at + 1] == 10 && at + 10 <= end) {
                fields.put("tcp.options.timestamp.tsval", Integer.toUnsignedString(View.get32(b, at + 2)));
                fields.put("tcp.options.timestamp.tsecr", Integer.toUnsignedString(View.get32(b, at + 6)));
            }
        }
    }
}
