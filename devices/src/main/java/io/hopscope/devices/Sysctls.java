package io.hopscope.devices;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The {@code net.ipv4} settings of one host, those of TCP included, by the names and with the defaults of Linux. Made when somebody sets one. */
public final class Sysctls {
    private static final String PREFIX = "net.ipv4.";
    private static final long SECOND = 1_000_000_000_000L;
    private static final long MILLI = 1_000_000_000L;

    /** What is set for each interface, {@code net.ipv4.conf.X}; some hold if they do for {@code all} or for the interface. */
    public enum Conf {
        ACCEPT_LOCAL(0, 1),
        ACCEPT_REDIRECTS(1, 1),
        ARP_ACCEPT(0, 2),
        ARP_ANNOUNCE(0, 2),
        ARP_FILTER(0, 1),
        ARP_IGNORE(0, 8),
        FORWARDING(0, 1),
        PROXY_ARP(0, 1),
        ROUTE_LOCALNET(0, 1),
        RP_FILTER(0, 2),
        SECURE_REDIRECTS(1, 1),
        SEND_REDIRECTS(1, 1),
        SHARED_MEDIA(1, 1);

        private final int preset;
        private final int most;

        Conf(int preset, int most) {
            this.preset = preset;
            this.most = most;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One setting, as its file in /proc/sys says and takes it. */
    public static final class Setting {
        private final String name;
        private final String expected;
        private final Supplier<String> value;
        /** Null where it can only be read. */
        private final Predicate<String> change;

        /**
         * @param expected what it may be, for who has written something else
         * @param change whether it can be that
         */
        Setting(String name, String expected, Supplier<String> value, Predicate<String> change) {
            this.name = name;
            this.expected = expected;
            this.value = value;
            this.change = change;
        }

        static Setting number(String name, long least, long most, LongSupplier value, LongConsumer change) {
            return new Setting(
                    name,
                    "a number from " + least + " to " + most,
                    () -> Long.toString(value.getAsLong()),
                    text -> take(text, least, most, change));
        }

        private static boolean take(String text, long least, long most, LongConsumer change) {
            boolean fits =
                    text.matches("-?[0-9]{1,18}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most;
            if (fits) {
                change.accept(Long.parseLong(text));
            }
            return fits;
        }

        public String name() {
            return name;
        }

        public String expected() {
            return expected;
        }

        public String value() {
            return value.get();
        }

        public boolean writable() {
            return change != null;
        }

        /** Returns whether it can be that, and is it from now on. */
        public boolean set(String text) {
            return change != null && change.test(text);
        }
    }

    private final IpStack stack;
    private Map<Conf, Integer> all = presets();
    private Map<Conf, Integer> preset = presets();
    private Map<String, Map<Conf, Integer>> own = new LinkedHashMap<>();

    int ttl = 64;
    boolean ignoresEcho;
    boolean ignoresBroadcastEcho = true;
    boolean errorsFromInbound;
    long ratelimit = 1_000_000_000_000L;
    int ratemask = 0x1818;
    int messages = 1000;
    int burst = 50;
    int noPathMtu;
    boolean forwardsByPathMtu;
    int leastPathMtu = 552;
    long mtuExpires = PathCache.MTU_EXPIRES;
    long fragmentTime = Reassembly.PATIENCE;
    long fragmentHigh = Reassembly.HIGH;
    private long fragmentLow = 3 << 20;
    int fragmentDistance = Reassembly.DISTANCE;
    int hashPolicy;

    Sysctls(IpStack stack) {
        this.stack = stack;
        if (stack.forwarding()) {
            forwarding(true);
        }
    }

    private static Map<Conf, Integer> presets() {
        Map<Conf, Integer> values = new EnumMap<>(Conf.class);
        for (Conf each : Conf.values()) {
            values.put(each, each.preset);
        }
        return values;
    }

    private Map<Conf, Integer> of(String name) {
        if (name.equals("all")) {
            return all;
        } else if (name.equals("default")) {
            return preset;
        }
        return own.computeIfAbsent(name, key -> new EnumMap<>(preset));
    }

    private int of(Conf which, NetInterface via) {
        Map<Conf, Integer> mine = own.get(via.name());
        return (mine == null ? preset : mine).get(which);
    }

    /** The larger of {@code all} and the interface's, which is also the one or the other. */
    int effective(Conf which, NetInterface via) {
        return Math.max(all.get(which), of(which, via));
    }

    boolean both(Conf which, NetInterface via) {
        return all.get(which) != 0 && of(which, via) != 0;
    }

    int reversePath(NetInterface via) {
        return Math.min(2, effective(Conf.RP_FILTER, via));
    }

    boolean forwards(NetInterface via) {
        return of(Conf.FORWARDING, via) != 0;
    }

    /** As inet_forward_change: for every interface, and a router does not believe in redirects. */
    void forwarding(boolean on) {
        int value = on ? 1 : 0;
        all.put(Conf.FORWARDING, value);
        all.put(Conf.ACCEPT_REDIRECTS, 1 - value);
        preset.put(Conf.FORWARDING, value);
        own.values().forEach(each -> each.put(Conf.FORWARDING, value));
    }

    private void set(Conf which, String name, int value) {
        if (which == Conf.FORWARDING && name.equals("all")) {
            stack.forwarding(value != 0);
            return;
        }
        of(name).put(which, value);
        stack.doubtful(filters());
        NetInterface via = stack.find(name);
        if (which == Conf.PROXY_ARP && via != null) {
            via.proxyArp(value != 0);
        } else if (which == Conf.ARP_ACCEPT && name.equals("all")) {
            stack.acceptGratuitous(value != 0);
        }
        stack.attend();
    }

    private boolean filters() {
        return all.get(Conf.RP_FILTER) != 0
                || preset.get(Conf.RP_FILTER) != 0
                || own.values().stream().anyMatch(each -> each.get(Conf.RP_FILTER) != 0);
    }

    private long get(Conf which, String name) {
        NetInterface via = stack.find(name);
        return which == Conf.PROXY_ARP && via != null ? via.proxyArp() ? 1 : 0 : of(name).get(which);
    }

    /** Every setting, by name. */
    public Map<String, Setting> settings() {
        Map<String, Setting> found = new TreeMap<>();
        List<String> names = new ArrayList<>(List.of("all", "default"));
        stack.links().forEach(each -> names.add(each.name()));
        for (String name : names) {
            for (Conf each : Conf.values()) {
                int most = each == Conf.ARP_IGNORE || each == Conf.RP_FILTER ? Integer.MAX_VALUE : each.most;
                put(found, "conf." + name + "." + each.key(), 0, most, () -> get(each, name), value -> {
                    set(each, name, (int) value);
                });
            }
        }
        icmp(found);
        routes(found);
        fragments(found);
        new TcpSysctls(stack::tcpSettings).list(each -> found.put(each.name(), each));
        return found;
    }

    private void icmp(Map<String, Setting> to) {
        put(to, "icmp_echo_ignore_all", 0, 1, () -> bit(ignoresEcho), v -> ignoresEcho = v != 0);
        put(to, "icmp_echo_ignore_broadcasts", 0, 1, () -> bit(ignoresBroadcastEcho), v -> {
            ignoresBroadcastEcho = v != 0;
        });
        put(to, "icmp_errors_use_inbound_ifaddr", 0, 1, () -> bit(errorsFromInbound), v -> errorsFromInbound = v != 0);
        put(to, "icmp_ratelimit", 0, Integer.MAX_VALUE, () -> ratelimit / MILLI, v -> ratelimit = v * MILLI);
        put(to, "icmp_ratemask", 0, Integer.MAX_VALUE, () -> ratemask, v -> ratemask = (int) v);
        put(to, "icmp_msgs_per_sec", 0, Integer.MAX_VALUE, () -> messages, v -> messages = (int) v);
        put(to, "icmp_msgs_burst", 0, Integer.MAX_VALUE, () -> burst, v -> burst = (int) v);
    }

    private void routes(Map<String, Setting> to) {
        put(to, "ip_forward", 0, 1, () -> bit(stack.forwarding()), v -> stack.forwarding(v != 0));
        put(to, "ip_forward_use_pmtu", 0, 1, () -> bit(forwardsByPathMtu), v -> forwardsByPathMtu = v != 0);
        put(to, "ip_default_ttl", 1, 255, () -> ttl, v -> ttl = (int) v);
        put(to, "ip_no_pmtu_disc", 0, 3, () -> noPathMtu, v -> noPathMtu = (int) v);
        put(to, "fib_multipath_hash_policy", 0, 1, () -> hashPolicy, v -> hashPolicy = (int) v);
        put(to, "route.min_pmtu", 68, Integer.MAX_VALUE, () -> leastPathMtu, v -> leastPathMtu = (int) v);
        put(to, "route.mtu_expires", 0, 1 << 20, () -> mtuExpires / SECOND, v -> mtuExpires = v * SECOND);
    }

    private void fragments(Map<String, Setting> to) {
        put(to, "ipfrag_time", 0, 1 << 20, () -> fragmentTime / SECOND, v -> fragmentTime = v * SECOND);
        put(to, "ipfrag_high_thresh", fragmentLow, Integer.MAX_VALUE, () -> fragmentHigh, v -> fragmentHigh = v);
        put(to, "ipfrag_low_thresh", 0, fragmentHigh, () -> fragmentLow, v -> fragmentLow = v);
        put(to, "ipfrag_max_dist", 0, Integer.MAX_VALUE, () -> fragmentDistance, v -> fragmentDistance = (int) v);
    }

    private static long bit(boolean on) {
        return on ? 1 : 0;
    }

    private static void put(
            Map<String, Setting> to, String name, long least, long most, LongSupplier value, LongConsumer change) {
        to.put(PREFIX + name, Setting.number(PREFIX + name, least, most, value, change));
    }

    /** What a node boots with again after a loss of power. */
    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        settings().forEach((name, setting) -> values.put(name, setting.value()));
        return values;
    }

    void restore(Map<String, String> values) {
        all = presets();
        preset = presets();
        own = new LinkedHashMap<>();
        Map<String, Setting> known = settings();
        // Where all interfaces forward one of them may still not: the wider comes first.
        known.get(PREFIX + "conf.all.forwarding").set(values.get(PREFIX + "conf.all.forwarding"));
        values.forEach((name, value) -> {
            if (known.containsKey(name) && !name.equals(PREFIX + "ip_forward")) {
                known.get(name).set(value);
            }
        });
    }
}
