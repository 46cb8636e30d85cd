package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code ss} of iproute2: a host's TCP and UDP sockets. No other kinds, no names for addresses. */
public final class Ss implements Program {
    @Override
    public String name() {
        return "ss";
    }

    @Override
    public String summary() {
        return "a host's sockets: ss [-tulnaioemspHO4] [state STATE] [FILTER], as ss -tin, ss -tlnp, ss -s, "
                + "ss -tn dst 10.0.0.0/8";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, host, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, host, task));
    }

    private static Step parse(Node node, Host host, Task task) {
        IpStack stack = Ip.stack(node, host);
        SsPlan plan = SsPlan.read(task.arguments());
        return (run, now) -> show(stack, plan, run, now);
    }

    private static void show(IpStack stack, SsPlan plan, Task task, long now) {
        SsTable table =
                new SsTable().hide(SsTable.NETID, !plan.severalTables()).hide(SsTable.STATE, plan.states.size() == 1);
        SsSockets sockets = new SsSockets(stack, plan, table, now);
        if (plan.summary) {
            sockets.summary().forEach(task::line);
            return;
        }
        if (!plan.headless) {
            table.header();
        }
        if (plan.udp) {
            sockets.datagrams();
        }
        if (plan.tcp) {
            sockets.segments();
        }
        table.lines().forEach(task::line);
    }
}
