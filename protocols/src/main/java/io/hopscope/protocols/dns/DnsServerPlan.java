package io.hopscope.protocols.dns;

import io.hopscope.encap.DnsName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a server is told to do, in the terms of dnsmasq's options. */
public final class DnsServerPlan {
    /** dnsmasq has room for so many answers of others. */
    private static final int CACHE = 150;

    /** An address and its names; the first is the one that a PTR record gives. */
    public record Named(List<String> names, Object address, long ttl, String source) {
        /**
         * @param address an {@link Integer}, or 16 bytes
         * @param ttl seconds; -1 for the server's own
         * @param source as the log names it: config, /etc/hosts
         */
        public Named {
            names = List.copyOf(names);
        }

        DnsRecord record(String name, long seconds) {
            return address instanceof Integer four
                    ? DnsRecord.a(name, seconds, four)
                    : DnsRecord.aaaa(name, seconds, (byte[]) address);
        }

        boolean called(String key) {
            return names.stream().anyMatch(each -> DnsQuestion.key(each).equals(key));
        }
    }

    /** Where questions are passed on to. */
    public record Upstream(int address, int port) {}

    /**
     * What becomes of a domain with all below it.
     *
     * @param domain empty for everything
     * @param upstream --server; null for --local, and where {@code address} says more
     * @param address --address: an {@link Integer}, 16 bytes, or null for none
     */
    record Rule(String domain, Upstream upstream, Object address) {
        boolean covers(String key) {
            return domain.isEmpty() || key.equals(domain) || key.endsWith("." + domain);
        }
    }

    final List<Named> hosts = new ArrayList<>();
    final List<Rule> rules = new ArrayList<>();
    /** CNAME, MX, SRV, TXT and PTR records. */
    final List<DnsRecord> records = new ArrayList<>();
    /** --local-ttl. */
    public long ttl;
    /** --cache-size. */
    public int cache = CACHE;
    /** --domain-needed: names without a dot are not passed on. */
    public boolean domainNeeded;
    /** --bogus-priv: neither are reverse queries of private addresses. */
    public boolean bogusPrivate;
    /** --log-queries. */
    public boolean log;

    public DnsServerPlan host(Named entry) {
        hosts.add(entry);
        return this;
    }

    /** A record that is answered as it is; its TTL may be -1 for the server's own. */
    public DnsServerPlan record(DnsRecord record) {
        // dnsmasq keeps them in the reverse of their order, and it shows.
        records.add(0, record);
        return this;
    }

    /** --server; an empty domain is everything. */
    public DnsServerPlan server(String domain, Upstream upstream) {
        rules.add(new Rule(DnsQuestion.key(domain), upstream, null));
        return this;
    }

    /** --local: what is not known of the domain does not exist. */
    public DnsServerPlan local(String domain) {
        rules.add(new Rule(DnsQuestion.key(domain), null, null));
        return this;
    }

    /**
     * --address.
     *
     * @param address an {@link Integer}, or 16 bytes
     */
    public DnsServerPlan address(String domain, Object address) {
        rules.add(new Rule(DnsQuestion.key(domain), null, address));
        return this;
    }

    /** How many answers of others it keeps. */
    public int cacheSize() {
        return cache;
    }

    /** Whom it asks, each once, with the domain it is asked about. */
    public List<String> upstreams() {
        Set<String> lines = new LinkedHashSet<>();
        for (Rule each : rules) {
            if (each.upstream != null) {
                String at = DnsServer.text(each.upstream);
                lines.add("using nameserver " + at + (each.domain.isEmpty() ? "" : " for domain " + each.domain + " "));
            } else if (each.address == null) {
                lines.add("using only locally-known addresses for " + each.domain);
            }
        }
        return List.copyOf(lines);
    }

    /** The address whose PTR record the name is that of; null where it is none. */
    static Integer reversed(String name) {
        String suffix = ".in-addr.arpa";
        String key = DnsQuestion.key(name);
        String[] parts = key.endsWith(suffix)
                ? key.substring(0, key.length() - suffix.length()).split("\\.", -1)
                : new String[0];
        int address = 0;
        for (int i = 3; parts.length == 4 && i >= 0; i--) {
            if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            address = address << 8 | Integer.parseInt(parts[i]);
        }
        return parts.length == 4 && DnsName.valid(name) ? (Integer) address : null;
    }
}
