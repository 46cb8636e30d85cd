package io.hopscope.devices.neutron;

import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Service;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.ipam.IpamClient;
import io.hopscope.protocols.ipam.RpcMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code neutron-openvswitch-agent} under way on a compute node: asks the server for a port when an instance is plugged,
 * programs the bridges, and gives the instance its address, as a config drive would. One request at a time.
 */
public final class NeutronAgent implements Service, IpamClient.Line {
    /** Before a request is repeated for the first time, in picoseconds. */
    public static final long TIMEOUT = 4_000_000_000_000L;

    /** How often a request is sent: seven minutes in all, with pauses that double up to a minute. */
    public static final int TRIES = 10;

    /** Hears that a port is there, or is not. */
    public interface Listener {
        /**
         * @param error null if all went well
         */
        void done(String error, long now);
    }

    private static final Listener NOBODY = (error, now) -> {};

    /** What is done when an answer has come. */
    private record Order(NetInterface instance, Listener listener) {}

    private final IpStack stack;
    private final BridgeWiring wiring;
    private final int server;
    private final RpcSocket socket;
    private final IpamClient client;
    private final Alarm alarm;
    /** By request, which are few. */
    private final Map<RpcMessage, Order> orders = new HashMap<>(4);

    private boolean security = true;
    private boolean ended;

    /** As {@link #NeutronAgent(Host, BridgeWiring, int, long, int)}, with the usual patience. */
    public NeutronAgent(Host host, BridgeWiring wiring, int server) {
        this(host, wiring, server, TIMEOUT, TRIES);
    }

    /**
     * @param host whose stack has the management address
     * @param server address of the host with the {@link IpamService}
     * @param timeout picoseconds before a request is repeated for the first time
     * @param tries how often it is sent
     */
    public NeutronAgent(Host host, BridgeWiring wiring, int server, long timeout, int tries) {
        stack = host.stack();
        this.wiring = wiring;
        this.server = server;
        socket = new RpcSocket(stack, RpcSocket.AGENT_PORT);
        RandomStream random = host.node().network().seed().stream(host + " neutron-openvswitch-agent");
        client = new IpamClient(Integer.toHexString((int) random.nextLong()), timeout, tries, this);
        alarm = new Alarm(stack, this::wake);
    }

    /** Whether an agent runs there already. */
    public static boolean taken(Host host) {
        return host.stack().bound(RpcSocket.AGENT_PORT);
    }

    /** The agent of a node; null if none runs there. */
    public static NeutronAgent of(Host host) {
        for (Service each : host.services()) {
            if (each instanceof NeutronAgent agent) {
                return agent;
            }
        }
        return null;
    }

    /** Whether ports get anti-spoofing flows; true. */
    public NeutronAgent portSecurity(boolean on) {
        security = on;
        return this;
    }

    /** Starts to listen: when the network is built, or in an event of the host's node. */
    public NeutronAgent begin() {
        stack.begin(this);
        socket.open(name(), RpcSocket.Drop.NOT_ASKED, (bytes, from, to, address, port, now) -> {
            boolean heard = client.receive(bytes, from, to, now);
            settle();
            return heard;
        });
        return this;
    }

    public BridgeWiring wiring() {
        return wiring;
    }

    /** How often a request had to be sent again. */
    public long repeated() {
        return client.repeated();
    }

    /** An instance starts: its interface is wired to a port of the integration bridge already. In an event of the node. */
    public void plug(NetInterface instance, int network, Listener listener, long now) {
        Port tap = instance.port().peer();
        wiring.dead(tap, now);
        RpcMessage request = request("create_port", instance).put("network", String.valueOf(network));
        ask(request, new Order(instance, listener), now);
    }

    /** An instance is gone for good. */
    public void unplug(NetInterface instance, Listener listener, long now) {
        wiring.unbound(instance.port().peer(), now);
        instance.flush();
        ask(request("delete_port", instance), new Order(instance, listener), now);
    }

    /** An instance has come from another node, where it was called by another name. */
    void arrived(String device, long now) {
        ask(
                RpcMessage.of("update_port")
                        .put("device", device)
                        .put("host", stack.node().name()),
                new Order(null, NOBODY),
                now);
    }

    private RpcMessage request(String method, NetInterface instance) {
        return RpcMessage.of(method)
                .put("device", instance.stack().title())
                .put("host", stack.node().name());
    }

    private void ask(RpcMessage request, Order order, long now) {
        orders.put(request, order);
        client.call(request, now);
        settle();
    }

    @Override
    public void send(byte[] message, long now) {
        socket.send(server, RpcSocket.SERVER_PORT, message, now);
    }

    @Override
    public void answered(RpcMessage request, RpcMessage reply, long now) {
        Order order = orders.remove(request);
        String error = error(request, reply);
        if (error == null && request.get("method").equals("create_port")) {
            error = bind(order.instance, reply, now);
        }
        order.listener.done(error, now);
    }

    private static String error(RpcMessage request, RpcMessage reply) {
        if (reply == null) {
            return "MessagingTimeout: Timed out waiting for a reply to message ID " + request.get("id");
        }
        return reply.get("error") == null ? null : reply.get("error") + ": " + reply.get("message");
    }

    /** Null if the reply could be used. */
    private String bind(NetInterface instance, RpcMessage reply, long now) {
        try {
            InterfaceAddress address = InterfaceAddress.parse(String.valueOf(reply.get("ip_address")));
            long mac = MacAddress.bits(String.valueOf(reply.get("mac_address")));
            int segment = Integer.parseInt(String.valueOf(reply.get("segmentation_id")));
            String gateway = reply.get("gateway_ip");
            int router = gateway == null ? 0 : Ipv4Address.bits(gateway);
            instance.flush().mac(mac).address(address);
            if (router != 0) {
                instance.stack().route(Route.via(Prefix.ALL, router, instance.index()));
            }
            wiring.bound(instance.port().peer(), segment, mac, instance.addresses(), security, now);
            return null;
        } catch (IllegalArgumentException e) {
            return "InvalidReply: " + e.getMessage();
        }
    }

    private void settle() {
        if (!ended) {
            alarm.arm(client.nextDeadline());
        }
    }

    private void wake(long now) {
        if (!ended) {
            client.expire(now);
            settle();
        }
    }

    @Override
    public String name() {
        return "neutron-openvswitch-agent";
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
