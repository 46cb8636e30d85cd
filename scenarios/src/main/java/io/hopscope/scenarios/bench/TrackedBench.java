package io.hopscope.scenarios.bench;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.netfilter.Hooks;
import io.hopscope.protocols.netfilter.Packet;
import io.hopscope.protocols.netfilter.RulesText;
import io.hopscope.protocols.netfilter.Surroundings;
import io.hopscope.protocols.netfilter.Verdict;
import java.util.Map;
import java.util.SplittableRandom;

/** A million connections in the table of connections at once, each translated: what one of them takes of the heap. */
final class TrackedBench {
    static final int CONNECTIONS = 1_000_000;

    private static final String RULES = "*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n"
            + "*filter\n-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT\nCOMMIT\n";
    private static final int OUTSIDE = 0xc000_0201;
    private static final int CLIENTS = 0x0a00_0001;
    private static final int SERVERS = 0xc633_6401;
    /** Of the servers: so many clients share each, and their ports. */
    private static final int PER_SERVER = 20_000;

    private static final int LENGTH = 60;

    /** A router with one address outside. */
    private static final Surroundings ROUTER = new Surroundings() {
        private final SplittableRandom random = new SplittableRandom(1);

        @Override
        public Kind kind(int address, String device) {
            return address == OUTSIDE ? Kind.LOCAL : Kind.UNICAST;
        }

        @Override
        public int source(String out, int destination) {
            return OUTSIDE;
        }

        @Override
        public int first(String in) {
            return OUTSIDE;
        }

        @Override
        public boolean leadsBack(int source, int destination, int mark, String in, boolean loose, boolean local) {
            return true;
        }

        @Override
        public int mtu(int source, int destination) {
            return 1500;
        }

        @Override
        public void log(String line) {}

        @Override
        public int random(int bound) {
            return random.nextInt(bound);
        }
    };

    private final Hooks hooks = new Hooks(ROUTER);
    private final Packet packet = new Packet();
    private final byte[] bytes = new byte[LENGTH];
    private final Ipv4 ip = new Ipv4();

    private TrackedBench() {
        RulesText.restore(hooks.rules(), RULES, true, true);
        hooks.conntrack().limit(0);
    }

    private void pass(int i, long now) {
        int at = Ethernet.LENGTH;
        ip.wrap(bytes, at)
                .start(LENGTH - at)
                .protocol(Ipv4.UDP)
                .source(CLIENTS + i)
                .destination(SERVERS + i / PER_SERVER)
                .seal();
        new Udp()
                .wrap(bytes, at + Ipv4.LENGTH)
                .set(5000 + i % 7, 53, LENGTH - at - Ipv4.LENGTH)
                .seal(CLIENTS + i, SERVERS + i / PER_SERVER);
        Packet p = packet.wrap(bytes, at, now).from("eth1");
        boolean out = hooks.prerouting(p) == Verdict.ACCEPT
                && hooks.forward(p.to("eth0")) == Verdict.ACCEPT
                && hooks.postrouting(p.from(null)) == Verdict.ACCEPT;
        if (!out) {
            throw new IllegalStateException("connection " + i + " was not taken");
        }
    }

    private void fill(int connections) {
        for (int i = 0; i < connections; i++) {
            // A million within a second: none is over yet.
            pass(i, i * 1_000_000L);
        }
    }

    /** Adds what was measured. */
    static void measure(Map<String, Object> all, int connections) {
        // What is loaded with the first is not counted.
        new TrackedBench().fill(1000);
        long before = FabricBench.used();
        TrackedBench bench = new TrackedBench();
        bench.fill(connections);
        long bytes = FabricBench.used() - before;
        if (bench.hooks.conntrack().count() != connections) {
            throw new IllegalStateException(bench.hooks.conntrack().count() + " connections of " + connections);
        }
        all.put("bytesPerTracked", (bytes + connections - 1) / connections);
        all.put("tracked", connections);
    }
}
