package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.dns.Resolver;

/** {@code nc} of OpenBSD: TCP connections and UDP by hand. What it would read from its input is given as {@code <<< TEXT}. */
public final class Nc implements Program {
    @Override
    public String name() {
        return "nc";
    }

    @Override
    public String summary() {
        return "TCP and UDP by hand, as OpenBSD's netcat: -l -u -p -k -v -z -w -N -q -s -n HOST PORT <<< TEXT";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        var plan = new NcPlan();
        String fault = host == null ? "no network stack on " + node.name() : plan.read(task);
        if (fault != null) {
            task.line("nc: " + fault);
            task.exit(1);
            return;
        }
        if (plan.listens) {
            begin(host, task, plan, now);
            return;
        }
        Lookup.find(
                host,
                task,
                plan.host,
                true,
                (address, canonical, then) -> {
                    plan.address = address;
                    begin(host, task, plan, then);
                },
                (why, then) -> {
                    task.line("nc: " + plan.unknown(why));
                    task.exit(1);
                },
                now);
    }

    private static void begin(Host host, Task task, NcPlan plan, long now) {
        if (plan.datagrams) {
            new NcDatagrams(host, task, plan).begin(now);
        } else {
            new NcRun(host, task, plan).begin(now);
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        var plan = new NcPlan();
        String fault = plan.read(task);
        if (fault != null) {
            return Fault.of("nc: " + fault);
        }
        return plan.listens || Lookup.possible(host, task, plan.host)
                ? null
                : Fault.unknownHost("nc: " + plan.unknown(Resolver.Outcome.UNKNOWN), plan.host);
    }

    @Override
    public boolean endless(Task task) {
        var plan = new NcPlan();
        return plan.read(task) == null && plan.again;
    }
}
