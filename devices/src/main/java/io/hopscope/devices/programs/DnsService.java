package io.hopscope.devices.programs;

import io.hopscope.core.RandomStream;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Process;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.dns.DnsServer;
import io.hopscope.protocols.dns.DnsServerPlan;
import io.hopscope.protocols.dns.DnsServerPlan.Named;
import io.hopscope.protocols.dns.DnsServerPlan.Upstream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** The sockets and the timer of a DNS server. */
final class DnsService implements DnsServer.Line, UdpEndpoint.Listener {
    private final IpStack stack;
    private final List<String> interfaces;
    private final Consumer<String> log;
    private final DnsServer server;
    private final Map<Integer, UdpEndpoint> underWay = new LinkedHashMap<>();
    private final UdpEndpoint socket;
    private final Process process;
    private long armed = Long.MAX_VALUE;

    /**
     * @param interfaces that are served; all where the list is empty
     * @param leases names of DHCP clients at an instant
     */
    DnsService(
            IpStack stack,
            Process process,
            int port,
            List<String> interfaces,
            DnsServerPlan plan,
            LongFunction<List<Named>> leases,
            RandomStream random,
            Consumer<String> log) {
        this.stack = stack;
        this.process = process;
        this.interfaces = interfaces;
        this.log = log;
        server = new DnsServer(plan, leases, () -> random.nextInt(0x10000), this);
        socket = UdpEndpoint.open(stack, port, "dnsmasq", this).file(process.open());
    }

    @Override
    public void datagram(Frame frame, Ipv4 ip, Udp udp, long now) {
        if (served(ip.destination())) {
            DnsServer.Client client = new DnsServer.Client(ip.source(), udp.sourcePort(), ip.destination());
            server.receive(client, frame.bytes(), udp.end(), udp.at() + udp.length(), now);
            settle(now);
        }
    }

    /** dnsmasq goes by the address that was asked: it has a socket for each, or finds its interface. */
    private boolean served(int address) {
        if (interfaces.isEmpty() || address >>> 24 == 127) {
            return true;
        }
        for (NetInterface each : stack.interfaces()) {
            boolean own = each.addresses().stream().anyMatch(known -> known.address() == address);
            if (own && interfaces.contains(each.name())) {
                return true;
            }
        }
        return false;
    }

    private void settle(long now) {
        long deadline = server.nextDeadline();
        if (deadline < armed) {
            armed = deadline;
            stack.at(Math.max(now, deadline), this::wake);
        }
    }

    private void wake(long now) {
        armed = Long.MAX_VALUE;
        if (socket.isOpen()) {
            server.expire(now);
            settle(now);
        }
    }

    @Override
    public void reply(DnsServer.Client client, byte[] message, long now) {
        socket.send(message, client.to(), client.address(), client.port(), now);
    }

    @Override
    public void forward(int handle, Upstream to, byte[] message, long now) {
        UdpEndpoint from = underWay.computeIfAbsent(handle, none -> UdpEndpoint.open(
                        stack,
                        0,
                        "dnsmasq",
                        (frame, ip, udp, then) -> server.answered(
                                handle,
                                ip.source(),
                                udp.sourcePort(),
                                frame.bytes(),
                                udp.end(),
                                udp.at() + udp.length(),
                                then))
                .file(process.open()));
        from.send(message, 0, to.address(), to.port(), now);
    }

    @Override
    public void close(int handle) {
        UdpEndpoint gone = underWay.remove(handle);
        if (gone != null) {
            gone.close();
        }
    }

    @Override
    public void say(String text) {
        log.accept("dnsmasq: " + text);
    }

    void close() {
        socket.close();
        underWay.values().forEach(UdpEndpoint::close);
    }
}
