package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What others have answered, until its time is over. */
final class DnsCache {
    private static final long SECOND = 1_000_000_000_000L;

    private record Key(String name, int type) {}

    /**
     * @param end in seconds, as dnsmasq reads its clock
     */
    private record Entry(DnsRecord record, long end) {}

    private final Map<Key, List<Entry>> entries = new LinkedHashMap<>();
    private final int most;
    private int size;

    DnsCache(int most) {
        this.most = most;
    }

    /** Takes the answers of a message, in place of what was known of the same names; those with a TTL of 0 are for now only. */
    void put(List<DnsRecord> answers, long now) {
        List<Key> fresh = new ArrayList<>();
        for (DnsRecord each : answers) {
            boolean kept = each.type() == Dns.A
                    || each.type() == Dns.AAAA
                    || each.type() == Dns.CNAME
                    || each.type() == Dns.PTR;
            if (!kept || each.kind() != Dns.IN || each.ttl() == 0 || most == 0) {
                continue;
            }
            Key key = new Key(DnsQuestion.key(each.name()), each.type());
            if (!fresh.contains(key)) {
                fresh.add(key);
                remove(key);
            }
            entries.computeIfAbsent(key, none -> new ArrayList<>(1)).add(new Entry(each, now / SECOND + each.ttl()));
            size++;
        }
        while (size > most) {
            remove(entries.keySet().iterator().next());
        }
    }

    private void remove(Key key) {
        List<Entry> gone = entries.remove(key);
        size -= gone == null ? 0 : gone.size();
    }

    /** Records of a name with what is left of their TTLs; none where one of them is over. */
    List<DnsRecord> find(String name, int type, long now) {
        Key key = new Key(DnsQuestion.key(name), type);
        List<Entry> found = entries.remove(key);
        if (found == null) {
            return List.of();
        }
        if (found.stream().anyMatch(each -> each.end <= now / SECOND)) {
            size -= found.size();
            return List.of();
        }
        // What is used goes last.
        entries.put(key, found);
        return found.stream()
                .map(each -> each.record.withTtl(each.end - now / SECOND))
                .toList();
    }
}
