package io.hopscope.scenarios;

import io.hopscope.core.Device;
import io.hopscope.core.Port;
import io.hopscope.devices.Tree;
import io.hopscope.devices.Tree.PortSettings;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.Stations;
import io.hopscope.protocols.stp.Pace;
import io.hopscope.protocols.stp.Rstp;
import io.hopscope.protocols.stp.SpanningTree;
import io.hopscope.protocols.stp.Stp;
import io.hopscope.protocols.stp.TreeSettings;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a scenario says of a bridge's spanning tree. */
final class TreeReader {
    static final List<String> MODES = List.of("stp", "rstp", "off", "true", "false", "on");
    private static final long SECOND = 1_000_000_000_000L;

    private final Problems problems;
    private final MacBook macs;
    private final List<Runnable> later;

    TreeReader(Problems problems, MacBook macs, List<Runnable> later) {
        this.problems = problems;
        this.macs = macs;
        this.later = later;
    }

    /** Whether it runs from the start. */
    static boolean on(Value value) {
        return !List.of("off", "false", "").contains(mode(value));
    }

    private static String mode(Value value) {
        Value stp = value.get("stp");
        return stp == null ? "" : String.valueOf(stp.isMap() ? stp.text("mode", "true") : stp.text());
    }

    /** Null where the description says nothing of one. */
    Tree linux(Device bridge, Fdb fdb, Value value) {
        if (!value.has("stp")) {
            return null;
        }
        if (mode(value).equals("rstp")) {
            problems.add(value.where("stp"), "rstp on a Linux bridge", "stp, which is what its kernel runs");
        }
        return tree(bridge, fdb, value, Tree.Mode.LINUX);
    }

    /** Null where there is none: a switch without a tree loops. */
    Tree ofSwitch(Device made, Stations stations, Value value) {
        if (!on(value)) {
            return null;
        }
        return tree(made, stations, value, mode(value).equals("stp") ? Tree.Mode.STP : Tree.Mode.RSTP);
    }

    private Tree tree(Device bridge, Stations stations, Value value, Tree.Mode mode) {
        TreeSettings settings = settings(bridge, value);
        Function<SpanningTree.Owner, SpanningTree> maker = mode == Tree.Mode.RSTP
                ? owner -> new Rstp(settings, owner)
                : owner -> new Stp(settings, owner, mode == Tree.Mode.LINUX ? Pace.LINUX : Pace.EXACT);
        Tree tree = new Tree(bridge, stations, mode, maker);
        value.entries("ports").forEach((name, spec) -> {
            long priority = spec.number("priority", 128);
            if (priority % 16 != 0) {
                problems.add(spec.where("priority"), "port priority " + priority, "a multiple of 16");
            }
            tree.port(name, new PortSettings((int) priority, (int) spec.number("cost", 0), spec.flag("edge", false)));
        });
        later.add(() -> name(bridge, value));
        return tree;
    }

    /** A BPDU comes from a MAC of its port. */
    private void name(Device bridge, Value value) {
        for (Port port : bridge.ports()) {
            Value spec = value.entries("ports").get(port.name());
            if (port.mac() == 0) {
                Long given = spec == null || !spec.has("mac") ? null : mac(spec.text("mac"));
                port.mac(given == null ? macs.derive(port.toString()) : macs.given(given));
            }
        }
    }

    private static Long mac(String text) {
        try {
            return MacAddress.bits(text);
        } catch (IllegalArgumentException e) {
            // The shape was checked: it has been complained about.
            return null;
        }
    }

    private TreeSettings settings(Device bridge, Value value) {
        Long given = value.has("mac") ? mac(value.text("mac")) : null;
        long mac = given == null ? macs.derive(bridge + " bridge") : given;
        Value stp = value.get("stp");
        if (!stp.isMap()) {
            return TreeSettings.of(TreeSettings.PRIORITY, mac);
        }
        long priority = stp.number("priority", TreeSettings.PRIORITY);
        if (priority % 4096 != 0) {
            problems.add(stp.where("priority"), "bridge priority " + priority, "a multiple of 4096");
        }
        TreeSettings usual = TreeSettings.of((int) priority, mac);
        long hello = time(stp, "hello", usual.hello(), 1, 10);
        long age = time(stp, "max-age", usual.maxAge(), 6, 40);
        long delay = time(stp, "forward-delay", usual.forwardDelay(), 2, 30);
        if (2 * (delay - SECOND) < age || age < 2 * (hello + SECOND)) {
            problems.add(
                    stp.where(),
                    String.format(
                            Locale.ROOT,
                            "hello %ds, max-age %ds, forward-delay %ds",
                            hello / SECOND,
                            age / SECOND,
                            delay / SECOND),
                    "2 x (forward-delay - 1s) >= max-age >= 2 x (hello + 1s), as 802.1D asks");
        }
        return usual.times(hello, age, delay);
    }

    private long time(Value stp, String key, long usual, int least, int most) {
        if (!stp.has(key)) {
            return usual;
        }
        try {
            long time = Units.time(stp.text(key));
            if (time < least * SECOND || time > most * SECOND) {
                problems.add(stp.where(key), stp.text(key), "a time from " + least + "s to " + most + "s");
            }
            return time;
        } catch (IllegalArgumentException e) {
            return usual;
        }
    }
}
