package io.hopscope.devices.programs;

import io.hopscope.protocols.Route;
import io.hopscope.protocols.RuleText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names of {@code /etc/iproute2}: routing tables, who made a route, how far it reaches. */
final class RouteNames {
    /** In place of a table: all of them. */
    static final int ALL_TABLES = -1;

    private static final Map<Integer, String> TABLES = RuleText.TABLES;

    private static final Map<Integer, String> PROTOCOLS = new TreeMap<>(Map.ofEntries(
            Map.entry(1, "redirect"),
            Map.entry(2, "kernel"),
            Map.entry(3, "boot"),
            Map.entry(4, "static"),
            Map.entry(8, "gated"),
            Map.entry(9, "ra"),
            Map.entry(11, "zebra"),
            Map.entry(12, "bird"),
            Map.entry(16, "dhcp"),
            Map.entry(18, "keepalived"),
            Map.entry(42, "babel"),
            Map.entry(186, "bgp"),
            Map.entry(187, "isis"),
            Map.entry(188, "ospf"),
            Map.entry(189, "rip"),
            Map.entry(192, "eigrp")));

    private RouteNames() {}

    static String table(int id) {
        return TABLES.getOrDefault(id, Integer.toUnsignedString(id));
    }

    /**
     * @param wrong what iproute2 says of a word that is none
     */
    static int table(String word, String wrong) {
        if (word.equals("all")) {
            return ALL_TABLES;
        }
        return numbered(word, TABLES, 0xffff_fffeL, wrong);
    }

    static String protocol(String word) {
        int number = numbered(word, PROTOCOLS, 255, "\"protocol\" value is invalid\n");
        return PROTOCOLS.getOrDefault(number, Integer.toString(number));
    }

    static Route.Scope scope(String word) {
        return switch (word) {
            case "global", "0" -> Route.Scope.GLOBAL;
            case "link", "253" -> Route.Scope.LINK;
            case "host", "254" -> Route.Scope.HOST;
            default ->
                throw new Misuse(
                        255,
                        "Error: argument \"" + word + "\" is wrong: \"scope\" value is invalid\n",
                        word,
                        List.of("global", "link", "host"));
        };
    }

    private static int numbered(String word, Map<Integer, String> names, long most, String wrong) {
        for (Map.Entry<Integer, String> each : names.entrySet()) {
            if (each.getValue().equals(word)) {
                return each.getKey();
            }
        }
        return (int) number(word, most, wrong);
    }

    /** A number as strtoul reads it. */
    static long number(String word, long most, String wrong) {
        try {
            long value = Long.decode(word);
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: " + wrong);
    }
}
