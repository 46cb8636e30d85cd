package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code nc} of OpenBSD: TCP connections by hand. What it would read from its input is given as {@code <<< TEXT}. */
public final class Nc implements Program {
    @Override
    public String name() {
        return "nc";
    }

    @Override
    public String summary() {
        return "TCP by hand, as OpenBSD's netcat: -l -p -k -v -z -w -N -q -s -n HOST PORT <<< TEXT";
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
        new NcRun(host, task, plan).begin(now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        var plan = new NcPlan();
        String fault = plan.read(task);
        if (fault == null) {
            return null;
        }
        boolean unknown = plan.host != null && !plan.listens && Words.address(task, plan.host) == null;
        return unknown ? Fault.unknownHost("nc: " + fault, plan.host) : Fault.of("nc: " + fault);
    }

    @Override
    public boolean endless(Task task) {
        var plan = new NcPlan();
        return plan.read(task) == null && plan.again;
    }
}
