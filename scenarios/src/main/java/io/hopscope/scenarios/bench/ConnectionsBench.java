package io.hopscope.scenarios.bench;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.devices.Host;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;
import io.hopscope.scenarios.eras.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Very many TCP connections at once: each is opened, asks, is answered, and stays open. What both ends of one take of the
 * heap then is what counts.
 */
public final class ConnectionsBench {
    private static final byte[] QUESTION = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    private static final int PORT = 80;
    /** Fewer than a host has ephemeral ports. */
    private static final int PER_CLIENT = 10_000;

    private static final int SERVER = 0x0a000001;
    private static final long SECOND = 1_000_000_000_000L;

    private final Network network = new Network(1, Costs.NONE);
    private final List<Host> clients = new ArrayList<>();
    private final List<Host> servers = new ArrayList<>();
    private long answered;

    /** Who asks reads what is answered. */
    private final TcpUser asker = new TcpUser() {
        @Override
        public void connected(TcpSocket socket, long now) {
            socket.write(QUESTION, 0, QUESTION.length, now);
        }

        @Override
        public void readable(TcpSocket socket, long now) {
            if (socket.skip(ANSWER.length, now) == ANSWER.length) {
                answered++;
            }
        }
    };

    private final TcpUser server = new TcpUser() {
        @Override
        public void readable(TcpSocket socket, long now) {
            if (socket.skip(QUESTION.length, now) == QUESTION.length) {
                socket.write(ANSWER, 0, ANSWER.length, now);
            }
        }
    };

    private ConnectionsBench(int pairs) {
        for (int i = 0; i < pairs; i++) {
            Host client = host("client" + i, SERVER + 1 + 4 * i);
            Host to = host("server" + i, SERVER + 4 * i);
            network.cable(client.port("eth0"), to.port("eth0"), CableSpec.DEFAULT.queue(100_000));
            to.stack().tcp().listen(0, PORT, 4096, (socket, now) -> socket.handler(server));
            clients.add(client);
            servers.add(to);
        }
    }

    private Host host(String name, int address) {
        Host host = new Host(network.node(name), "");
        host.addInterface("eth0", 0x0200_0000_0000L | address).address(new InterfaceAddress(address, 30));
        return host;
    }

    /** Opens connections 2 us apart. */
    private void open(int connections) {
        for (int i = 0; i < connections; i++) {
            int pair = i / PER_CLIENT;
            Host client = clients.get(pair);
            long at = SECOND + i % PER_CLIENT * 2_000_000L;
            client.node().at(at, now -> {
                TcpSocket socket = client.stack().tcp().socket().handler(asker);
                client.stack().tcp().connect(socket, SERVER + 4 * pair, PORT, now);
            });
        }
    }

    /**
     * The whole measurement.
     *
     * @param progress told between its parts
     * @param clock nanoseconds of real time
     */
    public static Map<String, Object> measure(int connections, Progress progress, LongSupplier clock) {
        progress.at("building", 0, 3);
        int pairs = (connections + PER_CLIENT - 1) / PER_CLIENT;
        // Another network does the same first, so that what is loaded and compiled is not counted.
        ConnectionsBench warm = new ConnectionsBench(pairs);
        warm.run(Math.min(connections, 2_000));
        ConnectionsBench bench = new ConnectionsBench(pairs);
        progress.at("opening", 1, 3);
        long before = FabricBench.used();
        long begun = clock.getAsLong();
        Engine engine = bench.run(connections);
        double took = clock.getAsLong() - begun;
        progress.at("counting", 2, 3);
        long bytes = FabricBench.used() - before;
        int open = bench.count(bench.clients);
        if (open != connections || bench.count(bench.servers) != connections || bench.answered != connections) {
            throw new IllegalStateException(
                    open + " of " + connections + " connections are open, " + bench.answered + " were answered");
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("bytesPerConnection", bytes / connections);
        all.put("connections", connections);
        all.put("usPerConnection", Measured.rounded(took / 1000 / connections));
        all.put("timersArmed", bench.deadlines());
        engine.finish();
        Measured.machine(all, 1);
        return all;
    }

    /** Until every connection has been idle for a second. */
    private Engine run(int connections) {
        open(connections);
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(3 * SECOND);
        return engine;
    }

    private int count(List<Host> hosts) {
        int sum = 0;
        for (Host each : hosts) {
            sum += each.stack().tcp().table().size();
        }
        return sum;
    }

    /** Hosts whose TCP still waits for an instant: none, when all connections are idle. */
    private int deadlines() {
        int sum = 0;
        for (Host each : clients) {
            sum += each.stack().tcp().table().nextDeadline() == Long.MAX_VALUE ? 0 : 1;
        }
        for (Host each : servers) {
            sum += each.stack().tcp().table().nextDeadline() == Long.MAX_VALUE ? 0 : 1;
        }
        return sum;
    }
}
