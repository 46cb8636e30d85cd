package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code iperf} 2.1: throughput of TCP and UDP, losses and jitter. */
public final class Iperf implements Program {
    @Override
    public String name() {
        return "iperf";
    }

    @Override
    public String summary() {
        return "throughput, as iperf 2.1: -s | -c HOST [-u] [-t SECONDS] [-n BYTES] [-i SECONDS] [-b RATE] [-l] [-P] [-w] [-M] "
                + "[-R] [-N] [-S] [-Z] [-f] [-p]";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        IperfPlan plan;
        try {
            Dig.need(host, node);
            plan = new IperfPlan().read(task.arguments());
            bound(host, task, plan);
        } catch (Misuse e) {
            e.tell(task);
            return;
        }
        if (plan.server) {
            new IperfServer(host, task, plan).begin(now);
            return;
        }
        Lookup.find(
                host,
                task,
                plan.host,
                true,
                (address, canonical, then) -> new IperfClient(host, task, plan).begin(address, then),
                (why, then) -> {
                    task.line(plan.host + ": Host name lookup failure");
                    task.exit(1);
                },
                now);
    }

    private static void bound(Host host, Task task, IperfPlan plan) {
        if (plan.bind != null && Lookup.known(host, task, plan.bind) == null) {
            throw new Misuse(1, plan.bind + ": Host name lookup failure");
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        try {
            IperfPlan plan = new IperfPlan().read(task.arguments());
            bound(host, task, plan);
            return plan.host == null || Lookup.possible(host, task, plan.host)
                    ? null
                    : Fault.unknownHost(plan.host + ": Host name lookup failure", plan.host);
        } catch (Misuse e) {
            return e.fault();
        }
    }
}
