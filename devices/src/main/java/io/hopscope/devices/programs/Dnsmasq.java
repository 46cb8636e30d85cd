package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Dhcp;
import java.util.List;

/** {@code dnsmasq}: DHCP server and relay, and a DNS server that knows names and passes on what it does not. */
public final class Dnsmasq implements Program {
    @Override
    public String name() {
        return "dnsmasq";
    }

    @Override
    public String summary() {
        return "DHCP server and relay, DNS server: --dhcp-range= --dhcp-host= --dhcp-option= --dhcp-relay= --address= "
                + "--host-record= --cname= --server= --local= --log-queries -d and more";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        DnsmasqPlan plan = new DnsmasqPlan();
        Fault fault = read(node, host, task, plan);
        if (fault != null) {
            fail(task, fault.word() == null ? 1 : 2, fault.message());
        } else if (host.stack().bound(Dhcp.SERVER_PORT)) {
            fail(task, 2, "dnsmasq: failed to bind DHCP server socket: Address already in use");
        } else if (plan.server.dns && host.stack().bound(plan.names.port)) {
            fail(
                    task,
                    2,
                    "dnsmasq: failed to create listening socket for port " + plan.names.port
                            + ": Address already in use");
        } else {
            new DnsmasqRun(host, task, plan).begin();
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return read(node, host, task, new DnsmasqPlan());
    }

    /** Null if nothing is wrong. */
    private static Fault read(Node node, Host host, Task task, DnsmasqPlan plan) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        try {
            plan.read(task.arguments());
        } catch (IllegalArgumentException e) {
            return Fault.of("dnsmasq: " + e.getMessage());
        }
        for (String each : plan.interfaces) {
            if (!each.equals("lo") && host.stack().find(each) == null) {
                List<String> names = host.stack().interfaces().stream()
                        .map(NetInterface::name)
                        .toList();
                return new Fault("dnsmasq: unknown interface " + each, each, names, null);
            }
        }
        return null;
    }

    private static void fail(Task task, int code, String fault) {
        task.line(fault);
        task.exit(code);
    }
}
