package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.View;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a message. As in dnsmasq's, names that own records are pointers where they can be, names in data stand in full, and
 * EDNS0 is what goes first where there is no room.
 */
final class DnsWriter {
    private static final int OPT_LENGTH = 11;
    private static final int LARGEST_POINTER = 0x3fff;

    private final DnsMessage message;
    private final int most;
    private final byte[] b;
    private final Map<String, Integer> names = new HashMap<>();
    private int end = Dns.LENGTH;

    DnsWriter(DnsMessage message, int most) {
        this.message = message;
        this.most = most;
        b = new byte[most];
    }

    byte[] bytes() {
        for (DnsQuestion each : message.questions) {
            name(each.name());
            u16(each.type());
            u16(each.kind());
        }
        int answers = write(message.answers);
        int authority = write(message.authority);
        int additional = write(message.additional);
        boolean whole = answers == message.answers.size()
                && authority == message.authority.size()
                && additional == message.additional.size();
        boolean speaksEdns = message.udpSize >= 0 && end + OPT_LENGTH + message.options.length <= most;
        if (speaksEdns) {
            opt();
        }
        new Dns()
                .wrap(b, 0)
                .id(message.id)
                .flags(whole ? message.flags : message.flags | Dns.TRUNCATED)
                .questions(message.questions.size())
                .answers(answers)
                .authority(authority)
                .additional(additional + (speaksEdns ? 1 : 0));
        return Arrays.copyOf(b, end);
    }

    /** Returns how many found room. */
    private int write(List<DnsRecord> records) {
        int written = 0;
        for (DnsRecord each : records) {
            int before = end;
            // At worst the name stands in full.
            if (before + DnsName.bytes(each.name()).length + 10 + each.data().length > most && !fits(each)) {
                return written;
            }
            name(each.name());
            u16(each.type());
            u16(each.kind());
            u16((int) (each.ttl() >>> 16));
            u16((int) each.ttl());
            u16(each.data().length);
            if (each.nameAt() >= 0) {
                remember(each.data(), each.nameAt(), end + each.nameAt());
            }
            System.arraycopy(each.data(), 0, b, end, each.data().length);
            end += each.data().length;
            written++;
        }
        return written;
    }

    /** Whether a pointer makes it short enough. */
    private boolean fits(DnsRecord each) {
        return names.containsKey(DnsQuestion.key(each.name())) && end + 12 + each.data().length <= most;
    }

    private void opt() {
        b[end++] = 0;
        u16(Dns.OPT);
        u16(message.udpSize);
        u16(message.extended >>> 16);
        u16(message.extended);
        u16(message.options.length);
        System.arraycopy(message.options, 0, b, end, message.options.length);
        end += message.options.length;
    }

    private void u16(int value) {
        View.put16(b, end, value);
        end += 2;
    }

    private void name(String name) {
        byte[] whole = DnsName.bytes(name);
        for (int at = 0; whole[at] != 0; at += 1 + whole[at]) {
            String rest = DnsQuestion.key(DnsName.text(whole, 0, at));
            Integer known = names.get(rest);
            if (known != null) {
                u16(0xc000 | known);
                return;
            }
            if (end <= LARGEST_POINTER) {
                names.put(rest, end);
            }
            System.arraycopy(whole, at, b, end, 1 + whole[at]);
            end += 1 + whole[at];
        }
        b[end++] = 0;
    }

    /** Names in data can be pointed to as well. */
    private void remember(byte[] data, int from, int stands) {
        for (int at = from; data[at] != 0; at += 1 + data[at]) {
            if (stands + at - from <= LARGEST_POINTER) {
                names.putIfAbsent(DnsQuestion.key(DnsName.text(data, 0, at)), stands + at - from);
            }
        }
    }
}
