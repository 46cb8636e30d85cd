package io.hopscope.protocols.openflow;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;

/** Changes a header field in frame and key alike, with the checksums over it; fields a frame lacks stay unchanged. */
final class Rewriter {
    private static final int TCI = 14;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final int DEI = 0x1000;

    private Rewriter() {}

    /** Gives some bits of a field a value. */
    static void set(Frame frame, FlowKey key, Field field, int shift, int bits, long value) {
        long old = field.get(key.words);
        long ones = Field.ones(bits);
        long wanted = old & ~(ones << shift) | (value & ones) << shift;
        if (wanted != old) set(frame, key, field, wanted);
    }

    private static void set(Frame frame, FlowKey key, Field field, long value) {
        switch (field) {
            case ETH_SRC -> mac(frame, key, field, value, 6);
            case ETH_DST -> mac(frame, key, field, value, 0);
            case VLAN_TCI -> tci(frame, key, (int) value);
            case VLAN_VID -> {
                if (key.tagged()) tci(frame, key, (int) (Field.VLAN_TCI.get(key.words) & 0xe000 | value));
            }
            case VLAN_PCP -> {
                if (key.tagged()) priority(frame, key, (int) value);
            }
            case IP_SRC -> address(frame, key, field, value, 12);
            case IP_DST -> address(frame, key, field, value, 16);
            case NW_TOS -> tos(frame, key, (int) value);
            case NW_ECN -> tos(frame, key, (int) (Field.NW_TOS.get(key.words) & 0xfc | value));
            case NW_TTL -> ttl(frame, key, (int) value);
            case TP_SRC -> port(frame, key, field, value, 0, -1);
            case TP_DST -> port(frame, key, field, value, 2, -1);
            case TCP_SRC -> port(frame, key, field, value, 0, Ipv4.TCP);
            case TCP_DST -> port(frame, key, field, value, 2, Ipv4.TCP);
            case UDP_SRC -> port(frame, key, field, value, 0, Ipv4.UDP);
            case UDP_DST -> port(frame, key, field, value, 2, Ipv4.UDP);
            case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA -> arp(frame, key, field, value);
            default -> field.set(key.words, value);
        }
    }

    private static void mac(Frame frame, FlowKey key, Field field, long mac, int offset) {
        if (frame.length() < Ethernet.LENGTH) return;
        field.set(key.words, mac);
        int at = frame.start() + offset;
        View.put16(frame.bytes(), at, (int) (mac >>> 32));
        View.put32(frame.bytes(), at + 2, (int) mac);
    }

    /** Tags, retags or untags: the bit 0x1000 says which; DEI of a tag there is stays. */
    static void tci(Frame frame, FlowKey key, int tci) {
        boolean tagged = key.tagged();
        boolean wanted = (tci & FlowKey.TAGGED) != 0;
        if (tagged && wanted) {
            byte[] b = frame.bytes();
            int at = frame.start() + TCI;
            View.put16(b, at, View.get16(b, at) & DEI | tci & ~DEI);
            Field.VLAN_TCI.set(key.words, tci);
        } else if (wanted) {
            push(frame, key, tci & ~DEI);
        } else if (tagged) {
            pop(frame, key);
        }
    }

    /** Sets the VLAN id; an untagged frame gets a tag, as OpenFlow 1.0 has it. */
    static void vid(Frame frame, FlowKey key, int vid) {
        tci(frame, key, (int) (Field.VLAN_TCI.get(key.words) & 0xe000) | FlowKey.TAGGED | vid);
    }

    /** As {@link #vid}, for the priority. */
    static void priority(Frame frame, FlowKey key, int pcp) {
        tci(frame, key, (int) (Field.VLAN_TCI.get(key.words) & Vlan.VID) | FlowKey.TAGGED | pcp << 13);
    }

    /** One more tag in front. */
    static void push(Frame frame, FlowKey key, int tci) {
        if (frame.length() < Ethernet.LENGTH) return;
        Vlan.push(frame, tci);
        key.refresh(frame);
    }

    static void pop(Frame frame, FlowKey key) {
        if (!key.tagged()) return;
        Vlan.pop(frame);
        key.refresh(frame);
    }

    private static boolean ipv4(FlowKey key) {
        return key.l3 >= 0 && key.type() == Ethernet.IPV4;
    }

    private static void address(Frame frame, FlowKey key, Field field, long address, int offset) {
        if (!ipv4(key)) return;
        int at = key.l3 + offset;
        byte[] b = frame.bytes();
        int oldHigh = View.get16(b, at);
        int oldLow = View.get16(b, at + 2);
        View.put32(b, at, (int) address);
        fix(b, key.l3 + 10, oldHigh, (int) (address >>> 16));
        fix(b, key.l3 + 10, oldLow, (int) address & 0xffff);
        transport(b, key, oldHigh, (int) (address >>> 16));
        transport(b, key, oldLow, (int) address & 0xffff);
        field.set(key.words, address);
    }

    private static void fix(byte[] b, int at, int oldWord, int newWord) {
        View.put16(b, at, Checksum.update(View.get16(b, at), oldWord, newWord));
    }

    /** The checksum of TCP or UDP after a word under it changed, as RFC 768: none stays none, 0 is sent as ffff. */
    private static void transport(byte[] b, FlowKey key, int oldWord, int newWord) {
        if (key.l4 < 0) return;
        int protocol = b[key.l3 + 9];
        if (protocol == Ipv4.TCP) {
            fix(b, key.l4 + TCP_CHECKSUM, oldWord, newWord);
        } else if (protocol == Ipv4.UDP) {
            int at = key.l4 + UDP_CHECKSUM;
            int checksum = View.get16(b, at);
            if (checksum == 0) return;
            int updated = Checksum.update(checksum, oldWord, newWord);
            View.put16(b, at, updated == 0 ? 0xffff : updated);
        }
    }

    private static void tos(Frame frame, FlowKey key, int tos) {
        if (!ipv4(key)) return;
        byte[] b = frame.bytes();
        int old = View.get16(b, key.l3);
        View.put16(b, key.l3, old & 0xff00 | tos);
        fix(b, key.l3 + 10, old, old & 0xff00 | tos);
        Field.NW_TOS.set(key.words, tos);
    }

    private static void ttl(Frame frame, FlowKey key, int ttl) {
        if (!ipv4(key)) return;
        byte[] b = frame.bytes();
        int old = View.get16(b, key.l3 + 8);
        int now = old & 0xff | ttl << 8;
        View.put16(b, key.l3 + 8, now);
        fix(b, key.l3 + 10, old, now);
        Field.NW_TTL.set(key.words, ttl);
    }

    /** One hop less; false if the TTL is used up. Frames without IPv4 have no TTL to use up. */
    static boolean decrementTtl(Frame frame, FlowKey key) {
        if (!ipv4(key)) return true;
        int ttl = (int) Field.NW_TTL.get(key.words);
        if (ttl <= 1) return false;
        ttl(frame, key, ttl - 1);
        return true;
    }

    private static void port(Frame frame, FlowKey key, Field field, long port, int offset, int onlyProtocol) {
        if (!ipv4(key) || key.l4 < 0) return;
        byte[] b = frame.bytes();
        int protocol = b[key.l3 + 9];
        boolean ports = protocol == Ipv4.TCP || protocol == Ipv4.UDP;
        if (!ports || onlyProtocol >= 0 && onlyProtocol != protocol) return;
        int old = View.get16(b, key.l4 + offset);
        View.put16(b, key.l4 + offset, (int) port);
        transport(b, key, old, (int) port);
        field.set(key.words, port);
    }

    private static void arp(Frame frame, FlowKey key, Field field, long value) {
        if (key.l3 < 0 || key.type() != Ethernet.ARP) return;
        byte[] b = frame.bytes();
        int at = key.l3;
        switch (field) {
            case ARP_OP -> View.put16(b, at + 6, (int) value);
            case ARP_SPA -> View.put32(b, at + 14, (int) value);
            case ARP_TPA -> View.put32(b, at + 24, (int) value);
            default -> {
                int to = at + (field == Field.ARP_SHA ? 8 : 18);
                View.put16(b, to, (int) (value >>> 32));
                View.put32(b, to + 2, (int) value);
            }
        }
        field.set(key.words, value);
    }
}
