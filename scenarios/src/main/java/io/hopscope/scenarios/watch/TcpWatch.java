package io.hopscope.scenarios.watch;

import io.hopscope.core.Node;
import io.hopscope.devices.IpStack;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.tcp.Endpoint;
import io.hopscope.protocols.tcp.TcpSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at a host's connections at regular instants, as {@code ss -tin} in a loop does. Changes no result. */
public final class TcpWatch {
    private final String name;
    private final String label;
    private final IpStack stack;
    private final long every;
    private final long to;
    private final Map<String, TcpTrack> tracks = new LinkedHashMap<>();

    /**
     * @param label what figures call the connections; empty for their ends
     * @param every picoseconds between two looks
     * @param to the last instant
     */
    public TcpWatch(String name, String label, IpStack stack, long every, long to) {
        this.name = name;
        this.label = label;
        this.stack = stack;
        this.every = every;
        this.to = to;
    }

    /** To be called before the run. */
    public void from(Node node, long instant) {
        node.at(instant, now -> {
            look(now);
            if (now + every <= to) {
                from(node, now + every);
            }
        });
    }

    private void look(long now) {
        for (Endpoint each : stack.tcp().table().endpoints()) {
            if (each instanceof TcpSocket socket) {
                String local = end(socket.local(), socket.localPort());
                String remote = end(socket.remote(), socket.remotePort());
                tracks.computeIfAbsent(local + ' ' + remote, key -> new TcpTrack(name, label, local, remote))
                        .add(now, socket.info(now));
            }
        }
    }

    private static String end(int address, int port) {
        return Ipv4Address.text(address) + ":" + port;
    }

    /** The connections that were there at one instant or more, in order of their beginning. */
    public List<TcpTrack> tracks() {
        return new ArrayList<>(tracks.values());
    }
}
