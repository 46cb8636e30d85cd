package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Firewall;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.firewall.SessionTable;
import java.util.List;
import java.util.Locale;

/** {@code show} of a firewall: its access lists with what each rule has matched, and its sessions. */
public final class Show implements Program {
    private static final List<String> OBJECTS = List.of("access-lists", "conn");
    private static final long SECOND = 1_000_000_000_000L;

    @Override
    public String name() {
        return "show";
    }

    @Override
    public String summary() {
        return "show access-lists|conn: the rules of a firewall with their hits, its sessions";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, task));
    }

    private static Step parse(Node node, Task task) {
        List<String> words = task.arguments();
        String object = words.isEmpty() ? "" : words.get(0);
        if (!OBJECTS.contains(object)) {
            throw new Misuse(1, "% Invalid command: show \"" + object + "\"", object, OBJECTS);
        } else if (words.size() > 1) {
            throw new Misuse(1, "% show " + object + " takes no more words");
        }
        for (Device each : node.devices()) {
            if (each instanceof Firewall firewall) {
                return object.equals("conn")
                        ? (run, now) -> sessions(firewall, run, now)
                        : (run, now) -> firewall.policy().dump().forEach(run::line);
            }
        }
        throw new Misuse(1, "no firewall on " + node.name());
    }

    private static void sessions(Firewall firewall, Task task, long now) {
        SessionTable table = firewall.sessions();
        SessionTable.Session[] all = table.sessions(now);
        task.line(all.length + " in use, " + table.most() + " most used, " + table.opened() + " opened, "
                + table.refused() + " refused");
        for (SessionTable.Session each : all) {
            long left = Math.max(0, each.expires() - now) / SECOND;
            task.line(String.format(
                    Locale.ROOT,
                    "%s %s %s:%d %s %s:%d, expires in %d:%02d:%02d, bytes %d%s",
                    protocol(each.protocol()),
                    firewall.policy().segments().get(each.from()),
                    Ipv4Address.text(each.source()),
                    each.sourcePort(),
                    firewall.policy().segments().get(each.to()),
                    Ipv4Address.text(each.destination()),
                    each.destinationPort(),
                    left / 3600,
                    left / 60 % 60,
                    left % 60,
                    each.bytes(),
                    each.answered() ? "" : ", not answered"));
        }
    }

    private static String protocol(int number) {
        return switch (number) {
            case Ipv4.ICMP -> "ICMP";
            case Ipv4.TCP -> "TCP";
            case Ipv4.UDP -> "UDP";
            default -> "IP-" + number;
        };
    }
}
