package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Dhcp;

/** {@code dnsmasq} as DHCP server and relay; it answers no DNS. */
public final class Dnsmasq implements Program {
    @Override
    public String name() {
        return "dnsmasq";
    }

    @Override
    public String summary() {
        return "DHCP server and relay: --dhcp-range= --dhcp-host= --dhcp-option= --dhcp-relay= --no-ping -d and more";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        if (host == null) {
            fail(task, 1, "no network stack on " + node.name());
            return;
        }
        DnsmasqPlan plan = new DnsmasqPlan();
        try {
            plan.read(task.arguments());
        } catch (IllegalArgumentException e) {
            fail(task, 1, e.getMessage());
            return;
        }
        if (host.stack().bound(Dhcp.SERVER_PORT)) {
            fail(task, 2, "failed to bind DHCP server socket: Address already in use");
            return;
        }
        new DnsmasqRun(host, task, plan).begin();
    }

    private static void fail(Task task, int code, String fault) {
        task.line("dnsmasq: " + fault);
        task.exit(code);
    }
}
