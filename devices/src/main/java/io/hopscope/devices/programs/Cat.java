package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Bond;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.HostFiles;
import io.hopscope.devices.NameService;
import io.hopscope.devices.Program;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import java.util.List;

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
                + "/etc/hosts, /etc/resolv.conf";
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

    private static List<String> find(Host host, String path) {
        if (path.equals("/etc/resolv.conf")) {
            return host.stack().names().settings().lines();
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
