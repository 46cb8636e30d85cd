package io.hopscope.protocols.ipam;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The neutron-server role: one database of ports, addresses and MACs for a whole cluster. Requests are served one after
 * the other, an allocation takes as long as {@link LatencyCurve} says. A request that comes again is answered from
 * memory, or not at all while the first is still waiting.
 */
public final class IpamServer {
    /** Neutron's base_mac. */
    private static final long BASE_MAC = 0xfa16_3e00_0000L;

    /** Carries replies. */
    public interface Line {
        void send(int client, int port, byte[] message, long now);
    }

    /** A port as the database has it. */
    public static final class Entry {
        private final String device;
        private final IpamNetwork network;
        private final int address;
        private final long mac;
        private String host;

        private Entry(String device, IpamNetwork network, int address, long mac, String host) {
            this.device = device;
            this.network = network;
            this.address = address;
            this.mac = mac;
            this.host = host;
        }

        /** Whose it is. */
        public String device() {
            return device;
        }

        public IpamNetwork network() {
            return network;
        }

        public int address() {
            return address;
        }

        public long mac() {
            return mac;
        }

        /** The node that it is on. */
        public String host() {
            return host;
        }
    }

    /** Addresses of a network, a bit for each that is taken. */
    private static final class Pool {
        private final IpamNetwork network;
        private final BitSet taken = new BitSet();
        /** Nothing below is free. */
        private int lowest;

        Pool(IpamNetwork network) {
            this.network = network;
        }

        /** 0 if none is left. */
        int take() {
            int free = taken.nextClearBit(lowest);
            while (network.first() + free == network.gateway()) {
                free = taken.nextClearBit(free + 1);
            }
            lowest = free;
            if (free > network.last() - network.first()) {
                return 0;
            }
            taken.set(free);
            return network.first() + free;
        }

        void give(int address) {
            int index = address - network.first();
            taken.clear(index);
            lowest = Math.min(lowest, index);
        }
    }

    /** Who asks, and the last that it asked. */
    private static final class Client {
        private final int address;
        private final int port;
        private RequestId last;
        /** Null while the request waits. */
        private byte[] reply;

        Client(int address, int port) {
            this.address = address;
            this.port = port;
        }
    }

    private record Call(Client client, RequestId id, RpcMessage request) {}

    private final LatencyCurve latency;
    private final IntSupplier random;
    private final Line line;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<String, Entry> ports = new LinkedHashMap<>();
    private final Set<Long> macs = new HashSet<>();
    private final Map<Long, Client> clients = new HashMap<>();
    private final Queue<Call> waiting = new ArrayDeque<>();
    private long done = Long.MAX_VALUE;
    private int longest;

    /**
     * @param random draws MACs
     */
    public IpamServer(List<IpamNetwork> networks, LatencyCurve latency, IntSupplier random, Line line) {
        networks.forEach(each -> pools.put(String.valueOf(each.vlan()), new Pool(each)));
        this.latency = latency;
        this.random = random;
        this.line = line;
    }

    /** Whether it was a request. */
    public boolean receive(byte[] bytes, int from, int to, int address, int port, long now) {
        RpcMessage request = RpcMessage.parse(bytes, from, to);
        RequestId id = request == null ? null : RequestId.parse(request.get("id"));
        if (id == null || request.get("method") == null) {
            return false;
        }
        Client client = clients.computeIfAbsent((long) address << 16 | port & 0xffff, key -> new Client(address, port));
        if (id.equals(client.last)) {
            if (client.reply != null) {
                line.send(address, port, client.reply, now);
            }
        } else if (client.last == null || !id.before(client.last)) {
            client.last = id;
            client.reply = null;
            waiting.add(new Call(client, id, request));
            longest = Math.max(longest, waiting.size());
            if (done == Long.MAX_VALUE) {
                begin(now);
            }
        }
        return true;
    }

    private void begin(long now) {
        Call next = waiting.peek();
        boolean allocation =
                next.request.get("method").equals("create_port") && !ports.containsKey(next.request.get("device"));
        done = now + latency.at(allocation ? ports.size() : 0);
    }

    /** When {@link #expire} has something to do; {@link Long#MAX_VALUE} for never. */
    public long nextDeadline() {
        return done;
    }

    /** The request in hand is done. */
    public void expire(long now) {
        if (now < done) {
            return;
        }
        Call call = waiting.remove();
        byte[] reply = answer(call.request).put("id", call.id.toString()).bytes();
        Client client = call.client;
        if (call.id.equals(client.last)) {
            client.reply = reply;
        }
        line.send(client.address, client.port, reply, now);
        done = Long.MAX_VALUE;
        if (!waiting.isEmpty()) {
            begin(now);
        }
    }

    private RpcMessage answer(RpcMessage request) {
        String device = request.get("device");
        String host = request.get("host");
        if (device == null || host == null) {
            return error("BadRequest", "'device' and 'host' are required.");
        }
        return switch (request.get("method")) {
            case "create_port" -> create(device, request.get("network"), host);
            case "update_port" -> {
                Entry known = ports.get(device);
                if (known == null) {
                    yield unknown(device);
                }
                known.host = host;
                yield details(known);
            }
            case "delete_port" -> delete(device);
            default -> error("UnsupportedVersion", "Endpoint has no method " + request.get("method") + ".");
        };
    }

    private RpcMessage create(String device, String network, String host) {
        Entry known = ports.get(device);
        if (known != null) {
            known.host = host;
            return details(known);
        }
        Pool pool = network == null ? null : pools.get(network);
        if (pool == null) {
            return error("NetworkNotFound", "Network " + network + " could not be found.");
        }
        int address = pool.take();
        if (address == 0) {
            return error("IpAddressGenerationFailure", "No more IP addresses available on network " + network + ".");
        }
        Entry made = new Entry(device, pool.network, address, newMac(), host);
        ports.put(device, made);
        return details(made);
    }

    private long newMac() {
        long mac;
        do {
            mac = BASE_MAC | random.getAsInt() & 0xff_ffffL;
        } while (!macs.add(mac));
        return mac;
    }

    private RpcMessage delete(String device) {
        Entry gone = ports.remove(device);
        if (gone == null) {
            return unknown(device);
        }
        macs.remove(gone.mac);
        pools.get(String.valueOf(gone.network.vlan())).give(gone.address);
        return new RpcMessage().put("id", "").put("device", device);
    }

    /** The names are those of Neutron's get_device_details. */
    private static RpcMessage details(Entry port) {
        IpamNetwork network = port.network;
        RpcMessage reply = new RpcMessage()
                .put("id", "")
                .put("device", port.device)
                .put("mac_address", MacAddress.text(port.mac))
                .put(
                        "ip_address",
                        new InterfaceAddress(port.address, network.subnet().length()).toString());
        if (network.gateway() != 0) {
            reply.put("gateway_ip", Ipv4Address.text(network.gateway()));
        }
        return reply.put("network_type", "vlan").put("segmentation_id", String.valueOf(network.vlan()));
    }

    private static RpcMessage unknown(String device) {
        return error("PortNotFound", "Port " + device + " could not be found.");
    }

    private static RpcMessage error(String type, String text) {
        return new RpcMessage().put("id", "").put("error", type).put("message", text);
    }

    /** In order of their making. */
    public Collection<Entry> ports() {
        return ports.values();
    }

    /** Requests that wait, the one in hand among them. */
    public int waiting() {
        return waiting.size();
    }

    /** The most that ever waited. */
    public int longest() {
        return longest;
    }
}
