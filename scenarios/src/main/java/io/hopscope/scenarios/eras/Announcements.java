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

    private final List<Site.Endpoint> who;
    private final long from;
    /** Ranks in the order of coming, by endpoint. */
    private final int[] rank;

    Announcements(List<Site.Endpoint> who, long from, RandomStream random) {
        this.who = who;
        this.from = from;
        rank = new int[who.size()];
        for (int i = 0; i < rank.length; i++) {
            int other = random.nextInt(i + 1);
            rank[i] = rank[other];
            rank[other] = i;
        }
        List<List<Integer>> byNode = new ArrayList<>();
        for (int i = 0; i < rank.length; i++) {
            int node = who.get(i).group();
            while (byNode.size() <= node) {
                byNode.add(new ArrayList<>());
            }
            byNode.get(node).add(i);
        }
        for (List<Integer> each : byNode) {
            if (!each.isEmpty()) {
                each.sort((a, b) -> Integer.compare(rank[a], rank[b]));
                next(who.get(each.get(0)).host().node(), each, 0);
            }
        }
    }

    /** One after the other, so that there is one timeline entry a node. */
    private void next(Node node, List<Integer> all, int at) {
        if (at < all.size()) {
            node.at(from + rank[all.get(at)] * SPACING, now -> {
                announce(who.get(all.get(at)), now);
                next(node, all, at + 1);
            });
        }
    }

    private static void announce(Site.Endpoint endpoint, long now) {
        GratuitousArp.announce(endpoint.eth0(), endpoint.eth0().mac());
        endpoint.host().stack().neighbourTable().use(endpoint.eth0().index(), endpoint.gateway(), now);
        endpoint.host().rearm();
    }

    /** When the last one has come, and what that brought about is over. */
    long end() {
        return from + (who.size() + 500) * SPACING;
    }
}
