package io.hopscope.protocols.asic;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Why a frame goes to a switch's CPU, and the class it is policed and queued in; the first is served first. */
public enum PuntClass {
    BPDU("a bridge protocol data unit"),
    ROUTING("a routing or redundancy protocol"),
    ARP("ARP"),
    DHCP("DHCP"),
    LOCAL("for an address of the switch"),
    NEIGHBOUR("no entry for the host or next hop"),
    TTL("TTL runs out"),
    MTU("larger than the next link's MTU"),
    OPTIONS("IPv4 options"),
    NO_ROUTE("no route"),
    OTHER("anything else");

    private final String why;

    PuntClass(String why) {
        this.why = why;
    }

    /** For an explanation. */
    public String why() {
        return why;
    }

    /** In a scenario: {@code no-route}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(PuntClass::toString).toList();
    }

    /** By its name in a scenario; null if there is none. */
    public static PuntClass find(String name) {
        int at = names().indexOf(name);
        return at < 0 ? null : values()[at];
    }
}
