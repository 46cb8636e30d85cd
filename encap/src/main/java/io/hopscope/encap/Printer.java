package io.hopscope.encap;

/**
 * One line a frame, as {@code tcpdump -e -n -t -S} prints it. It reads any bytes: what is cut off or inconsistent is said
 * in brackets, what is unknown is shown as the first bytes in hex. Where tcpdump would dissect another application than
 * DHCP and DNS (BGP), it stops after the length; where tcpdump begins a new line (the frame inside VXLAN), it writes a
 * colon.
 */
public final class Printer {
    private static final int HEX_BYTES = 16;
    private static final int MAX_LLC = 1500;
    private static final int ETHERNET_HARDWARE = 1;

    /** Frames in frames: a bound on recursion, not a promise. */
    static final int MAX_DEPTH = 8;

    final byte[] b;
    final StringBuilder out = new StringBuilder(160);
    private final PacketPrinter packet;
    int depth;

    Printer(byte[] bytes) {
        b = bytes;
        packet = new PacketPrinter(this);
    }

    /** The whole line. */
    public static String line(Frame frame) {
        return line(frame.bytes(), frame.start(), frame.length());
    }

    /** The whole line of {@code length} bytes from {@code at}. */
    public static String line(byte[] bytes, int at, int length) {
        return new Printer(bytes).frame(at, at + length).toString();
    }

    /** The line without its Ethernet part, tags included: what the frame carries. */
    public static String brief(Frame frame) {
        return brief(frame.bytes(), frame.start(), frame.length());
    }

    /** As {@link #brief(Frame)}. */
    public static String brief(byte[] bytes, int at, int length) {
        Printer printer = new Printer(bytes);
        int end = at + length;
        if (!Ethernet.fits(bytes, at, end)) return printer.frame(at, end).toString();
        int payload = printer.behindTags(at);
        int type = View.get16(bytes, payload - 2);
        if (type <= MAX_LLC)
            return printer.llc(payload, Math.min(end, payload + type)).toString();
        if (type == Ethernet.ARP || type == Ethernet.RARP) printer.out.append("ARP, ");
        return printer.payload(type, payload, end).toString();
    }

    /** A short title for people: {@code ICMP echo request seq 2}, {@code ARP who-has 10.1.101.1}, {@code UDP 40000 > 9}. */
    public static String summary(Frame frame) {
        return summary(frame.bytes(), frame.start(), frame.length());
    }

    /** As {@link #summary(Frame)}. */
    public static String summary(byte[] bytes, int at, int length) {
        return Title.of(bytes, at, at + length, 0);
    }

    Printer frame(int at, int end) {
        int length = end - at;
        if (length < Ethernet.LENGTH) return cut("ether", at, end);
        mac(View.get64(b, at + 6) >>> 16).append(" > ");
        mac(View.get64(b, at) >>> 16);
        int payload = at + Ethernet.LENGTH;
        int type = View.get16(b, payload - 2);
        boolean counted = false;
        for (; Ethernet.isTag(type); type = View.get16(b, payload - 2)) {
            ethertype(type, counted ? -1 : length);
            counted = true;
            if (end - payload < Vlan.LENGTH) return cut("vlan", payload, end);
            int tci = View.get16(b, payload);
            out.append("vlan ").append(tci & Vlan.VID).append(", p ").append(tci >> 13);
            if ((tci & 0x1000) != 0) out.append(", DEI");
            payload += Vlan.LENGTH;
        }
        if (type <= MAX_LLC) {
            out.append(", 802.3, length ").append(type).append(": ");
            return llc(payload, Math.min(end, payload + type));
        }
        ethertype(type, counted ? -1 : length);
        return payload(type, payload, end);
    }

    private void ethertype(int type, int length) {
        out.append(", ethertype ").append(Names.etherType(type)).append(" (0x");
        hex(type, 4).append(')');
        if (length >= 0) out.append(", length ").append(length).append(": ");
        else out.append(Ethernet.isTag(type) ? " " : ", ");
    }

    private int behindTags(int at) {
        int payload = at + Ethernet.LENGTH;
        for (int tags = 0; tags < 2 && Ethernet.isTag(View.get16(b, payload - 2)); tags++) payload += Vlan.LENGTH;
        return payload;
    }

    Printer payload(int type, int at, int end) {
        return switch (type) {
            case Ethernet.IPV4 -> ipv4(at, end);
            case Ethernet.ARP, Ethernet.RARP -> arp(at, end);
            default -> unknown(at, end);
        };
    }

    Printer ipv4(int at, int end) {
        packet.ipv4(at, end);
        return this;
    }

    Printer icmp(int at, int end) {
        packet.icmp(at, end);
        return this;
    }

    Printer udp(int at, int end) {
        packet.udp(0, 0, at, end);
        return this;
    }

    Printer tcp(int at, int end) {
        packet.tcp(0, 0, at, end);
        return this;
    }

    Printer vxlan(int at, int end) {
        packet.vxlan(at, end);
        return this;
    }

    Printer dhcp(int at, int end) {
        packet.dhcp(at, end);
        return this;
    }

    Printer dns(int at, int end) {
        if (!Dns.fits(b, at, end)) return cut("domain", at, end);
        new DnsPrinter(b, at, end, out).print();
        return this;
    }

    Printer gre(int at, int end) {
        packet.gre(at, end);
        return this;
    }

    Printer arp(int at, int end) {
        if (end - at < 8) return cut("arp", at, end);
        if (!Arp.fits(b, at, end)) return foreignArp(at, end);
        int op = View.get16(b, at + 6);
        int sender = View.get32(b, at + 14);
        int target = View.get32(b, at + 24);
        long targetMac = View.get64(b, at + 18) >>> 16;
        switch (op) {
            case Arp.REQUEST -> {
                out.append("Request who-has ");
                ip(target);
                if (targetMac != 0) mac(targetMac, " (", ")");
                out.append(" tell ");
                ip(sender);
            }
            case Arp.REPLY -> {
                out.append("Reply ");
                ip(sender).append(" is-at ");
                mac(View.get64(b, at + 8) >>> 16);
            }
            case Arp.REVERSE_REQUEST ->
                mac(targetMac, "Reverse Request who-is ", " tell ").append(macText(at + 8));
            case Arp.REVERSE_REPLY -> {
                mac(targetMac, "Reverse Reply ", " at ");
                ip(target);
            }
            default -> out.append("unknown op ").append(op);
        }
        out.append(", length ").append(end - at);
        return this;
    }

    private Printer foreignArp(int at, int end) {
        int hardware = View.get16(b, at);
        out.append(hardware == ETHERNET_HARDWARE ? "Ethernet" : "Unknown Hardware (" + hardware + ")");
        out.append(" (len ").append(b[at + 4] & 0xff).append("), protocol 0x");
        hex(View.get16(b, at + 2), 4).append(" (len ").append(b[at + 5] & 0xff).append("), op ");
        out.append(View.get16(b, at + 6)).append(", length ").append(end - at);
        return this;
    }

    Printer llc(int at, int end) {
        if (end - at < 3) return cut("llc", at, end);
        int sap = View.get16(b, at);
        if (sap == 0x4242 && b[at + 2] == 3) {
            out.append("LLC, dsap STP (0x42) Individual, ssap STP (0x42) Command, ctrl 0x03: ");
            Bpdu.print(this, at + 3, end);
            return this;
        }
        out.append("LLC, dsap 0x");
        hex(sap >> 8, 2).append(", ssap 0x");
        hex(sap & 0xff, 2).append(", ctrl 0x");
        hex(b[at + 2] & 0xff, 2).append(": ");
        return unknown(at + 3, end);
    }

    /** The first bytes in hex and how many there are. */
    Printer unknown(int at, int end) {
        int shown = Math.min(end - at, HEX_BYTES);
        out.append(end - at).append(" bytes");
        if (shown > 0) out.append(": ");
        for (int i = 0; i < shown; i++) hex(b[at + i] & 0xff, 2);
        if (end - at > shown) out.append("..");
        return this;
    }

    Printer cut(String what, int at, int end) {
        out.append("[|").append(what).append("] ");
        return unknown(at, Math.max(at, end));
    }

    StringBuilder hex(int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(Character.forDigit(value >>> shift & 15, 16));
        }
        return out;
    }

    StringBuilder mac(long bits) {
        return MacAddress.append(out, bits);
    }

    private StringBuilder mac(long bits, String before, String after) {
        out.append(before);
        return MacAddress.append(out, bits).append(after);
    }

    private String macText(int at) {
        return MacAddress.text(View.get64(b, at) >>> 16);
    }

    StringBuilder ip(int bits) {
        return Ipv4Address.append(out, bits);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
