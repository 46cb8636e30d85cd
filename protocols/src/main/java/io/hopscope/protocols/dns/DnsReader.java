package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.View;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Reads a message that fits. */
final class DnsReader {
    private final byte[] b;
    private final int start;
    private final int end;
    private int at;

    DnsReader(byte[] bytes, int from, int to) {
        b = bytes;
        start = from;
        end = to;
    }

    DnsMessage message() {
        Dns header = new Dns().wrap(b, start);
        DnsMessage read = new DnsMessage();
        read.id = header.id();
        read.flags = header.flags();
        at = start + Dns.LENGTH;
        for (int i = header.questions(); i > 0; i--) {
            String name = name();
            read.questions.add(new DnsQuestion(name, View.get16(b, at), View.get16(b, at + 2)));
            at += 4;
        }
        records(header.answers(), read, read.answers);
        records(header.authority(), read, read.authority);
        records(header.additional(), read, read.additional);
        return read;
    }

    private String name() {
        String text = DnsName.text(b, start, at);
        at = DnsName.end(b, start, at, end);
        return text;
    }

    private void records(int count, DnsMessage into, List<DnsRecord> list) {
        for (int i = count; i > 0; i--) {
            String name = name();
            int type = View.get16(b, at);
            int data = at + 10;
            int after = data + View.get16(b, data - 2);
            int ttl = View.get32(b, at + 4);
            if (type == Dns.OPT) {
                into.udpSize = View.get16(b, at + 2);
                into.extended = ttl;
                into.options = Arrays.copyOfRange(b, data, after);
            } else {
                int kind = View.get16(b, at + 2);
                byte[] own = kind == Dns.IN ? data(type, data, after) : Arrays.copyOfRange(b, data, after);
                // RFC 2181, section 8: a TTL has 31 bits, and more is taken for none.
                list.add(new DnsRecord(name, type, kind, Math.max(0, ttl), own));
            }
            at = after;
        }
    }

    /** Data in which names stand in full. */
    private byte[] data(int type, int from, int to) {
        int names =
                switch (type) {
                    case Dns.CNAME, Dns.PTR, Dns.NS -> from;
                    case Dns.SOA -> from;
                    case Dns.MX -> from + 2;
                    case Dns.SRV -> from + 6;
                    default -> -1;
                };
        if (names < 0) {
            return Arrays.copyOfRange(b, from, to);
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.write(b, from, names - from);
        int next = names;
        for (int i = type == Dns.SOA ? 2 : 1; i > 0; i--) {
            data.writeBytes(DnsName.bytes(DnsName.text(b, start, next)));
            next = DnsName.end(b, start, next, to);
        }
        data.write(b, next, to - next);
        return data.toByteArray();
    }
}
