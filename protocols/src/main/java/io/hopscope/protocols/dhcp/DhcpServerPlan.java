package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** What a server is told to do, in the terms of dnsmasq's options. */
public final class DhcpServerPlan {
    /** A lease without end. */
    public static final long INFINITE = 0xffff_ffffL;

    private static final int TAKEN = 4;

    /**
     * --dhcp-range.
     *
     * @param mask 0 where the server's interface is to give it
     * @param tag of those who get an address of it; null for none
     */
    public record Range(int start, int end, int mask, long seconds, String tag) {
        public Range(int start, int end, int mask, long seconds) {
            this(start, end, mask, seconds, null);
        }

        boolean holds(int address) {
            return Integer.compareUnsigned(address, start) >= 0 && Integer.compareUnsigned(address, end) <= 0;
        }

        /** The subnet mask by the class of the address, where nothing better is known. */
        int guessed() {
            int top = start >>> 24;
            return mask != 0 ? mask : Prefix.mask(top < 128 ? 8 : top < 192 ? 16 : 24);
        }
    }

    /**
     * --dhcp-host.
     *
     * @param address 0 for any
     * @param name null for none
     */
    public record Reservation(long mac, int address, String name) {}

    /**
     * --dhcp-option.
     *
     * @param always whether it is sent unasked
     * @param tags all of which a client has to have; with ! in front, not to have
     */
    public record Setting(int code, byte[] value, boolean always, List<String> tags) {
        public Setting {
            tags = List.copyOf(tags);
        }

        public Setting(int code, byte[] value, boolean always) {
            this(code, value, always, List.of());
        }

        private boolean suits(Predicate<String> client) {
            return tags.stream()
                    .allMatch(tag -> tag.startsWith("!") ? !client.test(tag.substring(1)) : client.test(tag));
        }
    }

    final List<Range> ranges = new ArrayList<>();
    final List<Reservation> reservations = new ArrayList<>();
    final List<Setting> settings = new ArrayList<>();
    /** --domain. */
    public String domain;
    /** --dhcp-authoritative: refuses what other servers may have given. */
    public boolean authoritative;
    /** --no-ping is the opposite. */
    public boolean ping = true;
    /** --dhcp-sequential-ip. */
    public boolean sequential;
    /** Whether the server answers DNS as well, and says so; not with --port=0. */
    public boolean dns = true;
    /** --dhcp-lease-max. */
    public int most = 1000;

    /** dnsmasq keeps ranges, hosts and options in the reverse of their order, and it shows. */
    public DhcpServerPlan add(Range range) {
        ranges.add(0, range);
        return this;
    }

    public DhcpServerPlan add(Reservation reservation) {
        reservations.add(0, reservation);
        return this;
    }

    public DhcpServerPlan add(Setting setting) {
        settings.add(0, setting);
        return this;
    }

    public List<Range> ranges() {
        return ranges;
    }

    Reservation reservation(long mac) {
        return reservations.stream().filter(each -> each.mac == mac).findFirst().orElse(null);
    }

    Reservation reserved(int address) {
        return reservations.stream()
                .filter(each -> each.address != 0 && each.address == address)
                .findFirst()
                .orElse(null);
    }

    /**
     * The options for a client, each once: the last one with tags that the client has, or else that it has with its range's
     * tag, or else without tags.
     *
     * @param ofRange null for none
     */
    List<Setting> settings(Collection<String> tags, String ofRange) {
        int[] best = new int[256];
        for (Setting each : settings) {
            int rank = rank(each, tags, ofRange);
            best[each.code] = Math.max(best[each.code], rank);
        }
        List<Setting> chosen = new ArrayList<>();
        for (Setting each : settings) {
            int rank = rank(each, tags, ofRange);
            if (rank > 0 && rank == best[each.code]) {
                chosen.add(each);
                best[each.code] = TAKEN;
            }
        }
        return chosen;
    }

    /** 0 for an option that is not for the client. */
    private static int rank(Setting setting, Collection<String> tags, String ofRange) {
        if (setting.tags.isEmpty()) {
            return 1;
        } else if (!setting.suits(tag -> tag.equals(ofRange) || tags.contains(tag))) {
            return 0;
        }
        return setting.suits(tags::contains) ? 3 : 2;
    }
}
