package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.netfilter.IpSets;
import io.hopscope.protocols.netfilter.RuleSyntaxException;

/** {@code ipset}: sets of addresses, networks and ports that rules look at. */
public final class Ipset implements Program {
    @Override
    public String name() {
        return "ipset";
    }

    @Override
    public String summary() {
        return "ipset create|add|del|test|list|save|flush|destroy|rename|swap SET: sets for rules";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        try {
            Netfilter.of(node, host).hooks().rules().sets().command(task.arguments(), now, task::line);
            task.exit(0);
        } catch (RuleSyntaxException e) {
            task.line("ipset v7.17: " + e.getMessage());
            task.exit(1);
        } catch (IpSets.Refused e) {
            task.line(e.getMessage());
            task.exit(1);
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Iptables.fault(() -> new IpSets().check(task.arguments()));
    }
}
