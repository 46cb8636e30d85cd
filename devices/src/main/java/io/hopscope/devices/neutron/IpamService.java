package io.hopscope.devices.neutron;

import io.hopscope.core.RandomStream;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Service;
import io.hopscope.protocols.ipam.IpamNetwork;
import io.hopscope.protocols.ipam.IpamServer;
import io.hopscope.protocols.ipam.LatencyCurve;
import java.util.List;

/** {@code neutron-server} under way on a host: address management for a whole cluster, asked by frames. */
public final class IpamService implements Service {
    private final IpStack stack;
    private final RpcSocket socket;
    private final IpamServer server;
    private final Alarm alarm;
    private boolean ended;

    public IpamService(Host host, List<IpamNetwork> networks, LatencyCurve latency) {
        stack = host.stack();
        socket = new RpcSocket(stack, RpcSocket.SERVER_PORT);
        RandomStream random = host.node().network().seed().stream(host + " neutron-server");
        server = new IpamServer(networks, latency, () -> (int) random.nextLong(), socket::send);
        alarm = new Alarm(stack, this::wake);
    }

    /** Whether another service of the host has the port. */
    public static boolean taken(Host host) {
        return host.stack().bound(RpcSocket.SERVER_PORT);
    }

    /** Starts to listen: when the network is built, or in an event of the host's node. */
    public IpamService begin() {
        stack.begin(this);
        socket.open(name(), RpcSocket.Drop.NO_REQUEST, (bytes, from, to, address, port, now) -> {
            boolean request = server.receive(bytes, from, to, address, port, now);
            alarm.arm(server.nextDeadline());
            return request;
        });
        return this;
    }

    /** The database. */
    public IpamServer server() {
        return server;
    }

    private void wake(long now) {
        if (!ended) {
            server.expire(now);
            alarm.arm(server.nextDeadline());
        }
    }

    @Override
    public String name() {
        return "neutron-server";
    }

    @Override
    public void lost() {
        ended = true;
        socket.close();
    }

    @Override
    public void signal(String signal, long now) {
        if (signal.equals("TERM") || signal.equals("KILL") || signal.equals("INT")) {
            ended = true;
            socket.close();
            stack.end(this);
        }
    }
}
