package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sets in a {@code list:set}, in order: it has what one of them has. */
final class SetParts {
    private final Map<IpSet, SetEntry> parts = new LinkedHashMap<>();
    /** The same, for packets. */
    private IpSet[] sets = {};

    private SetEntry[] entries = {};

    private void settle() {
        sets = parts.keySet().toArray(IpSet[]::new);
        entries = parts.values().toArray(SetEntry[]::new);
    }

    SetEntry get(IpSet set) {
        return parts.get(set);
    }

    int size() {
        return parts.size();
    }

    /**
     * @param before null for the end, or behind {@code after}
     */
    void put(IpSet set, SetEntry entry, IpSet before, IpSet after) {
        if (parts.put(set, entry) == null) {
            set.use(1);
            Map<IpSet, SetEntry> old = new LinkedHashMap<>(parts);
            old.remove(set);
            parts.clear();
            old.forEach((each, its) -> {
                if (each == before) {
                    parts.put(set, entry);
                }
                parts.put(each, its);
                if (each == after) {
                    parts.put(set, entry);
                }
            });
            parts.putIfAbsent(set, entry);
        }
        settle();
    }

    void remove(IpSet set) {
        if (parts.remove(set) != null) {
            set.use(-1);
            settle();
        }
    }

    void clear() {
        List.copyOf(parts.keySet()).forEach(this::remove);
    }

    void sweep(long now) {
        List.copyOf(parts.keySet()).stream()
                .filter(each -> parts.get(each).gone(now))
                .forEach(this::remove);
    }

    /** list_set_ktest; sets that ask for more than there are directions are passed over. */
    SetEntry find(Packet p, List<Boolean> fromSource) {
        for (int i = 0; i < sets.length; i++) {
            if (!entries[i].gone(p.now) && sets[i].dimensions() <= fromSource.size() && sets[i].has(p, fromSource)) {
                return entries[i];
            }
        }
        return null;
    }

    List<String> texts(SetOptions options, long now) {
        List<String> all = new ArrayList<>();
        parts.forEach((set, entry) -> {
            StringBuilder text = new StringBuilder(set.name());
            entry.print(text, options, now);
            all.add(text.toString());
        });
        return all;
    }

    boolean live() {
        for (IpSet each : sets) {
            if (each.live()) {
                return true;
            }
        }
        return false;
    }
}
