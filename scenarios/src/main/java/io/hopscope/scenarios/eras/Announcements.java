package io.hopscope.scenarios.eras;

import io.hopscope.core.Node;
import io.hopscope.core.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;

/**
 * Everybody comes up once, in random order: says whose address is where (gratuitous ARP) and asks for the gateway. No
 * faster than what the cores' policing lets through, or a service gives addresses out.
 */
final class Announcements {
    private final List<Site.Arrival> who;
    private final long from;
    private final long spacing;
    private final long afterwards;
    private final ObjLongConsumer<Site.Arrival> start;
    /** Ranks in the order of coming. */
    private final int[] rank;

    Announcements(Site site, long from, RandomStream random) {
        this.from = from;
        spacing = site.spacing;
        afterwards = site.afterwards;
        start = site.start;
        who = site.arrivals;
        rank = new int[who.size()];
        for (int i = 0; i < rank.length; i++) {
            int other = random.nextInt(i + 1);
            rank[i] = rank[other];
            rank[other] = i;
        }
        List<List<Integer>> byServer = new ArrayList<>();
        for (int i = 0; i < rank.length; i++) {
            int server = who.get(i).server();
            while (byServer.size() <= server) {
                byServer.add(new ArrayList<>());
            }
            byServer.get(server).add(i);
            site.coming.accept(who.get(i), instant(i));
        }
        for (List<Integer> each : byServer) {
            if (!each.isEmpty()) {
                each.sort((a, b) -> Integer.compare(rank[a], rank[b]));
                next(who.get(each.get(0)).host().node(), each, 0);
            }
        }
    }

    private long instant(int arrival) {
        return from + rank[arrival] * spacing;
    }

    /** One after the other, so that there is one timeline entry a node. */
    private void next(Node node, List<Integer> all, int at) {
        if (at < all.size()) {
            node.at(instant(all.get(at)), now -> {
                start.accept(who.get(all.get(at)), now);
                next(node, all, at + 1);
            });
        }
    }

    /** How many have come by an instant. */
    int come(long instant) {
        return instant < from ? 0 : (int) Math.min(who.size(), (instant - from) / spacing + 1);
    }

    /** When the last one has come, and what that brought about is over. */
    long end() {
        return from + who.size() * spacing + afterwards;
    }
}
