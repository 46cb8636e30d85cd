package io.hopscope.devices.programs;

import io.hopscope.core.RandomStream;
import io.hopscope.devices.DhcpSocket;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import io.hopscope.encap.Dhcp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.dhcp.DhcpClient;
import io.hopscope.protocols.dhcp.DhcpClientPlan;
import io.hopscope.protocols.dhcp.DhcpLease;
import java.util.List;

/** One udhcpc under way: its sockets, its timer, its script. */
final class UdhcpcRun implements DhcpClient.Line, Service, IpStack.PacketSocket {
    private final IpStack stack;
    private final NetInterface at;
    private final Task task;
    private final DhcpClientPlan plan;
    private final boolean foreground;
    private final DhcpSocket socket;
    private final DhcpClient client;
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private boolean listening;
    private long armed = Long.MAX_VALUE;
    private boolean ended;

    UdhcpcRun(Host host, NetInterface at, Task task, DhcpClientPlan plan, boolean foreground) {
        this.at = at;
        this.task = task;
        this.plan = plan;
        this.foreground = foreground;
        stack = host.stack();
        socket = new DhcpSocket(stack);
        RandomStream random = host.node().network().seed().stream(host + " " + at + " udhcpc");
        client = new DhcpClient(plan, at.mac(), () -> (int) random.nextLong(), this);
    }

    void begin(long now) {
        stack.begin(this);
        stack.listen(this);
        task.onInterrupt(() -> task.exit(0));
        client.start(now);
        settle(now);
    }

    /** After anything that may have changed the state: the port is the client's while it renews, the timer is set. */
    private void settle(long now) {
        boolean wanted = !ended && client.bySocket();
        if (wanted && !listening && !stack.bound(Dhcp.CLIENT_PORT)) {
            listening = true;
            stack.bind(Dhcp.CLIENT_PORT, (in, ingress, frame, packet, datagram, instant) -> {
                client.receive(frame.bytes(), datagram.end(), datagram.at() + datagram.length(), instant);
                ingress.consume(frame);
                settle(instant);
            });
        } else if (!wanted && listening) {
            listening = false;
            stack.unbind(Dhcp.CLIENT_PORT);
        }
        stack.rearm();
        long deadline = client.nextDeadline();
        if (!ended && deadline < armed) {
            armed = deadline;
            stack.at(Math.max(deadline, now), this::wake);
        }
    }

    private void wake(long now) {
        armed = Long.MAX_VALUE;
        if (!ended) {
            client.expire(now);
            settle(now);
        }
    }

    @Override
    public boolean receive(NetInterface in, Frame frame, long now) {
        byte[] bytes = frame.bytes();
        int from = frame.start() + Ethernet.LENGTH;
        if (in != at
                || !client.raw()
                || View.get16(bytes, from - 2) != Ethernet.IPV4
                || !Ipv4.fits(frame, from)
                || ip.wrap(frame, from).protocol() != Ipv4.UDP
                || ip.fragment()
                || !Udp.fits(bytes, ip.payload(), ip.limit())
                || udp.wrap(frame, ip.payload()).destinationPort() != Dhcp.CLIENT_PORT
                || !udp.checksumOk(ip.source(), ip.destination())) {
            return false;
        }
        client.receive(bytes, udp.end(), udp.at() + udp.length(), now);
        settle(now);
        return true;
    }

    @Override
    public void broadcast(byte[] message, int source, long now) {
        socket.broadcast(at, message, source);
    }

    @Override
    public void unicast(byte[] message, int source, int server, long now) {
        socket.unicast(message, source, server, now);
    }

    @Override
    public void say(String line) {
        if (!task.ended()) {
            task.line(line); // in the background nobody reads it
        }
    }

    @Override
    public void bound(DhcpLease lease, long now) {
        int length = lease.mask() == 0 ? classOf(lease.address()) : Integer.bitCount(lease.mask());
        at.flush().address(new InterfaceAddress(lease.address(), length));
        if (lease.router() != 0) {
            stack.route(Route.via(Prefix.ALL, lease.router(), at.index()));
        }
        if (!lease.nameservers().isEmpty()) {
            List<String> search = lease.domain().isEmpty() ? List.of() : List.of(lease.domain());
            stack.names().settings(stack.names().settings().with(lease.nameservers(), search));
        }
        if (!foreground && !plan.quitting) {
            task.exit(0); // it goes on in the background
        }
    }

    private static int classOf(int address) {
        int top = address >>> 24;
        return top < 128 ? 8 : top < 192 ? 16 : 24;
    }

    @Override
    public void unbound(long now) {
        at.flush();
    }

    @Override
    public void ended(int code) {
        ended = true;
        stack.end(this);
        stack.ignore(this);
        task.exit(code);
    }

    @Override
    public void lost() {
        ended = true;
        if (listening) {
            stack.unbind(Dhcp.CLIENT_PORT);
        }
    }

    @Override
    public String name() {
        return "udhcpc";
    }

    @Override
    public void signal(String signal, long now) {
        switch (signal) {
            case "USR1" -> client.renewNow(now);
            case "USR2" -> client.release(now);
            default -> client.terminate(now);
        }
        settle(now);
    }
}
