package io.hopscope.protocols;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.RoutingRule.Action;
import io.hopscope.protocols.RoutingRule.Ports;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A rule of policy routing in the words of iproute2. */
public final class RuleText {
    /** Protocols that iproute2 says and takes by name. */
    public static final Map<String, Integer> PROTOCOLS = new TreeMap<>(
            Map.of("icmp", Ipv4.ICMP, "ipencap", Ipv4.IPIP, "tcp", Ipv4.TCP, "udp", Ipv4.UDP, "gre", Ipv4.GRE));

    /** Tables that have a name. */
    public static final Map<Integer, String> TABLES = new TreeMap<>(
            Map.of(RoutingPolicy.LOCAL, "local", RoutingPolicy.MAIN, "main", RoutingPolicy.DEFAULT, "default"));

    private RuleText() {}

    /** As {@code ip rule show} prints it. */
    public static String of(RoutingRule rule) {
        var line = new StringBuilder();
        line.append(Integer.toUnsignedString(rule.priority())).append(":\t");
        line.append(rule.inverted() ? "not " : "").append("from ").append(text(rule.from()));
        line.append(rule.to().length() == 0 ? "" : " to " + text(rule.to()));
        line.append(rule.tos() == 0 ? "" : " tos 0x" + Integer.toHexString(rule.tos()));
        if (rule.mask() != 0) {
            line.append(" fwmark 0x").append(Integer.toHexString(rule.mark()));
            line.append(rule.mask() == -1 ? "" : "/0x" + Integer.toHexString(rule.mask()));
        }
        line.append(rule.in() == null ? "" : " iif " + rule.in());
        line.append(rule.out() == null ? "" : " oif " + rule.out());
        line.append(rule.protocol() == 0 ? "" : " ipproto " + protocol(rule.protocol()));
        line.append(rule.source().equals(Ports.ANY) ? "" : " sport " + rule.source());
        line.append(rule.destination().equals(Ports.ANY) ? "" : " dport " + rule.destination());
        if (rule.action() == Action.LOOKUP) {
            line.append(" lookup ").append(TABLES.getOrDefault(rule.target(), Integer.toUnsignedString(rule.target())));
            line.append(rule.suppress() < 0 ? "" : " suppress_prefixlength " + rule.suppress());
        } else {
            line.append(' ').append(rule.action().name().toLowerCase(Locale.ROOT));
            line.append(rule.action() == Action.GOTO ? " " + rule.target() : "");
        }
        boolean said = !rule.maker().equals("kernel") && !rule.maker().equals("boot");
        return line.append(said ? " proto " + rule.maker() : "").toString();
    }

    private static String text(Prefix prefix) {
        return prefix.length() == 0
                ? "all"
                : prefix.length() == 32 ? Ipv4Address.text(prefix.address()) : prefix.toString();
    }

    private static String protocol(int number) {
        for (Map.Entry<String, Integer> each : PROTOCOLS.entrySet()) {
            if (each.getValue() == number) {
                return each.getKey();
            }
        }
        return "ipproto-" + number;
    }
}
