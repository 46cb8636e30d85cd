package io.hopscope.protocols.openflow;

import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;

/** What flows match on, taken out of a frame once and packed into words; {@link Field} knows the places. */
final class FlowKey {
    /** Ingress port, Ethernet type, tag control information: all of Neutron's tables 0, and many end here. */
    static final int PORT_TYPE_VLAN = 0;
    /** Source MAC and source port or ICMP type. */
    static final int SOURCE = 1;
    /** Destination MAC and destination port or ICMP code. */
    static final int DESTINATION = 2;
    /** IPv4 source and destination, or those of ARP. */
    static final int ADDRESSES = 3;
    /** Protocol, type of service, TTL, ARP operation. */
    static final int NETWORK = 4;

    static final int ARP_SENDER = 5;
    static final int ARP_TARGET = 6;
    static final int TUNNEL = 7;
    static final int METADATA = 8;
    static final int REGISTERS = 9;
    static final int WORDS = 13;

    /** Set in the tag control information of a tagged frame, where the tag has DEI. */
    static final int TAGGED = 0x1000;

    /** The type of a frame that has a length there, as Open vSwitch has it. */
    private static final int NOT_A_TYPE = 0x05ff;

    private static final int FIRST_TYPE = 0x0600;
    private static final int IPV6_LENGTH = 40;

    final long[] words = new long[WORDS];

    /** Offset of a whole IPv4 or ARP header, -1 if there is none. */
    int l3;

    /** Offset of the first 8 bytes (TCP: 20) behind IPv4, -1 if not there or in an earlier fragment. */
    int l4;

    void extract(Frame frame, int inPort, long tunnelId) {
        long[] w = words;
        w[TUNNEL] = tunnelId;
        w[PORT_TYPE_VLAN] = (inPort & 0xffffL) << 32;
        // one by one: a loop over so few costs more than the rest of this method
        w[METADATA] = 0;
        w[REGISTERS] = 0;
        w[REGISTERS + 1] = 0;
        w[REGISTERS + 2] = 0;
        w[REGISTERS + 3] = 0;
        headers(frame);
    }

    /** Reads the headers again after a tag came or went; port, tunnel, metadata and registers stay. */
    void refresh(Frame frame) {
        words[PORT_TYPE_VLAN] &= 0xffffL << 32;
        headers(frame);
    }

    private void headers(Frame frame) {
        byte[] b = frame.bytes();
        int at = frame.start();
        int end = frame.end();
        clearHeaders();
        if (end - at < Ethernet.LENGTH) return;
        long[] w = words;
        long second = View.get64(b, at + 6);
        w[SOURCE] = second & ~0xffffL;
        w[DESTINATION] = View.get64(b, at) & ~0xffffL;
        int type = (int) second & 0xffff;
        int payload = at + Ethernet.LENGTH;
        int tci = 0;
        if (tag(type) && end - payload >= Vlan.LENGTH) {
            tci = View.get16(b, payload) | TAGGED;
            type = View.get16(b, payload + 2);
            payload += Vlan.LENGTH;
        }
        if (type < FIRST_TYPE) type = NOT_A_TYPE;
        w[PORT_TYPE_VLAN] |= (long) type << 16 | tci;
        if (type == Ethernet.IPV4) {
            ipv4(b, payload, end);
        } else if (type == Ethernet.ARP) {
            arp(b, payload, end);
        } else if (type == Ethernet.IPV6) {
            ipv6(b, payload, end);
        }
    }

    private void clearHeaders() {
        l3 = -1;
        l4 = -1;
        long[] w = words;
        w[SOURCE] = 0;
        w[DESTINATION] = 0;
        w[ADDRESSES] = 0;
        w[NETWORK] = 0;
        w[ARP_SENDER] = 0;
        w[ARP_TARGET] = 0;
    }

    private void ipv4(byte[] b, int at, int end) {
        if (!Ipv4.fits(b, at, end)) return;
        l3 = at;
        long[] w = words;
        int protocol = b[at + 9] & 0xff;
        w[ADDRESSES] = View.get64(b, at + 12);
        w[NETWORK] = protocol | (b[at + 1] & 0xff) << 8 | (b[at + 8] & 0xff) << 16;
        if ((View.get16(b, at + 6) & 0x1fff) != 0) return;
        transport(b, at + ((b[at] & 15) << 2), at + View.get16(b, at + 2), protocol, Ipv4.ICMP);
    }

    /** Next header, traffic class, hop limit and ports; extension headers are not walked. */
    private void ipv6(byte[] b, int at, int end) {
        if (end - at < IPV6_LENGTH || (b[at] & 0xf0) != 0x60) return;
        int limit = at + IPV6_LENGTH + View.get16(b, at + 4);
        if (limit > end) return;
        int protocol = b[at + 6] & 0xff;
        words[NETWORK] = protocol | (View.get16(b, at) >>> 4 & 0xff) << 8 | (b[at + 7] & 0xff) << 16;
        transport(b, at + IPV6_LENGTH, limit, protocol, Needs.ICMP6);
        l4 = -1;
    }

    private void transport(byte[] b, int at, int limit, int protocol, int icmp) {
        if (protocol == icmp) {
            if (limit - at < 8) return;
            words[SOURCE] |= b[at] & 0xff;
            words[DESTINATION] |= b[at + 1] & 0xff;
        } else if (protocol == Ipv4.TCP || protocol == Ipv4.UDP || protocol == Needs.SCTP) {
            if (limit - at < (protocol == Ipv4.TCP ? 20 : 8)) return;
            words[SOURCE] |= View.get16(b, at);
            words[DESTINATION] |= View.get16(b, at + 2);
        } else {
            return;
        }
        l4 = at;
    }

    private void arp(byte[] b, int at, int end) {
        if (!Arp.fits(b, at, end)) return;
        l3 = at;
        long[] w = words;
        w[NETWORK] = (long) View.get16(b, at + 6) << 32;
        w[ARP_SENDER] = View.get64(b, at + 8) >>> 16;
        w[ADDRESSES] = (long) View.get32(b, at + 14) << 32 | View.get32(b, at + 24) & 0xffff_ffffL;
        w[ARP_TARGET] = View.get64(b, at + 18) >>> 16;
    }

    private static boolean tag(int type) {
        return type == Ethernet.VLAN || type == Ethernet.QINQ;
    }

    int type() {
        return (int) (words[PORT_TYPE_VLAN] >>> 16) & 0xffff;
    }

    boolean tagged() {
        return (words[PORT_TYPE_VLAN] & TAGGED) != 0;
    }

    int inPort() {
        return (int) (words[PORT_TYPE_VLAN] >>> 32);
    }
}
