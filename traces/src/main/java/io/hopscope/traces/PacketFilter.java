package io.hopscope.traces;

import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.View;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The core of pcap-filter(7): {@code host, net, port} with {@code src} or {@code dst}, {@code ether}, {@code arp, ip,
 * icmp, udp, tcp, vlan}, {@code icmp[icmptype]}, {@code and, or, not} and parentheses. Sees through VLAN tags, as tcpdump
 * does only after {@code vlan}.
 */
public final class PacketFilter {
    private static final Pattern TOKEN = Pattern.compile("\\s*(&&|\\|\\||!=|==|=|[()!]|[^\\s()!=]+)");
    private static final List<String> WORDS = List.of(
            "host",
            "net",
            "port",
            "src",
            "dst",
            "ether",
            "arp",
            "ip",
            "icmp",
            "udp",
            "tcp",
            "vlan",
            "proto",
            "and",
            "or",
            "not",
            "icmp[icmptype]");
    private static final List<String> TYPES =
            List.of("icmp-echoreply", "icmp-unreach", "icmp-redirect", "icmp-echo", "icmp-timxceed");
    private static final int[] TYPE_NUMBERS = {0, 3, 5, 8, 11};

    /** What a test sees of a frame. */
    private static final class Packet {
        private byte[] bytes;
        private int at;
        private int end;
        private boolean tagged;
        private int vid;
        private int type;
        private int payload;
        private boolean ip;
        private final Ipv4 header = new Ipv4();

        boolean read(byte[] b, int from, int length) {
            bytes = b;
            at = from;
            end = from + length;
            if (!Ethernet.fits(b, from, end)) {
                return false;
            }
            Ethernet eth = new Ethernet().wrap(b, from);
            tagged = eth.tagged();
            vid = eth.vid();
            payload = eth.payload();
            type = View.get16(b, payload - 2);
            ip = type == Ethernet.IPV4 && Ipv4.fits(b, payload, end);
            if (ip) {
                header.wrap(b, payload);
            }
            return true;
        }

        boolean protocol(int number) {
            return ip && header.protocol() == number;
        }
    }

    private interface Test {
        boolean matches(Packet packet);
    }

    private interface Ends {
        boolean matches(Packet packet, boolean source);
    }

    private final List<String> tokens = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>();
    private final String text;
    private int next;
    private final Test test;

    private PacketFilter(String text) {
        this.text = text;
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            columns.add(matcher.start(1) + 1);
            matcher.region(matcher.end(), text.length());
        }
        test = either(0);
        if (next < tokens.size()) {
            throw fault("'and', 'or' or the end");
        }
    }

    /**
     * @throws IllegalArgumentException with column, what was found and what was expected
     */
    public static PacketFilter parse(String text) {
        return new PacketFilter(text);
    }

    /** Whether the Ethernet frame matches; a malformed one matches nothing that looks where it is malformed. */
    public boolean matches(byte[] bytes, int at, int length) {
        Packet packet = new Packet();
        return packet.read(bytes, at, length) && test.matches(packet);
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private boolean take(String... words) {
        for (String word : words) {
            if (peek().equals(word)) {
                next++;
                return true;
            }
        }
        return false;
    }

    private IllegalArgumentException fault(String expected) {
        int column = next < columns.size() ? columns.get(next) : text.length() + 1;
        String found = peek().isEmpty() ? "the end" : "'" + peek() + "'";
        return new IllegalArgumentException("filter column " + column + ": found " + found + "; expected " + expected
                // A right word at the wrong place is not meant to be itself.
                + (WORDS.contains(peek()) ? "" : Nearest.hint(peek(), WORDS)));
    }

    private Test either(int depth) {
        if (depth > 100) {
            throw fault("less nesting");
        }
        Test left = both(depth);
        while (take("or", "||")) {
            Test a = left;
            Test b = both(depth);
            left = packet -> a.matches(packet) || b.matches(packet);
        }
        return left;
    }

    private Test both(int depth) {
        Test left = one(depth);
        while (take("and", "&&")) {
            Test a = left;
            Test b = one(depth);
            left = packet -> a.matches(packet) && b.matches(packet);
        }
        return left;
    }

    private Test one(int depth) {
        if (take("not", "!")) {
            Test inner = one(depth + 1);
            return packet -> !inner.matches(packet);
        }
        if (take("(")) {
            Test inner = either(depth + 1);
            if (!take(")")) {
                throw fault("')'");
            }
            return inner;
        }
        return primitive();
    }

    private Test primitive() {
        if (take("arp")) {
            return packet -> packet.type == Ethernet.ARP;
        } else if (take("icmp[icmptype]", "icmp[0]")) {
            return icmpType();
        } else if (take("icmp")) {
            return packet -> packet.protocol(Ipv4.ICMP);
        } else if (take("vlan")) {
            return vlan();
        } else if (take("ether")) {
            return ether();
        } else if (take("ip")) {
            return after(packet -> packet.ip);
        } else if (take("udp")) {
            return after(packet -> packet.protocol(Ipv4.UDP));
        } else if (take("tcp")) {
            return after(packet -> packet.protocol(Ipv4.TCP));
        }
        return directed();
    }

    /** {@code udp port 53} is {@code udp and port 53}. */
    private Test after(Test protocol) {
        if (List.of("host", "net", "port", "src", "dst", "proto").contains(peek())) {
            Test more = directed();
            return packet -> protocol.matches(packet) && more.matches(packet);
        }
        return protocol;
    }

    private Test icmpType() {
        boolean equal = !peek().equals("!=");
        if (!take("=", "==", "!=")) {
            throw fault("'=' or '!='");
        }
        int index = TYPES.indexOf(peek());
        int wanted = index >= 0 ? TYPE_NUMBERS[index] : number(255, "an ICMP type such as icmp-echo");
        next += index >= 0 ? 1 : 0;
        return packet -> packet.protocol(Ipv4.ICMP)
                && packet.header.payload() < packet.end
                && ((packet.bytes[packet.header.payload()] & 0xff) == wanted) == equal;
    }

    private Test vlan() {
        if (!peek().matches("[0-9]+")) {
            return packet -> packet.tagged;
        }
        int vlan = number(4095, "a VLAN");
        return packet -> packet.tagged && packet.vid == vlan;
    }

    private int number(int most, String expected) {
        try {
            int value = Integer.decode(peek());
            if (value >= 0 && value <= most) {
                next++;
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with what was found.
        }
        throw fault(expected);
    }

    private Test ether() {
        boolean source = take("src");
        boolean destination = !source && take("dst");
        take("host");
        try {
            long mac = MacAddress.bits(peek());
            next++;
            return packet -> !destination && View.get64(packet.bytes, packet.at + 6) >>> 16 == mac
                    || !source && View.get64(packet.bytes, packet.at) >>> 16 == mac;
        } catch (IllegalArgumentException e) {
            throw fault("a MAC address");
        }
    }

    private Test directed() {
        boolean source = take("src");
        boolean destination = !source && take("dst");
        Ends ends = ends(source || destination);
        return packet -> !destination && ends.matches(packet, true) || !source && ends.matches(packet, false);
    }

    private Ends ends(boolean directed) {
        if (take("port")) {
            int port = number(65535, "a port number");
            return (packet, source) -> port(packet, source) == port;
        } else if (take("net")) {
            Prefix prefix = prefix();
            return (packet, source) -> hasAddress(packet) && prefix.contains(address(packet, source));
        } else if (take("proto")) {
            int protocol = number(255, "a protocol number");
            return (packet, source) -> packet.protocol(protocol);
        } else if (take("host") || directed) {
            Prefix prefix = prefix();
            return (packet, source) -> hasAddress(packet) && prefix.contains(address(packet, source));
        }
        throw fault("a primitive such as host, net, port, arp, icmp, vlan");
    }

    private Prefix prefix() {
        try {
            Prefix prefix = peek().indexOf('/') < 0 ? new Prefix(Ipv4Address.bits(peek()), 32) : Prefix.parse(peek());
            next++;
            return prefix;
        } catch (IllegalArgumentException e) {
            throw fault("an IPv4 address");
        }
    }

    private static boolean hasAddress(Packet packet) {
        return packet.ip || packet.type == Ethernet.ARP && Arp.fits(packet.bytes, packet.payload, packet.end);
    }

    private static int address(Packet packet, boolean source) {
        if (packet.ip) {
            return source ? packet.header.source() : packet.header.destination();
        }
        Arp arp = new Arp().wrap(packet.bytes, packet.payload);
        return source ? arp.senderIp() : arp.targetIp();
    }

    private static int port(Packet packet, boolean source) {
        if (!packet.protocol(Ipv4.UDP) && !packet.protocol(Ipv4.TCP)
                || packet.header.fragmentOffset() != 0
                || packet.header.payload() + 4 > packet.end) {
            return -1;
        }
        return View.get16(packet.bytes, packet.header.payload() + (source ? 0 : 2));
    }

    @Override
    public String toString() {
        return text;
    }
}
