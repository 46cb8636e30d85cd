package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code ping} of iputils: ICMP echo, with its output and exit codes. */
public final class Ping implements Program {
    @Override
    public String name() {
        return "ping";
    }

    @Override
    public String summary() {
        return "ICMP echo requests, as iputils: -c -i -s -t -W -M do|dont|want -I ADDRESS|INTERFACE -b -m -q -n";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        var words = new Words(task.arguments());
        var plan = new PingPlan();
        String fault = host == null ? "no network stack on " + node.name() : plan.read(words, task);
        if (fault != null) {
            task.line("ping: " + fault);
            task.exit(2);
            return;
        }
        new PingRun(host, task, plan).begin(now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        var plan = new PingPlan();
        String fault = plan.read(new Words(task.arguments()), task);
        if (fault == null) {
            return null;
        }
        boolean unknown = plan.target != null && Words.address(task, plan.target) == null;
        return unknown ? Fault.unknownHost("ping: " + fault, plan.target) : Fault.of("ping: " + fault);
    }

    @Override
    public boolean endless(Task task) {
        var plan = new PingPlan();
        return plan.read(new Words(task.arguments()), task) == null && plan.count == Long.MAX_VALUE;
    }
}
