package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.View;
import java.util.ArrayList;
import java.util.List;

/** A message taken apart, or to be written. */
public final class DnsMessage {
    /** What both dig and dnsmasq say they take in a datagram: it passes every path unfragmented. */
    public static final int SAFE_SIZE = 1232;

    public int id;
    public int flags;
    public final List<DnsQuestion> questions = new ArrayList<>(1);
    public final List<DnsRecord> answers = new ArrayList<>(2);
    public final List<DnsRecord> authority = new ArrayList<>(0);
    /** Without the OPT record, which the following fields are. */
    public final List<DnsRecord> additional = new ArrayList<>(0);

    /** The datagrams the sender takes (EDNS0); -1 where it does not speak EDNS0. */
    public int udpSize = -1;

    /** The TTL field of the OPT record: extended code, version, flags. */
    public int extended;

    /** Options of EDNS0 as they are sent. */
    public byte[] options = {};

    public static DnsMessage query(int id, int flags, DnsQuestion question) {
        DnsMessage made = new DnsMessage();
        made.id = id;
        made.flags = flags;
        made.questions.add(question);
        return made;
    }

    /** Null for what is no message. */
    public static DnsMessage read(byte[] bytes, int from, int to) {
        return Dns.fits(bytes, from, to) ? new DnsReader(bytes, from, to).message() : null;
    }

    public boolean response() {
        return (flags & Dns.RESPONSE) != 0;
    }

    public int opcode() {
        return flags >> 11 & 15;
    }

    /** With the bits that EDNS0 adds. */
    public int rcode() {
        return flags & 15 | (udpSize < 0 ? 0 : extended >>> 20 & 0xff0);
    }

    /** The first question; null without one. */
    public DnsQuestion question() {
        return questions.isEmpty() ? null : questions.get(0);
    }

    /** An option of EDNS0 behind those that are there. */
    public DnsMessage add(int code, byte... value) {
        byte[] all = java.util.Arrays.copyOf(options, options.length + 4 + value.length);
        View.put16(all, options.length, code);
        View.put16(all, options.length + 2, value.length);
        System.arraycopy(value, 0, all, options.length + 4, value.length);
        options = all;
        return this;
    }

    /** The value of an option of EDNS0; null without it. */
    public byte[] option(int code) {
        for (int at = 0; at + 4 <= options.length; at += 4 + View.get16(options, at + 2)) {
            if (View.get16(options, at) == code) {
                return java.util.Arrays.copyOfRange(options, at + 4, at + 4 + View.get16(options, at + 2));
            }
        }
        return null;
    }

    /** The message in bytes; what does not fit is left out, and the message says so (TC). */
    public byte[] bytes(int most) {
        return new DnsWriter(this, most).bytes();
    }

    /** Whether the names of its questions can be written. */
    boolean writable() {
        return questions.stream().allMatch(each -> DnsName.valid(each.name()));
    }
}
