package io.hopscope.devices.programs;

import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.protocols.dhcp.DhcpServerPlan;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Range;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Reservation;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Setting;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The options of a dnsmasq command line. */
final class DnsmasqPlan {
    /** What cannot matter here: processes and files. */
    private static final List<String> IGNORED = List.of(
            "bind-interfaces",
            "bind-dynamic",
            "log-dhcp",
            "conf-file",
            "user",
            "group",
            "pid-file",
            "log-facility",
            "quiet-dhcp",
            "except-interface",
            "listen-address");

    private static final List<String> KNOWN = List.of(
            "dhcp-range",
            "dhcp-host",
            "dhcp-option",
            "dhcp-option-force",
            "dhcp-relay",
            "dhcp-authoritative",
            "dhcp-leasefile",
            "dhcp-sequential-ip",
            "dhcp-lease-max",
            "no-ping",
            "no-daemon",
            "keep-in-foreground",
            "interface",
            "domain",
            "port",
            "address",
            "host-record",
            "cname",
            "mx-host",
            "srv-host",
            "txt-record",
            "ptr-record",
            "server",
            "local",
            "local-ttl",
            "cache-size",
            "domain-needed",
            "bogus-priv",
            "expand-hosts",
            "log-queries",
            "no-hosts",
            "no-resolv");
    private static final List<String> FLAGS = List.of(
            "dhcp-authoritative",
            "dhcp-sequential-ip",
            "no-ping",
            "no-daemon",
            "keep-in-foreground",
            "bind-interfaces",
            "bind-dynamic",
            "log-dhcp",
            "no-hosts",
            "no-resolv",
            "domain-needed",
            "bogus-priv",
            "expand-hosts",
            "log-queries",
            "quiet-dhcp");
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("-F", "dhcp-range"),
            Map.entry("-G", "dhcp-host"),
            Map.entry("-O", "dhcp-option"),
            Map.entry("-K", "dhcp-authoritative"),
            Map.entry("-l", "dhcp-leasefile"),
            Map.entry("-d", "no-daemon"),
            Map.entry("-k", "keep-in-foreground"),
            Map.entry("-i", "interface"),
            Map.entry("-p", "port"),
            Map.entry("-z", "bind-interfaces"),
            Map.entry("-A", "address"),
            Map.entry("-S", "server"),
            Map.entry("-h", "no-hosts"),
            Map.entry("-R", "no-resolv"),
            Map.entry("-D", "domain-needed"),
            Map.entry("-b", "bogus-priv"),
            Map.entry("-E", "expand-hosts"),
            Map.entry("-q", "log-queries"),
            Map.entry("-T", "local-ttl"),
            Map.entry("-c", "cache-size"),
            Map.entry("-m", "mx-host"),
            Map.entry("-W", "srv-host"),
            Map.entry("-Y", "txt-record"),
            Map.entry("-s", "domain"));
    private static final Map<String, Integer> CODES = Map.of(
            "netmask", DhcpOption.NETMASK,
            "router", DhcpOption.ROUTER,
            "dns-server", DhcpOption.DNS_SERVER,
            "hostname", DhcpOption.HOST_NAME,
            "domain-name", DhcpOption.DOMAIN_NAME,
            "mtu", 26,
            "broadcast", DhcpOption.BROADCAST,
            "ntp-server", DhcpOption.NTP_SERVER);
    private static final long HOUR = 3600;
    /** dnsmasq gives no lease for less. */
    private static final long LEAST = 120;

    /** Requests at an address of this host go to a server. */
    record Relay(int local, int server) {}

    final DhcpServerPlan server = new DhcpServerPlan();
    final DnsmasqNames names = new DnsmasqNames();
    final List<Relay> relays = new ArrayList<>();
    final List<String> interfaces = new ArrayList<>();
    String leaseFile = "/var/lib/misc/dnsmasq.leases";
    boolean foreground;

    /**
     * @throws IllegalArgumentException says what is wrong
     */
    void read(List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            String word = left.poll();
            String given = word.length() > 2 && SHORT.containsKey(word.substring(0, 2)) ? word.substring(2) : null;
            String name =
                    word.startsWith("--") ? word.substring(2) : SHORT.get(given == null ? word : word.substring(0, 2));
            int equals = name == null ? -1 : name.indexOf('=');
            if (word.startsWith("--")) {
                given = equals < 0 ? null : name.substring(equals + 1);
                name = equals < 0 ? name : name.substring(0, equals);
            }
            if (name == null || !KNOWN.contains(name) && !IGNORED.contains(name)) {
                throw new IllegalArgumentException("bad command line options: " + word + " is unknown"
                        + Nearest.hint(name == null ? word : name, KNOWN));
            }
            if (FLAGS.contains(name)) {
                flag(name);
            } else if (given == null && left.isEmpty()) {
                throw new IllegalArgumentException("bad command line options: missing parameter of " + word);
            } else if (!IGNORED.contains(name)) {
                value(name, given == null ? left.poll() : given);
            } else if (given == null) {
                left.poll();
            }
        }
    }

    private void flag(String name) {
        switch (name) {
            case "dhcp-authoritative" -> server.authoritative = true;
            case "dhcp-sequential-ip" -> server.sequential = true;
            case "no-ping" -> server.ping = false;
            case "no-daemon", "keep-in-foreground" -> foreground = true;
            default -> names.flag(name);
        }
    }

    private void value(String name, String text) {
        try {
            List<String> parts = Arrays.asList(text.split(",", -1));
            switch (name) {
                case "dhcp-range" -> server.add(range(parts));
                case "dhcp-host" -> server.add(host(parts));
                case "dhcp-option" -> server.add(setting(parts, false));
                case "dhcp-option-force" -> server.add(setting(parts, true));
                case "dhcp-relay" ->
                    relays.add(new Relay(Ipv4Address.bits(parts.get(0)), Ipv4Address.bits(parts.get(1))));
                case "dhcp-lease-max" -> server.most = Integer.parseUnsignedInt(text);
                case "dhcp-leasefile" -> leaseFile = text;
                case "interface" -> interfaces.addAll(parts);
                case "domain" -> server.domain = parts.get(0);
                case "port" -> port(Integer.parseUnsignedInt(text));
                default -> names.value(name, text, parts);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("bad " + name + " at '" + text + "'", e);
        }
    }

    private void port(int number) {
        if (number > 0xffff) {
            throw new IllegalArgumentException("no port");
        }
        server.dns = number != 0;
        names.port = number;
    }

    /** {@code [set:TAG,]START,END[,MASK[,BROADCAST]][,LEASE]}. */
    private static Range range(List<String> words) {
        String tag = tag(words.get(0), "set:");
        List<String> parts = tag == null ? words : words.subList(1, words.size());
        int start = Ipv4Address.bits(parts.get(0));
        int end = Ipv4Address.bits(parts.get(1));
        if (Integer.compareUnsigned(start, end) > 0) {
            throw new IllegalArgumentException("inconsistent DHCP range");
        }
        int mask = 0;
        long seconds = HOUR;
        for (int i = 2; i < parts.size(); i++) {
            if (parts.get(i).indexOf('.') < 0) {
                seconds = seconds(parts.get(i));
            } else if (i == 2) {
                mask = Ipv4Address.bits(parts.get(i));
            }
        }
        return new Range(start, end, mask, seconds, tag);
    }

    /** What follows a prefix; null where something else stands. */
    private static String tag(String word, String prefix) {
        if (!word.startsWith(prefix)) {
            return null;
        } else if (word.length() == prefix.length()) {
            throw new IllegalArgumentException(word);
        }
        return word.substring(prefix.length());
    }

    /** {@code 120}, {@code 2m}, {@code 12h}, {@code 1d}, {@code 1w} or {@code infinite}. */
    private static long seconds(String text) {
        if (text.equals("infinite")) {
            return DhcpServerPlan.INFINITE;
        }
        int unit = "smhdw".indexOf(text.charAt(text.length() - 1));
        long number = Long.parseLong(unit < 0 ? text : text.substring(0, text.length() - 1));
        long scale = new long[] {1, 1, 60, HOUR, 24 * HOUR, 7 * 24 * HOUR}[unit + 1];
        if (number < 0 || number > DhcpServerPlan.INFINITE / scale) {
            throw new IllegalArgumentException(text);
        }
        return Math.max(LEAST, number * scale);
    }

    /** {@code MAC[,ADDRESS][,NAME]} in any order. */
    private static Reservation host(List<String> parts) {
        long mac = -1;
        int address = 0;
        String name = null;
        for (String part : parts) {
            if (part.matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
                mac = MacAddress.bits(part);
            } else if (part.matches("[0-9.]+")) {
                address = Ipv4Address.bits(part);
            } else if (part.matches("[A-Za-z][A-Za-z0-9-]*")) {
                name = part;
            } else {
                throw new IllegalArgumentException(part);
            }
        }
        if (mac < 0) {
            throw new IllegalArgumentException("no MAC");
        }
        return new Reservation(mac, address, name);
    }

    /** {@code [tag:[!]TAG,]...CODE|option:NAME,VALUE...}: addresses, a number or a text. */
    private static Setting setting(List<String> words, boolean always) {
        List<String> tags = new ArrayList<>();
        List<String> parts = words;
        for (String tag = tag(parts.get(0), "tag:"); tag != null; tag = tag(parts.get(0), "tag:")) {
            tags.add(tag);
            parts = parts.subList(1, parts.size());
        }
        String first = parts.get(0);
        Integer named = first.startsWith("option:") ? CODES.get(first.substring(7)) : null;
        int code = named != null ? named : Integer.parseUnsignedInt(first);
        if (code < 1 || code > 254) {
            throw new IllegalArgumentException(first);
        }
        List<String> values = parts.subList(1, parts.size());
        var bytes = new ByteArrayOutputStream();
        if (!values.isEmpty() && values.stream().allMatch(each -> each.matches("\\d+(\\.\\d+){3}"))) {
            for (String each : values) {
                word(bytes, Ipv4Address.bits(each));
            }
        } else if (values.size() == 1 && values.get(0).matches("\\d+")) {
            number(bytes, code, Integer.parseUnsignedInt(values.get(0)));
        } else {
            bytes.writeBytes(String.join(",", values).getBytes(StandardCharsets.UTF_8));
        }
        return new Setting(code, bytes.toByteArray(), always, tags);
    }

    private static void number(ByteArrayOutputStream into, int code, int value) {
        if (code == CODES.get("mtu")) {
            into.write(value >> 8);
            into.write(value);
        } else if (value > 0xff || code == DhcpOption.LEASE_TIME) {
            word(into, value);
        } else {
            into.write(value);
        }
    }

    private static void word(ByteArrayOutputStream into, int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            into.write(value >> shift);
        }
    }
}
