package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import java.util.List;

/** {@code killall} of psmisc: a signal to what runs in the background. */
public final class Killall implements Program {
    private static final List<String> SIGNALS = List.of("HUP", "INT", "KILL", "USR1", "USR2", "TERM", "CONT", "STOP");
    private static final List<String> NUMBERS = List.of("1", "2", "9", "10", "12", "15", "18", "19");
    /** What goes on in the background. */
    private static final List<String> SERVICES = List.of(
            "dnsmasq", "httpd", "iperf", "nc", "neutron-openvswitch-agent", "neutron-server", "python3", "udhcpc");

    @Override
    public String name() {
        return "killall";
    }

    @Override
    public String summary() {
        return "signals to services: killall [-USR1|-USR2|-TERM] NAME";
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
        List<String> words = task.arguments();
        String signal = "TERM";
        if (!words.isEmpty() && words.get(0).startsWith("-")) {
            signal = words.get(0).replaceFirst("^-(s$|SIG)?", "");
            int number = NUMBERS.indexOf(signal);
            signal = number >= 0 ? SIGNALS.get(number) : signal;
            words = words.subList(1, words.size());
        }
        if (words.size() != 1) {
            throw new Misuse(1, "Usage: killall [-SIGNAL] NAME");
        } else if (!SIGNALS.contains(signal)) {
            throw new Misuse(1, signal + ": unknown signal", signal, SIGNALS);
        } else if (host == null) {
            throw new Misuse(1, "no network stack on " + node.name());
        }
        String name = words.get(0);
        if (!SERVICES.contains(name)) {
            throw new Misuse(1, name + ": no process found", name, SERVICES);
        }
        if ((signal.equals("STOP") || signal.equals("CONT")) && !name.equals("nc")) {
            throw new Misuse(1, "SIG" + signal + " is for nc, and not for " + name, name, List.of("nc"));
        }
        String sent = signal;
        return (run, now) -> send(host, name, sent, now);
    }

    private static void send(Host host, String name, String signal, long now) {
        List<Service> found = host.services().stream()
                .filter(service -> service.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new Misuse(1, name + ": no process found");
        }
        found.forEach(each -> each.signal(signal, now));
    }
}
