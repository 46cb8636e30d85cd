package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Bond;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.HostFiles;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NameService;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Program;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code cat} of the files that services and bonds keep, as the lease file of dnsmasq, and of what names are found by. */
public final class Cat implements Program {
    private static final String BONDS = "/proc/net/bonding/";

    @Override
    public String name() {
        return "cat";
    }

    @Override
    public String summary() {
        return "files of services, bonds and the host: cat /var/lib/misc/dnsmasq.leases, /proc/net/bonding/bond0, "
                + "/etc/hosts, /etc/resolv.conf, /proc/net/snmp, /proc/net/netstat, /proc/net/dev";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        int code = 0;
        for (String path : task.arguments()) {
            List<String> lines = host == null ? null : find(host, path);
            if (lines == null) {
                task.line("cat: " + path + ": No such file or directory");
                code = 1;
            } else {
                lines.forEach(task::line);
            }
        }
        task.exit(code);
    }

    /** Which files there are is seen in the run: those of the services that run then. */
    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        return task.arguments().isEmpty() ? Fault.of("cat without a file waits for ever") : null;
    }

    private static List<String> interfaces(IpStack stack) {
        stack.loopback();
        List<String> lines = new ArrayList<>(List.of(
                "Inter-|   Receive                                                |  Transmit",
                " face |bytes    packets errs drop fifo frame compressed multicast"
                        + "|bytes    packets errs drop fifo colls carrier compressed"));
        for (NetInterface each : stack.links()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%6s: %7d %7d %4d %4d %4d %5d %10d %9d %8d %7d %4d %4d %4d %5d %7d %10d",
                    each.name(),
                    each.rxBytes(),
                    each.rxPackets(),
                    each.rxErrors(),
                    each.rxDropped(),
                    0,
                    each.rxErrors(),
                    0,
                    0,
                    each.txBytes(),
                    each.txPackets(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0));
        }
        return lines;
    }

    private static List<String> find(Host host, String path) {
        if (path.equals("/etc/resolv.conf")) {
            return host.stack().names().settings().lines();
        } else if (path.equals("/proc/net/snmp") || path.equals("/proc/net/netstat")) {
            return host.stack().counters().file(path.endsWith("netstat"));
        } else if (path.equals("/proc/net/dev")) {
            return interfaces(host.stack());
        } else if (path.equals("/etc/hosts")) {
            return host.stack().names().hosts().stream()
                    .map(NameService.HostsLine::toString)
                    .toList();
        }
        for (Device each : host.node().devices()) {
            if (each instanceof Bond bond && path.equals(BONDS + bond.bondName())) {
                return bond.status();
            }
        }
        HostFiles.Content file = host.stack().files().find(path);
        if (file != null) {
            return file.lines();
        }
        for (Service each : host.services()) {
            List<String> lines = each.file(path);
            if (lines != null) {
                return lines;
            }
        }
        return null;
    }
}
