package io.hopscope.protocols.dns;

import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.List;

/**
 * What /etc/resolv.conf says (resolv.conf(5)).
 *
 * @param servers whom to ask, three at most; nobody means the host itself
 * @param search domains that are tried behind a name
 * @param dots names with as many dots are tried as they are first
 * @param timeout seconds to wait for a server at first
 * @param attempts how often all servers are tried
 */
public record ResolverSettings(List<Integer> servers, List<String> search, int dots, int timeout, int attempts) {
    /** What glibc heeds. */
    public static final int MOST_SERVERS = 3;

    public static final ResolverSettings NONE = new ResolverSettings(List.of(), List.of(), 1, 5, 2);

    private static final int LOCALHOST = 0x7f000001;

    public ResolverSettings {
        servers = List.copyOf(servers.subList(0, Math.min(MOST_SERVERS, servers.size())));
        search = List.copyOf(search);
    }

    /** With what DHCP brought. */
    public ResolverSettings with(List<Integer> nameservers, List<String> domains) {
        return new ResolverSettings(nameservers, domains, dots, timeout, attempts);
    }

    /** Options as in resolv.conf, which are limited there as well: {@code ndots:2}, {@code timeout:1}, {@code attempts:3}. */
    public ResolverSettings option(String name, int value) {
        return switch (name) {
            case "ndots" -> new ResolverSettings(servers, search, Math.min(value, 15), timeout, attempts);
            case "timeout" -> new ResolverSettings(servers, search, dots, Math.min(value, 30), attempts);
            case "attempts" -> new ResolverSettings(servers, search, dots, timeout, Math.min(value, 5));
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Whom a question goes to. */
    List<Integer> asked() {
        return servers.isEmpty() ? List.of(LOCALHOST) : servers;
    }

    /** Names to try for one, in order (res_search): without a dot it is a host of a search domain in the first place. */
    public List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(name.substring(0, name.length() - 1));
        }
        boolean first = name.chars().filter(c -> c == '.').count() >= dots;
        List<String> all = new ArrayList<>();
        if (first) {
            all.add(name);
        }
        search.forEach(domain -> all.add(domain.equals(".") ? name : name + "." + domain));
        if (!first) {
            all.add(name);
        }
        return all;
    }

    /** The lines of the file. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!search.isEmpty()) {
            lines.add("search " + String.join(" ", search));
        }
        servers.forEach(each -> lines.add("nameserver " + Ipv4Address.text(each)));
        String options = (dots == 1 ? "" : " ndots:" + dots)
                + (timeout == 5 ? "" : " timeout:" + timeout)
                + (attempts == 2 ? "" : " attempts:" + attempts);
        if (!options.isEmpty()) {
            lines.add("options" + options);
        }
        return lines;
    }
}
