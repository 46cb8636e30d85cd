package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.netfilter.RuleCommand;
import io.hopscope.protocols.netfilter.RuleSyntaxException;
import java.util.List;

/** {@code iptables}: changes and shows the rules of a host. */
public final class Iptables implements Program {
    private static final int WRONG = 2;

    @Override
    public String name() {
        return "iptables";
    }

    @Override
    public String summary() {
        return "iptables [-t TABLE] -A|-I|-D|-R|-L|-S|-F|-Z|-N|-X|-P CHAIN [RULE] [-n] [-v] [--line-numbers]: rules";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        try {
            RuleCommand.parse(Netfilter.of(node, host).hooks().rules(), task.arguments())
                    .run(task::line);
            task.exit(0);
        } catch (RuleSyntaxException e) {
            task.line("iptables v1.8.9: " + e.getMessage());
            task.exit(WRONG);
        } catch (IllegalArgumentException e) {
            task.line(e.getMessage());
            task.exit(1);
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return fault(() -> RuleCommand.parse(Netfilter.of(node, host).hooks().rules(), task.arguments()));
    }

    /** What is wrong with words; chains and sets that earlier steps may make are no matter of words. */
    static Fault fault(Runnable parse) {
        try {
            parse.run();
            return null;
        } catch (RuleSyntaxException e) {
            return e.later()
                    ? null
                    : new Fault(
                            e.found() + ", expected " + e.expected(),
                            e.nearest(),
                            e.nearest() == null ? List.of() : List.of(e.nearest()),
                            e.expected());
        }
    }
}
