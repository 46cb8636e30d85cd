package io.hopscope.protocols.asic;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Prefix;
import java.util.List;

/**
 * One line of an access list: {@code deny tcp 10.1.0.0/16 any eq 23}.
 *
 * @param permit whether what matches may pass
 * @param protocol of IP; -1 for any
 * @param port destination port of TCP or UDP; -1 for any
 */
public record AclRule(boolean permit, int protocol, Prefix source, Prefix destination, int port) {
    private static final List<String> PROTOCOLS = List.of("ip", "icmp", "tcp", "udp");
    private static final int[] NUMBERS = {-1, Ipv4.ICMP, Ipv4.TCP, Ipv4.UDP};

    /**
     * Reads {@code permit|deny ip|icmp|tcp|udp SOURCE DESTINATION [eq PORT]}, where an address is {@code any}, an address
     * or a prefix.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static AclRule parse(String text) {
        String[] words = text.strip().split("\\s+");
        if (words.length != 4 && !(words.length == 6 && words[4].equals("eq"))) {
            throw new IllegalArgumentException("permit|deny ip|icmp|tcp|udp SOURCE DESTINATION [eq PORT]");
        }
        if (!words[0].equals("permit") && !words[0].equals("deny")) {
            throw new IllegalArgumentException("permit or deny");
        }
        int at = PROTOCOLS.indexOf(words[1]);
        if (at < 0) {
            throw new IllegalArgumentException("a protocol of " + PROTOCOLS);
        }
        int port = -1;
        if (words.length == 6) {
            port = words[5].matches("[0-9]{1,5}") ? Integer.parseInt(words[5]) : 0;
            if (at < 2 || port < 1 || port > 65535) {
                throw new IllegalArgumentException("a port from 1 to 65535, with tcp or udp");
            }
        }
        return new AclRule(words[0].equals("permit"), NUMBERS[at], prefix(words[2]), prefix(words[3]), port);
    }

    private static Prefix prefix(String word) {
        return word.equals("any") ? Prefix.ALL : Prefix.parse(word.indexOf('/') < 0 ? word + "/32" : word);
    }

    /**
     * Whether a packet is one that the rule is about.
     *
     * @param toPort destination port; -1 where it has none
     */
    public boolean matches(int from, int to, int ofProtocol, int toPort) {
        return (protocol < 0 || protocol == ofProtocol)
                && (port < 0 || port == toPort)
                && source.contains(from)
                && destination.contains(to);
    }

    @Override
    public String toString() {
        int at = 0;
        while (NUMBERS[at] != protocol) {
            at++;
        }
        return (permit ? "permit " : "deny ") + PROTOCOLS.get(at) + " " + text(source) + " " + text(destination)
                + (port < 0 ? "" : " eq " + port);
    }

    private static String text(Prefix prefix) {
        return prefix.length() == 0 ? "any" : prefix.toString();
    }
}
