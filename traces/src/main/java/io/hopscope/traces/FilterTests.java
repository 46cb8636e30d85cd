package io.hopscope.traces;

import static io.hopscope.traces.FilterProgram.AND;
import static io.hopscope.traces.FilterProgram.AT_LEAST;
import static io.hopscope.traces.FilterProgram.EQUAL;
import static io.hopscope.traces.FilterProgram.GREATER;
import static io.hopscope.traces.FilterProgram.HEADER;
import static io.hopscope.traces.FilterProgram.INDEXED;
import static io.hopscope.traces.FilterProgram.LENGTH;
import static io.hopscope.traces.FilterProgram.LOAD1;
import static io.hopscope.traces.FilterProgram.LOAD2;
import static io.hopscope.traces.FilterProgram.LOAD4;
import static io.hopscope.traces.FilterProgram.OUTBOUND;
import static io.hopscope.traces.FilterProgram.PUSH;
import static io.hopscope.traces.FilterProgram.SKIP;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.traces.FilterProgram.Test;

/** What pcap-filter's primitives look at, where libpcap 1.10 looks; {@code shift} is that of the tags before. */
final class FilterTests {
    static final int IPV6 = 0x86dd;
    static final int SCTP = 132;
    private static final int IPV6_FRAGMENT = 44;
    private static final int IPV6_LENGTH = 40;
    private static final int OFFSET = 0x1fff;

    /** Which end: of either, of both, of one. */
    enum Direction {
        ANY,
        BOTH,
        SOURCE,
        DESTINATION
    }

    /** A test of one end. */
    interface End {
        Test of(boolean source);
    }

    private FilterTests() {}

    static Test ends(Direction direction, End end) {
        return switch (direction) {
            case SOURCE -> end.of(true);
            case DESTINATION -> end.of(false);
            case BOTH -> end.of(true).and(end.of(false));
            default -> end.of(true).or(end.of(false));
        };
    }

    static int payload(int shift) {
        return Ethernet.LENGTH + shift;
    }

    private static Test load(int operation, int at, int comparison, int value) {
        return into -> into.add(operation, at).add(PUSH, value).add(comparison, 0);
    }

    private static Test masked(int operation, int at, int mask, int value) {
        return into -> into.add(operation, at)
                .add(PUSH, mask)
                .add(AND, 0)
                .add(PUSH, value)
                .add(EQUAL, 0);
    }

    static Test type(int shift, int type) {
        return load(LOAD2 + SKIP, Ethernet.LENGTH - 2 + shift, EQUAL, type);
    }

    /** Below 1501 the type is a length, and LLC follows. */
    static Test stp(int shift) {
        return load(LOAD2 + SKIP, Ethernet.LENGTH - 2 + shift, GREATER, 1500)
                .not()
                .and(load(LOAD1 + SKIP, payload(shift), EQUAL, 0x42));
    }

    static Test tag(int shift) {
        int at = Ethernet.LENGTH - 2 + shift;
        return load(LOAD2, at, EQUAL, 0x8100).or(load(LOAD2, at, EQUAL, 0x88a8)).or(load(LOAD2, at, EQUAL, 0x9100));
    }

    static Test vlan(int shift, int vlan) {
        return tag(shift).and(masked(LOAD2, payload(shift), 0xfff, vlan));
    }

    static Test ipProtocol(int shift, int protocol) {
        return type(shift, Ethernet.IPV4).and(load(LOAD1 + SKIP, payload(shift) + 9, EQUAL, protocol));
    }

    static Test ip6Protocol(int shift, int protocol) {
        int next = payload(shift) + 6;
        Test behindFragment = load(LOAD1 + SKIP, next, EQUAL, IPV6_FRAGMENT)
                .and(load(LOAD1 + SKIP, payload(shift) + IPV6_LENGTH, EQUAL, protocol));
        return type(shift, IPV6).and(load(LOAD1 + SKIP, next, EQUAL, protocol).or(behindFragment));
    }

    static Test firstFragment(int shift) {
        return masked(LOAD2 + SKIP, payload(shift) + 6, OFFSET, 0);
    }

    /**
     * @param protocol UDP, TCP, SCTP, or -1 for any of them
     */
    static Test port(int shift, int protocol, int least, int most, Direction direction) {
        int ip = payload(shift);
        Test ofIp = type(shift, Ethernet.IPV4)
                .and(carries(ip + 9, protocol))
                .and(firstFragment(shift))
                .and(ends(direction, source -> between(ip, source ? 0 : 2, true, least, most)));
        Test ofIp6 = type(shift, IPV6)
                .and(carries(ip + 6, protocol))
                .and(ends(direction, source -> between(ip + IPV6_LENGTH, source ? 0 : 2, false, least, most)));
        return ofIp6.or(ofIp);
    }

    private static Test carries(int at, int protocol) {
        if (protocol >= 0) {
            return load(LOAD1 + SKIP, at, EQUAL, protocol);
        }
        return carries(at, SCTP).or(carries(at, Ipv4.TCP)).or(carries(at, Ipv4.UDP));
    }

    private static Test between(int at, int offset, boolean ofIp, int least, int most) {
        Test lower = into -> port(into, at, offset, ofIp).add(PUSH, least).add(AT_LEAST, 0);
        Test upper = into -> port(into, at, offset, ofIp).add(PUSH, most).add(GREATER, 0);
        Test exact = into -> port(into, at, offset, ofIp).add(PUSH, least).add(EQUAL, 0);
        return least == most ? exact : lower.and(upper.not());
    }

    private static FilterProgram port(FilterProgram into, int at, int offset, boolean ofIp) {
        return ofIp
                ? into.add(HEADER, at).add(LOAD2 + SKIP + INDEXED, at + offset)
                : into.add(LOAD2 + SKIP, at + offset);
    }

    /**
     * @param type of ARP, RARP or IPv4; -1 for any of the three
     */
    static Test host(int shift, int type, int address, int mask, Direction direction) {
        if (type < 0) {
            return host(shift, Ethernet.IPV4, address, mask, direction)
                    .or(host(shift, Ethernet.ARP, address, mask, direction))
                    .or(host(shift, Ethernet.RARP, address, mask, direction));
        }
        boolean ip = type == Ethernet.IPV4;
        int source = payload(shift) + (ip ? 12 : 14);
        int destination = payload(shift) + (ip ? 16 : 24);
        return type(shift, type)
                .and(ends(direction, from -> masked(LOAD4 + SKIP, from ? source : destination, mask, address)));
    }

    static Test mac(long mac, Direction direction) {
        return ends(direction, source -> {
            int at = source ? 6 : 0;
            return load(LOAD4, at + 2, EQUAL, (int) mac).and(load(LOAD2, at, EQUAL, (int) (mac >>> 32)));
        });
    }

    static Test group() {
        return masked(LOAD1, 0, 1, 1);
    }

    static Test ipMulticast(int shift) {
        return type(shift, Ethernet.IPV4).and(load(LOAD1 + SKIP, payload(shift) + 16, AT_LEAST, 0xe0));
    }

    static Test ip6Multicast(int shift) {
        return type(shift, IPV6).and(load(LOAD1 + SKIP, payload(shift) + 24, EQUAL, 0xff));
    }

    /** Without a netmask, as from a file. */
    static Test ipBroadcast(int shift) {
        int at = payload(shift) + 16;
        return type(shift, Ethernet.IPV4).and(load(LOAD4 + SKIP, at, EQUAL, 0).or(load(LOAD4 + SKIP, at, EQUAL, -1)));
    }

    static Test outbound() {
        return into -> into.add(OUTBOUND, 0);
    }

    static Test length(int comparison, int bytes) {
        return into -> into.add(LENGTH, 0).add(PUSH, bytes).add(comparison, 0);
    }
}
