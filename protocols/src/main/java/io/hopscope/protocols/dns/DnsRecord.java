package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.View;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One record.
 *
 * @param kind the class
 * @param ttl seconds
 * @param data as in a message, but for names, which have no pointers
 */
public record DnsRecord(String name, int type, int kind, long ttl, byte[] data) {
    public static DnsRecord a(String name, long ttl, int address) {
        byte[] data = new byte[4];
        View.put32(data, 0, address);
        return new DnsRecord(name, Dns.A, Dns.IN, ttl, data);
    }

    public static DnsRecord aaaa(String name, long ttl, byte[] address) {
        return new DnsRecord(name, Dns.AAAA, Dns.IN, ttl, address);
    }

    /** A record that names a name: CNAME, PTR, NS. */
    public static DnsRecord name(String name, int type, long ttl, String target) {
        return new DnsRecord(name, type, Dns.IN, ttl, DnsName.bytes(target));
    }

    public static DnsRecord mx(String name, long ttl, int preference, String exchange) {
        return new DnsRecord(name, Dns.MX, Dns.IN, ttl, numbered(exchange, preference));
    }

    public static DnsRecord srv(String name, long ttl, int priority, int weight, int port, String target) {
        return new DnsRecord(name, Dns.SRV, Dns.IN, ttl, numbered(target, priority, weight, port));
    }

    /** Texts of 255 bytes at most each. */
    public static DnsRecord txt(String name, int kind, long ttl, List<String> texts) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String each : texts) {
            byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
            data.write(bytes.length);
            data.writeBytes(bytes);
        }
        return new DnsRecord(name, Dns.TXT, kind, ttl, data.toByteArray());
    }

    private static byte[] numbered(String target, int... numbers) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int each : numbers) {
            data.write(each >> 8);
            data.write(each);
        }
        data.writeBytes(DnsName.bytes(target));
        return data.toByteArray();
    }

    public DnsRecord withTtl(long seconds) {
        return new DnsRecord(name, type, kind, seconds, data);
    }

    DnsRecord withName(String other) {
        return new DnsRecord(other, type, kind, ttl, data);
    }

    /** The address of an A record. */
    public int address() {
        return View.get32(data, 0);
    }

    /** The name that a CNAME, PTR, NS, MX or SRV record leads to. */
    public String target() {
        return DnsName.text(data, 0, nameAt());
    }

    /** The data as a zone file has it. */
    public String text() {
        return DnsData.text(data, 0, type, 0, data.length);
    }

    /** Where in the data a name begins; -1 without one. */
    int nameAt() {
        return switch (type) {
            case Dns.CNAME, Dns.PTR, Dns.NS, Dns.SOA -> 0;
            case Dns.MX -> 2;
            case Dns.SRV -> 6;
            default -> -1;
        };
    }
}
