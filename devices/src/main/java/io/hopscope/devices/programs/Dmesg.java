package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code dmesg}: the lines that rules with LOG have written. */
public final class Dmesg implements Program {
    @Override
    public String name() {
        return "dmesg";
    }

    @Override
    public String summary() {
        return "dmesg: the kernel's log, to which LOG of iptables writes";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Netfilter.of(node, host).log().forEach(task::line);
        task.exit(0);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return task.arguments().isEmpty() ? null : Fault.of("dmesg takes no words");
    }
}
