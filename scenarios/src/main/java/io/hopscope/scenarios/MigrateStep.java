package io.hopscope.scenarios;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.neutron.BridgeWiring;
import io.hopscope.devices.neutron.LiveMigration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A step in which a virtual machine goes to another compute node while it runs. */
final class MigrateStep {
    private static final long DOWNTIME = 60_000_000_000L;

    private final Lab lab;
    private final Problems problems;
    private final Value step;

    private MigrateStep(Lab lab, Problems problems, Value step) {
        this.lab = lab;
        this.problems = problems;
        this.step = step;
    }

    /**
     * @param machine whether a device is one, by its whole name: containers do not migrate
     */
    static void schedule(Lab lab, Value step, Predicate<String> machine, Problems problems) {
        new MigrateStep(lab, problems, step).schedule(machine);
    }

    private void schedule(Predicate<String> machine) {
        for (String key : List.of("node", "exec", "link", "state")) {
            if (step.has(key)) {
                problems.add(step.where(key), "'" + key + "' beside 'migrate'", "migrate, to, at and downtime");
            }
        }
        if (!step.has("to")) {
            problems.add(step.where("migrate"), "'migrate' without 'to'", "the compute node it goes to");
            return;
        }
        Host vm = machine(machine);
        Node node = vm == null ? null : target(vm);
        long downtime = step.has("downtime") ? Units.time(step.text("downtime")) : DOWNTIME;
        if (downtime < LiveMigration.SHORTEST_DOWNTIME) {
            problems.add(step.where("downtime"), step.get("downtime").kind(), "a millisecond or more");
        } else if (node != null) {
            go(vm, node, Runner.at(step), downtime);
        }
    }

    private Host machine(Predicate<String> machine) {
        String name = String.valueOf(step.text("migrate"));
        Lab.Place place = lab.place(name);
        if (place == null) {
            List<String> fit = lab.names().stream()
                    .filter(each -> each.indexOf('/') < 0 && wired(lab.place(each), machine))
                    .toList();
            problems.unknown(step.where("migrate"), "virtual machine", name, fit);
            return null;
        }
        boolean wired = wired(place, machine);
        if (!wired) {
            problems.add(
                    step.where("migrate"),
                    "'" + name + "', which cannot migrate",
                    "a vm whose interfaces are wired to an OVS bridge with a patch port int-BRIDGE");
        }
        return wired ? place.host() : null;
    }

    private static boolean wired(Lab.Place place, Predicate<String> machine) {
        Host vm = place == null ? null : place.host();
        return vm != null
                && machine.test(vm.toString())
                && !vm.ports().isEmpty()
                && vm.ports().stream().allMatch(each -> LiveMigration.bridge(each) != null);
    }

    private Node target(Host vm) {
        String name = String.valueOf(step.text("to"));
        Node node = lab.nodes().get(name);
        List<String> fit = new ArrayList<>();
        lab.nodes().forEach((each, candidate) -> {
            if (candidate != vm.node() && bridges(vm, candidate)) {
                fit.add(each);
            }
        });
        if (node == null || !bridges(vm, node)) {
            problems.unknown(step.where("to"), "compute node", name, fit);
            return null;
        }
        return node;
    }

    /** Whether the node has what the machine's taps are plugged into. */
    private static boolean bridges(Host vm, Node node) {
        for (Port each : vm.ports()) {
            if (!(node.device(each.peer().device().name()) instanceof OvsBridge bridge)
                    || BridgeWiring.physical(bridge) == null) {
                return false;
            }
        }
        return true;
    }

    private void go(Host vm, Node node, long at, long downtime) {
        List<Lab.Stay> before = lab.stays(vm);
        Lab.Stay last = before.isEmpty() ? null : before.get(before.size() - 1);
        Host from = last == null ? vm : last.host();
        if (from.node() == node) {
            problems.add(step.where("to"), "'" + node.name() + "', where it is at that time", "another node");
            return;
        } else if (last != null && at < last.awake()) {
            problems.add(step.where("at"), "a migration before the one before has ended", "a later time");
            return;
        }
        Host to = node == vm.node() ? vm : known(before, node);
        if (to == null) {
            if (!free(vm, node)) {
                return;
            }
            to = LiveMigration.twin(vm, node);
        }
        new LiveMigration(from, to).schedule(at, downtime);
        lab.goes(vm, new Lab.Stay(at, at + downtime, to));
    }

    private static Host known(List<Lab.Stay> before, Node node) {
        for (Lab.Stay each : before) {
            if (each.host().node() == node) {
                return each.host();
            }
        }
        return null;
    }

    private boolean free(Host vm, Node node) {
        boolean free = node.device(vm.name()) == null;
        for (NetInterface each : vm.stack().interfaces()) {
            Port tap = each.port().peer();
            free &= node.device(tap.device().name()).port(tap.name()) == null;
        }
        if (!free) {
            problems.add(
                    step.where("to"),
                    "'" + node.name() + "', which has a " + vm.name() + " or its tap port already",
                    "a node without");
        }
        return free;
    }
}
