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
import io.hopscope.encap.Icmp;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.dhcp.DhcpRelay;
import io.hopscope.protocols.dhcp.DhcpServer;
import io.hopscope.protocols.dhcp.DhcpServerPlan;
import io.hopscope.protocols.dns.DnsServerPlan;
import io.hopscope.protocols.dns.DnsServerPlan.Named;
import java.util.ArrayList;
import java.util.List;

/** One dnsmasq under way. */
final class DnsmasqRun implements Service, DhcpServer.Prober, IpStack.IcmpSocket {
    private final IpStack stack;
    private final Task task;
    private final DnsmasqPlan plan;
    private final DhcpServer server;
    private final DhcpRelay relay;
    private final int id;
    private final RandomStream random;
    private DnsService dns;
    private final Ipv4 ip = new Ipv4();
    private final Icmp icmp = new Icmp();
    private long armed = Long.MAX_VALUE;
    private boolean ended;

    DnsmasqRun(Host host, Task task, DnsmasqPlan plan) {
        this.task = task;
        this.plan = plan;
        stack = host.stack();
        random = host.node().network().seed().stream(host + " dnsmasq");
        id = random.nextInt(0x10000);
        var line = new DhcpSocket(stack).line(this::say);
        server = new DhcpServer(plan.server, () -> random.nextInt(0x10000), line, this);
        relay = new DhcpRelay(line);
        plan.relays.forEach(each -> relay.add(each.local(), each.server()));
    }

    void begin() {
        stack.begin(this);
        stack.listen(this);
        new DhcpSocket(stack).serve("dnsmasq", this::message);
        task.onInterrupt(() -> task.exit(0));
        if (!plan.foreground) {
            task.exit(0);
        }
        say("dnsmasq: started, version 2.90 "
                + (plan.server.dns ? "cachesize " + plan.names.cacheSize() : "DNS disabled"));
        for (DnsmasqPlan.Relay each : plan.relays) {
            say("dnsmasq-dhcp: DHCP relay from " + Ipv4Address.text(each.local()) + " to "
                    + Ipv4Address.text(each.server()));
        }
        for (DhcpServerPlan.Range each : plan.server.ranges()) {
            say("dnsmasq-dhcp: DHCP, IP range " + Ipv4Address.text(each.start()) + " -- " + Ipv4Address.text(each.end())
                    + ", lease time " + time(each.seconds()));
        }
        if (plan.server.dns) {
            answerNames();
        }
    }

    private void answerNames() {
        String read = plan.names.read(stack.names());
        DnsServerPlan names = plan.names.complete(stack.names(), plan.server.domain);
        dns = new DnsService(
                stack,
                task.process(stack),
                plan.names.port,
                plan.interfaces,
                names,
                now -> leases(),
                random,
                this::say);
        names.upstreams().forEach(each -> say("dnsmasq: " + each));
        if (read != null) {
            say("dnsmasq: " + read);
        }
    }

    /** Clients are known by their names, in the domain if there is one. */
    private List<Named> leases() {
        List<Named> all = new ArrayList<>();
        String domain = plan.server.domain;
        server.names().forEach((name, address) -> {
            List<String> both = domain == null ? List.of(name) : List.of(name + "." + domain, name);
            all.add(new Named(both, address, -1, "DHCP"));
        });
        return all;
    }

    /** As dnsmasq writes a time: {@code 2m}, {@code 1m45s}, {@code 1h}. */
    private static String time(long seconds) {
        if (seconds == DhcpServerPlan.INFINITE) {
            return "infinite";
        }
        StringBuilder text = new StringBuilder();
        long[] units = {86400, 3600, 60, 1};
        for (int i = 0; i < units.length; i++) {
            long count = seconds / units[i] % (i == 0 ? Long.MAX_VALUE : i == 1 ? 24 : 60);
            text.append(count == 0 ? "" : count + "" + "dhms".charAt(i));
        }
        return text.length() == 0 ? "0s" : text.toString();
    }

    private void say(String line) {
        if (!task.ended()) {
            task.line(line); // the syslog of a daemon is not kept
        }
    }

    private void message(NetInterface in, byte[] message, long now) {
        if (DhcpSocket.relayed(relay, in, message, now) || plan.server.ranges().isEmpty()) {
            return;
        }
        if (in.addresses().isEmpty() || !plan.interfaces.isEmpty() && !plan.interfaces.contains(in.name())) {
            return;
        }
        server.receive(message, local(in), now);
        settle(now);
    }

    /** The address of the interface that is in the network of a range, or its first. */
    private DhcpServer.Local local(NetInterface in) {
        InterfaceAddress chosen = in.addresses().get(0);
        for (InterfaceAddress each : in.addresses()) {
            boolean served = plan.server.ranges().stream()
                    .anyMatch(range -> each.prefix().contains(range.start()));
            if (served) {
                chosen = each;
                break;
            }
        }
        return new DhcpServer.Local(
                in.index(), in.name(), chosen.address(), chosen.prefix().mask());
    }

    private void settle(long now) {
        stack.rearm();
        long deadline = server.nextDeadline();
        if (!ended && deadline < armed) {
            armed = deadline;
            stack.at(Math.max(deadline, now), this::wake);
        }
    }

    private void wake(long now) {
        armed = Long.MAX_VALUE;
        if (!ended) {
            server.expire(now);
            settle(now);
        }
    }

    @Override
    public void ping(int address, long now) {
        Route route = stack.lookup(address);
        if (route == null || route.type() != Route.Type.UNICAST) {
            return;
        }
        int total = Ipv4.LENGTH + Icmp.LENGTH;
        Frame frame = stack.node().originate(Ethernet.LENGTH + total);
        ip.wrap(frame, frame.start() + Ethernet.LENGTH)
                .start(total)
                .df(false)
                .id(stack.nextIdentification())
                .protocol(Ipv4.ICMP)
                .source(stack.source(route))
                .destination(address)
                .seal();
        icmp.wrap(frame, ip.end()).start(Icmp.ECHO, 0).id(id).seal(Icmp.LENGTH);
        stack.transmit(frame, now);
    }

    @Override
    public void receive(Frame frame, Ipv4 packet, Icmp message, long now) {
        if (message.type() == Icmp.ECHO_REPLY && message.id() == id) {
            server.answered(packet.source(), now);
            settle(now);
        }
    }

    @Override
    public void lost() {
        ended = true;
        closeSockets();
    }

    private void closeSockets() {
        stack.unbind(Dhcp.SERVER_PORT);
        if (dns != null) {
            dns.close();
        }
    }

    @Override
    public String name() {
        return "dnsmasq";
    }

    /** The lease file outlives nothing but the process. */
    @Override
    public List<String> file(String path) {
        return path.equals(plan.leaseFile) ? server.leaseFile() : null;
    }

    @Override
    public void signal(String signal, long now) {
        if (signal.equals("TERM") || signal.equals("KILL") || signal.equals("INT")) {
            say("dnsmasq: exiting on receipt of SIGTERM");
            ended = true;
            stack.end(this);
            closeSockets();
            stack.ignore((IpStack.IcmpSocket) this);
            task.exit(0);
        }
    }
}
