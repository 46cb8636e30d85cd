package io.hopscope.protocols.stp;

import io.hopscope.encap.Bpdu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Spanning trees joined by links that take a millisecond; what each port may do is checked as time goes by. */
final class Bridges {
    static final long SECOND = 1_000_000_000_000L;
    static final long MILLI = SECOND / 1000;

    private record End(String bridge, int port) {}

    private record Message(long arrival, End to, byte[] bytes) {}

    private final class Owner implements SpanningTree.Owner {
        final String name;
        int flushes;
        boolean fast;
        int sent;
        int lastVersion = -1;

        Owner(String name) {
            this.name = name;
        }

        @Override
        public void send(int port, Bpdu bpdu, int length, long at) {
            byte[] bytes = new byte[length];
            bpdu.copyTo(bytes, 0, length);
            sent++;
            lastVersion = bpdu.version();
            End peer = links.get(new End(name, port));
            if (peer != null) {
                flying.add(new Message(at + MILLI, peer, bytes));
            }
        }

        @Override
        public void changed(int port, PortState state, long at) {
            log.add(at / MILLI + " " + name + port + " " + state);
        }

        @Override
        public void flush(int port, long at) {
            flushes++;
        }

        @Override
        public void hurry(boolean on, long forwardDelay, long at) {
            fast = on;
        }
    }

    private final Map<String, SpanningTree> trees = new LinkedHashMap<>();
    private final Map<String, Owner> owners = new LinkedHashMap<>();
    private final Map<End, End> links = new LinkedHashMap<>();
    private final List<Message> flying = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    long now;

    SpanningTree add(String name, int ports, BiFunction<SpanningTree.Owner, Long, SpanningTree> maker) {
        Owner owner = new Owner(name);
        SpanningTree tree = maker.apply(owner, trees.size() + 1L);
        for (int i = 0; i < ports; i++) {
            tree.add(128, 4, false);
        }
        trees.put(name, tree);
        owners.put(name, owner);
        tree.start(now);
        return tree;
    }

    void join(String a, int portOfA, String b, int portOfB) {
        End one = new End(a, portOfA);
        End other = new End(b, portOfB);
        links.put(one, other);
        links.put(other, one);
        trees.get(a).link(portOfA, true, now);
        trees.get(b).link(portOfB, true, now);
    }

    /** A link to a host: nothing answers. */
    void host(String bridge, int port) {
        trees.get(bridge).link(port, true, now);
    }

    void cut(String bridge, int port) {
        End end = new End(bridge, port);
        End peer = links.remove(end);
        links.remove(peer);
        flying.removeIf(each -> each.to.equals(end) || each.to.equals(peer));
        trees.get(bridge).link(port, false, now);
        trees.get(peer.bridge).link(peer.port, false, now);
    }

    /** What the end says is lost, although the link is up. */
    void deafen(String bridge, int port) {
        links.remove(new End(bridge, port));
    }

    void run(long until) {
        while (true) {
            long next = Long.MAX_VALUE;
            for (SpanningTree tree : trees.values()) {
                next = Math.min(next, tree.nextDeadline());
            }
            Message first = null;
            for (Message each : flying) {
                first = first == null || each.arrival < first.arrival ? each : first;
            }
            if (first != null && first.arrival <= next) {
                if (first.arrival > until) {
                    break;
                }
                now = first.arrival;
                flying.remove(first);
                if (Bpdu.fits(first.bytes, 0, first.bytes.length)) {
                    trees.get(first.to.bridge).receive(first.to.port, new Bpdu().wrap(first.bytes, 0), now);
                }
            } else {
                if (next > until) {
                    break;
                }
                now = next;
                for (SpanningTree tree : trees.values()) {
                    if (tree.nextDeadline() <= now) {
                        tree.wake(now);
                    }
                }
            }
            if (loops()) {
                throw new AssertionError("a loop of forwarding ports at " + now / MILLI + " ms: " + log);
            }
        }
        now = until;
    }

    /** Whether forwarding ports at both ends of links make a loop. */
    private boolean loops() {
        List<String> names = new ArrayList<>(trees.keySet());
        int[] group = new int[names.size()];
        Arrays.setAll(group, i -> i);
        for (Map.Entry<End, End> link : links.entrySet()) {
            int a = names.indexOf(link.getKey().bridge);
            int b = names.indexOf(link.getValue().bridge);
            boolean once = a < b || a == b && link.getKey().port < link.getValue().port;
            if (once && state(link.getKey()) && state(link.getValue())) {
                if (root(group, a) == root(group, b)) {
                    return true;
                }
                group[root(group, a)] = root(group, b);
            }
        }
        return false;
    }

    private static int root(int[] group, int at) {
        return group[at] == at ? at : root(group, group[at]);
    }

    private boolean state(End end) {
        return trees.get(end.bridge).state(end.port).forwards();
    }

    /** Roles and states, {@code root forwarding, alternate blocking}. */
    String ports(String bridge) {
        StringBuilder text = new StringBuilder();
        for (SpanningTree.PortView port : trees.get(bridge).ports()) {
            text.append(text.length() == 0 ? "" : ", ")
                    .append(port.role())
                    .append(' ')
                    .append(port.state());
        }
        return text.toString();
    }

    List<String> names() {
        return List.copyOf(trees.keySet());
    }

    boolean fast(String bridge) {
        return owners.get(bridge).fast;
    }

    int flushes(String bridge) {
        return owners.get(bridge).flushes;
    }

    int lastVersion(String bridge) {
        return owners.get(bridge).lastVersion;
    }

    int sent(String bridge) {
        return owners.get(bridge).sent;
    }
}
