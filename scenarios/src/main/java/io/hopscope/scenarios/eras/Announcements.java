package io.hopscope.scenarios.eras;

import io.hopscope.core.Node;
import io.hopscope.core.RandomStream;
import io.hopscope.devices.GratuitousArp;
import java.util.ArrayList;
import java.util.List;

/**
 * Everybody comes up once, at a random instant: says whose address is where (gratuitous ARP) and asks for the gateway. No
 * faster than what the cores' policing lets through.
 */
final class Announcements {
    /** Two ARP packets an endpoint, when SONiC lets 600 a second through. */
    private static final long SPACING = 4_000_000_000L;
    /** For what the last one brings about, in spacings. */
    private static final int AFTERWARDS = 500;

    private final List<Site.Arrival> who;
    private final long from;
    /** Ranks in the order of coming. */
    private final int[] rank;

    Announcements(Site site, long from, RandomStream random) {
        this.from = from;
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
        return from + rank[arrival] * SPACING;
    }

    /** One after the other, so that there is one timeline entry a node. */
    private void next(Node node, List<Integer> all, int at) {
        if (at < all.size()) {
            node.at(instant(all.get(at)), now -> {
                announce(who.get(all.get(at)), now);
                next(node, all, at + 1);
            });
        }
    }

    private static void announce(Site.Arrival arrival, long now) {
        GratuitousArp.announce(arrival.eth0(), arrival.eth0().mac());
        arrival.host().stack().neighbourTable().use(arrival.eth0().index(), arrival.gateway(), now);
        arrival.host().rearm();
    }

    /** How many have come by an instant. */
    int come(long instant) {
        return instant < from ? 0 : (int) Math.min(who.size(), (instant - from) / SPACING + 1);
    }

    /** When the last one has come, and what that brought about is over. */
    long end() {
        return from + (who.size() + AFTERWARDS) * SPACING;
    }
}
