package io.hopscope.devices.programs;

import io.hopscope.devices.NameService;
import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsRecord;
import io.hopscope.protocols.dns.DnsServerPlan;
import io.hopscope.protocols.dns.DnsServerPlan.Named;
import io.hopscope.protocols.dns.DnsServerPlan.Upstream;
import java.util.ArrayList;
import java.util.List;

/** The options of a dnsmasq command line that are about DNS. */
final class DnsmasqNames {
    private static final String HOSTS = "/etc/hosts";

    final DnsServerPlan plan = new DnsServerPlan();
    int port = Dns.PORT;
    /** --no-hosts is the opposite. */
    private boolean hosts = true;
    /** --no-resolv is the opposite. */
    private boolean resolv = true;

    private boolean expand;

    void flag(String name) {
        switch (name) {
            case "no-hosts" -> hosts = false;
            case "no-resolv" -> resolv = false;
            case "expand-hosts" -> expand = true;
            case "domain-needed" -> plan.domainNeeded = true;
            case "bogus-priv" -> plan.bogusPrivate = true;
            case "log-queries" -> plan.log = true;
            default -> {}
        }
    }

    /**
     * @param parts what stands between commas
     * @throws IllegalArgumentException for what is wrong
     */
    void value(String name, String text, List<String> parts) {
        switch (name) {
            case "address" -> address(text);
            case "server", "local" -> server(text);
            case "host-record" -> host(parts);
            case "cname" -> cname(parts);
            case "mx-host" -> {
                int preference = parts.size() > 2 ? number(parts.get(2), 0xffff) : 1;
                plan.record(DnsRecord.mx(domain(parts.get(0)), -1, preference, domain(parts.get(1))));
            }
            case "srv-host" -> service(parts);
            case "txt-record" -> plan.record(DnsRecord.txt(domain(parts.get(0)), Dns.IN, -1, texts(parts)));
            case "ptr-record" -> plan.record(DnsRecord.name(domain(parts.get(0)), Dns.PTR, -1, domain(parts.get(1))));
            case "local-ttl" -> plan.ttl = number(text, Integer.MAX_VALUE);
            case "cache-size" -> plan.cache = number(text, 10_000);
            default -> throw new IllegalArgumentException(name);
        }
    }

    /** {@code /DOMAIN/[DOMAIN/]ADDRESS}, without address for what does not exist, # for no address at all. */
    private void address(String text) {
        List<String> parts = slashed(text);
        String what = parts.get(parts.size() - 1);
        for (String each : parts.subList(0, parts.size() - 1)) {
            String domain = each.equals("#") ? "" : domain(each);
            if (what.isEmpty()) {
                plan.local(domain);
            } else if (what.equals("#")) {
                plan.address(domain, 0).address(domain, new byte[16]);
            } else {
                plan.address(domain, ip(what));
            }
        }
    }

    /** {@code [/DOMAIN/[DOMAIN/]]ADDRESS[#PORT]}; without address nobody is asked. */
    private void server(String text) {
        List<String> parts = text.startsWith("/") ? slashed(text) : List.of("", text);
        String what = parts.get(parts.size() - 1);
        for (String each : parts.subList(0, parts.size() - 1)) {
            if (what.isEmpty()) {
                plan.local(domain(each));
                continue;
            }
            int hash = what.indexOf('#');
            int toPort = hash < 0 ? Dns.PORT : number(what.substring(hash + 1), 0xffff);
            int address = Ipv4Address.bits(hash < 0 ? what : what.substring(0, hash));
            plan.server(domain(each), new Upstream(address, toPort));
        }
    }

    private static List<String> slashed(String text) {
        List<String> parts = List.of(text.split("/", -1));
        if (parts.size() < 3 || !parts.get(0).isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return parts.subList(1, parts.size());
    }

    /** {@code NAME[,NAME...][,ADDRESS][,IPV6-ADDRESS][,TTL]}. */
    private void host(List<String> parts) {
        List<String> names = new ArrayList<>();
        List<Object> addresses = new ArrayList<>();
        long ttl = -1;
        for (String each : parts) {
            boolean last = each.equals(parts.get(parts.size() - 1));
            if (each.matches("[0-9]+(\\.[0-9]+){3}") || each.indexOf(':') >= 0) {
                addresses.add(ip(each));
            } else if (last && !names.isEmpty() && each.matches("[0-9]+")) {
                ttl = number(each, Integer.MAX_VALUE);
            } else {
                names.add(domain(each));
            }
        }
        if (names.isEmpty() || addresses.isEmpty()) {
            throw new IllegalArgumentException("name and address");
        }
        for (Object each : addresses) {
            plan.host(new Named(names, each, ttl, "config"));
        }
    }

    /** {@code ALIAS[,ALIAS...],TARGET[,TTL]}. */
    private void cname(List<String> parts) {
        int last = parts.size() - 1;
        boolean timed = parts.size() > 2 && parts.get(last).matches("[0-9]+");
        long ttl = timed ? number(parts.get(last), Integer.MAX_VALUE) : -1;
        int target = timed ? last - 1 : last;
        for (String each : parts.subList(0, target)) {
            plan.record(DnsRecord.name(domain(each), Dns.CNAME, ttl, domain(parts.get(target))));
        }
        if (target == 0) {
            throw new IllegalArgumentException("no target");
        }
    }

    /** {@code _SERVICE._PROTOCOL.DOMAIN,TARGET[,PORT[,PRIORITY[,WEIGHT]]]}. */
    private void service(List<String> parts) {
        int[] numbers = {1, 0, 0};
        for (int i = 2; i < parts.size(); i++) {
            numbers[i - 2] = number(parts.get(i), 0xffff);
        }
        plan.record(DnsRecord.srv(domain(parts.get(0)), -1, numbers[1], numbers[2], numbers[0], domain(parts.get(1))));
    }

    private static List<String> texts(List<String> parts) {
        List<String> texts = parts.size() > 1 ? parts.subList(1, parts.size()) : List.of("");
        if (texts.stream().anyMatch(each -> each.length() > 255)) {
            throw new IllegalArgumentException("too long");
        }
        return texts;
    }

    private static Object ip(String text) {
        return text.indexOf(':') >= 0 ? DnsData.ipv6(text) : (Object) Ipv4Address.bits(text);
    }

    private static int number(String text, int most) {
        long value = Long.parseLong(text);
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(text);
        }
        return (int) value;
    }

    private static String domain(String text) {
        if (!DnsName.valid(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /**
     * The plan, with what the files of the host say when dnsmasq starts.
     *
     * @param domain --domain, or null
     */
    DnsServerPlan complete(NameService of, String domain) {
        if (hosts) {
            of.hosts().forEach(line -> plan.host(new Named(expanded(line.names(), domain), line.address(), -1, HOSTS)));
        }
        if (resolv) {
            of.settings().servers().stream()
                    .filter(each -> each >>> 24 != 127)
                    .forEach(each -> plan.server("", new Upstream(each, Dns.PORT)));
        }
        return plan;
    }

    /** --expand-hosts: names without a dot are hosts of the domain as well. */
    private List<String> expanded(List<String> names, String domain) {
        List<String> all = new ArrayList<>();
        for (String each : names) {
            if (expand && domain != null && each.indexOf('.') < 0) {
                all.add(each + "." + domain);
            }
            all.add(each);
        }
        return all;
    }

    int cacheSize() {
        return plan.cacheSize();
    }

    /** What the log says of /etc/hosts; null where it is not read. */
    String read(NameService of) {
        int count = of.hosts().stream().mapToInt(line -> line.names().size()).sum();
        return hosts ? "read /etc/hosts - " + count + " names" : null;
    }
}
