package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code dig} of BIND 9.18: one question to DNS, and all of the answer. */
public final class Dig implements Program {
    @Override
    public String name() {
        return "dig";
    }

    @Override
    public String summary() {
        return "asks DNS, as BIND's: dig [@SERVER] NAME [TYPE] [-x ADDRESS] [-p PORT] [+short] [+noall +answer] [+time=] [+tries=]";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        DigPlan plan = new DigPlan();
        try {
            need(host, node);
            plan.read(task.arguments());
        } catch (Misuse e) {
            e.tell(task);
            return;
        }
        if (plan.server == null) {
            new DigRun(host, task, plan, DigRun.servers(host)).begin(now);
            return;
        }
        Lookup.find(
                host,
                task,
                plan.server,
                false,
                (address, canonical, then) -> new DigRun(host, task, plan, java.util.List.of(address)).begin(then),
                (why, then) -> {
                    task.line("dig: couldn't get address for '" + plan.server + "': not found");
                    task.exit(1);
                },
                now);
    }

    static void need(Host host, Node node) {
        if (host == null) {
            throw new Misuse(1, "no network stack on " + node.name());
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        DigPlan plan = new DigPlan();
        try {
            plan.read(task.arguments());
        } catch (Misuse e) {
            return e.fault();
        }
        return plan.server == null || Lookup.possible(host, task, plan.server)
                ? null
                : Fault.unknownHost("dig: couldn't get address for '" + plan.server + "': not found", plan.server);
    }
}
