package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4Address;
import java.util.List;
import java.util.Map;

/** xt_recent: whether an address was seen lately, on a list that rules share by its name. */
final class RecentMatch extends Match {
    private static final List<String> ACTIONS = List.of("--set", "--rcheck", "--update", "--remove");
    private static final List<String> SAYS = List.of("SET", "CHECK", "UPDATE", "REMOVE");
    private static final long SECOND = 1_000_000_000_000L;
    private static final int MOST_HITS = 255;
    private static final int TTL = 8;
    private static final int SET = 0;
    private static final int UPDATE = 2;
    private static final int REMOVE = 3;

    private final Map<String, RecentList> lists;
    private RecentList list;
    private String name = "DEFAULT";
    private int action = -1;
    private boolean inverted;
    private long seconds;
    private int hits;
    private boolean reap;
    private boolean sameTtl;
    private boolean destination;
    private int mask = -1;

    RecentMatch(Map<String, RecentList> lists) {
        this.lists = lists;
    }

    @Override
    String name() {
        return "recent";
    }

    @Override
    List<String> options() {
        return List.of(
                "--set",
                "--rcheck",
                "--update",
                "--remove",
                "--seconds",
                "--reap",
                "--hitcount",
                "--rttl",
                "--name",
                "--mask",
                "--rsource",
                "--rdest");
    }

    @Override
    void option(String option, boolean not, Words words) {
        if (not && !ACTIONS.contains(option)) {
            throw words.missing("'!' before " + option, "'!' before one of " + String.join(", ", ACTIONS));
        }
        switch (option) {
            case "--seconds" -> seconds = words.number("a number of seconds", 1, Integer.MAX_VALUE);
            case "--reap" -> reap = true;
            case "--hitcount" -> hits = (int) words.number("a number of packets", 1, MOST_HITS);
            case "--rttl" -> sameTtl = true;
            case "--name" -> name = words.take("a list's name");
            case "--mask" -> mask = words.address();
            case "--rsource" -> destination = false;
            case "--rdest" -> destination = true;
            default -> {
                if (action >= 0) {
                    throw words.missing(option + " beside " + ACTIONS.get(action), "one of them");
                }
                action = ACTIONS.indexOf(option);
                inverted = not;
            }
        }
    }

    @Override
    void complete(Words words) {
        if (action < 0) {
            throw words.missing("recent without an option", "one of " + String.join(", ", ACTIONS));
        } else if (reap && seconds == 0) {
            throw words.missing("--reap without --seconds", "--seconds");
        } else if ((action == SET || action == REMOVE) && (seconds > 0 || hits > 0)) {
            throw words.missing("--seconds or --hitcount with " + ACTIONS.get(action), "--rcheck or --update");
        } else if ((action == SET || action == REMOVE) && sameTtl) {
            throw words.missing("--rttl with " + ACTIONS.get(action), "--rcheck or --update");
        }
    }

    /** A list is there as long as rules are that name it (recent_mt_check, recent_mt_destroy). */
    @Override
    void use(int by) {
        if (by > 0) {
            list = lists.computeIfAbsent(name, key -> new RecentList());
            list.room(hits);
        }
        if (list.use(by) == 0) {
            lists.remove(name, list);
        }
    }

    /** recent_mt. */
    @Override
    boolean matches(Packet p) {
        int address = (destination ? p.destination : p.source) & mask;
        // As it was before it was passed on.
        int ttl = (p.bytes[p.at + TTL] & 0xff) + (p.out != null ? 1 : 0);
        RecentList.Entry entry = list.find(address, sameTtl ? ttl : 0);
        if (entry == null) {
            if (action == SET) {
                list.see(address, ttl, p.now);
            }
            return (action == SET) != inverted;
        }
        boolean found = action == SET || action == REMOVE;
        if (action == REMOVE) {
            list.remove(address);
        } else if (action != SET) {
            long since = seconds == 0 ? Long.MIN_VALUE : p.now - seconds * SECOND;
            found = entry.since(since) >= Math.max(1, hits);
            if (reap) {
                list.reap(since, action == UPDATE && found != inverted ? entry : null);
            }
        }
        if (action == SET || action == UPDATE && found != inverted) {
            list.see(address, ttl, p.now);
        }
        return found != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(' ').append(ACTIONS.get(action));
        out.append(seconds > 0 ? " --seconds " + seconds : "").append(reap ? " --reap" : "");
        out.append(hits > 0 ? " --hitcount " + hits : "").append(sameTtl ? " --rttl" : "");
        out.append(" --name ").append(name).append(" --mask ").append(Ipv4Address.text(mask));
        out.append(destination ? " --rdest" : " --rsource");
    }

    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        out.append(inverted ? " !" : "").append(" recent: ").append(SAYS.get(action));
        out.append(seconds > 0 ? " seconds: " + seconds : "").append(reap ? " reap" : "");
        out.append(hits > 0 ? " hit_count: " + hits : "").append(sameTtl ? " TTL-Match" : "");
        out.append(" name: ").append(name).append(destination ? " side: dest" : " side: source");
        out.append(" mask: ").append(Ipv4Address.text(mask));
    }
}
