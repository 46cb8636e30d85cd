package io.hopscope.devices.asic;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.PuntClass;
import java.util.List;
import java.util.Locale;

/** {@code asic}: how full the tables of a switch are, and what its CPU has to do. */
public final class AsicProgram implements Program {
    private static final List<String> OBJECTS = List.of("tables", "cpu", "fdb", "hosts");

    @Override
    public String name() {
        return "asic";
    }

    @Override
    public String summary() {
        return "asic tables|cpu|fdb|hosts: how full a switch's tables are, what its CPU has to do";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Fault fault = check(node, host, task);
        if (fault != null) {
            task.line(fault.message() + (fault.word() == null ? "" : Nearest.hint(fault.word(), fault.valid())));
            task.exit(fault.word() == null ? 1 : 255);
            return;
        }
        AsicSwitch found = find(node);
        switch (object(task)) {
            case "tables" -> tables(found, task);
            case "cpu" -> cpu(found, task);
            case "fdb" -> stations(found, task, now);
            default -> hosts(found, task, now);
        }
        task.exit(0);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        String object = object(task);
        if (!OBJECTS.contains(object)) {
            return new Fault("Object \"" + object + "\" is unknown, try \"asic tables\".", object, OBJECTS, null);
        } else if (task.arguments().size() > 1) {
            return Fault.of("asic " + object + " takes no more words");
        } else if (find(node) == null) {
            return new Fault(node.name() + " has no switch ASIC", null, List.of(), "a switch or router with 'asic'");
        }
        return null;
    }

    private static String object(Task task) {
        return task.arguments().isEmpty() ? "tables" : task.arguments().get(0);
    }

    private static AsicSwitch find(Node node) {
        for (Device device : node.devices()) {
            if (device instanceof AsicSwitch found) {
                return found;
            }
        }
        return null;
    }

    private static void tables(AsicSwitch of, Task task) {
        row(task, "TABLE", "USED", "SIZE", "MOST", "COLLISIONS", "MISSING");
        for (TableUse table : of.tables()) {
            row(
                    task,
                    table.name(),
                    table.used(),
                    table.capacity(),
                    table.watermark(),
                    table.collisions(),
                    table.missing() == TableUse.UNKNOWN ? "-" : table.missing());
            if (table.firstFailure() >= 0) {
                task.line(String.format(
                        Locale.ROOT,
                        "  first failure at %d entries, %.1f %% of its size",
                        table.firstFailure(),
                        table.firstFailure() * 100.0 / table.capacity()));
            }
        }
        if (of.preloaded() > 0) {
            task.line(of.preloaded() + " hosts were preloaded");
        }
    }

    private static void stations(AsicSwitch of, Task task, long now) {
        HashTable table = of.l2().entries;
        table.size(now);
        for (long key : table.keys()) {
            task.line("vlan " + L2Table.vlan(key) + " " + MacAddress.text(L2Table.mac(key)) + " port "
                    + of.ports().get(of.l2().port(key, now)).name());
        }
    }

    private static void hosts(AsicSwitch of, Task task, long now) {
        HashTable table = of.hosts().entries;
        table.size(now);
        for (long key : table.keys()) {
            long to = table.lookup(key, now);
            task.line(Ipv4Address.text((int) key) + " lladdr " + MacAddress.text(L2Table.mac(to)) + " vlan "
                    + L2Table.vlan(to));
        }
    }

    private static void cpu(AsicSwitch of, Task task) {
        row(task, "CLASS", "HANDLED", "DROPPED", "LIMIT/S", "", "");
        boolean polices = of.spec().cpu().copp().polices();
        for (PuntClass each : PuntClass.values()) {
            long handled = of.cpu().handled(each);
            long refused = of.cpu().refused(each);
            if (handled + refused > 0) {
                Object limit = polices ? of.spec().cpu().copp().rates().get(each.ordinal()) : "-";
                row(task, each, handled, refused, limit, "", "");
            }
        }
        row(
                task,
                "all",
                of.cpu().punted() - dropped(of),
                dropped(of),
                of.spec().cpu().rate(),
                "",
                "");
    }

    private static long dropped(AsicSwitch of) {
        return of.cpu().policed() + of.cpu().overflowed();
    }

    private static void row(Task task, Object name, Object... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-13s", name));
        for (Object cell : cells) {
            line.append(String.format(Locale.ROOT, "%11s", cell));
        }
        task.line(line.toString().stripTrailing());
    }
}
