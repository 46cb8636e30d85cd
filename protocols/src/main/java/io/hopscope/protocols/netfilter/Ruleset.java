package io.hopscope.protocols.netfilter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of one network namespace, and its sets. */
public final class Ruleset {
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final IpSets sets = new IpSets(this::changed);
    private final Map<String, RecentList> recent = new LinkedHashMap<>();
    private Runnable watch = () -> {};
    private Runnable counting = () -> {};

    /**
     * There is one watch at most.
     *
     * @param afterChange called after each change of a rule or a set
     * @param beforeReading called before counters are read or set
     */
    void watch(Runnable afterChange, Runnable beforeReading) {
        watch = afterChange;
        counting = beforeReading;
    }

    void changed() {
        watch.run();
    }

    /** The counters are to be right. */
    public void settle() {
        counting.run();
    }

    public IpSets sets() {
        return sets;
    }

    /** Lists of addresses seen lately, by name. */
    Map<String, RecentList> recent() {
        return recent;
    }

    /** Null for a table that nothing has asked for yet. */
    public Table table(String name) {
        return tables.get(name);
    }

    /** In the order of their making. */
    public List<Table> tables() {
        return List.copyOf(tables.values());
    }

    void put(Table table) {
        settle();
        Table old = tables.put(table.name(), table);
        if (old != null && old != table) {
            old.chains().forEach(Chain::flush);
        }
        changed();
    }

    /** Whether a rule asks connection tracking for something, or the nat table is there. */
    public boolean tracks() {
        for (Table each : tables.values()) {
            if (each.name().equals("nat") || each.chains().stream().anyMatch(Ruleset::tracks)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a rule asks for ports of bridges. */
    boolean bridged() {
        for (Table each : tables.values()) {
            for (Chain chain : each.chains()) {
                for (Rule rule : chain.rules()) {
                    for (Match match : rule.matches()) {
                        if (match instanceof PhysdevMatch) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static boolean tracks(Chain chain) {
        for (Rule rule : chain.rules()) {
            if (rule.target() instanceof CtTarget || rule.target() instanceof ConnmarkTarget) {
                return true;
            }
            for (Match match : rule.matches()) {
                if (match instanceof ConntrackMatch || match instanceof StateMatch || match.needs() == Match.CONNMARK) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Before the run ends, or power is lost: nothing is left. */
    public void clear() {
        tables.clear();
        sets.clear();
        recent.clear();
        changed();
    }
}
