package io.hopscope.devices.programs;

import io.hopscope.core.Port;
import io.hopscope.core.qdisc.Discipline;
import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.devices.Task;
import io.hopscope.devices.tc.QdiscText;
import io.hopscope.devices.tc.QdiscWords;
import io.hopscope.devices.tc.TcFault;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** {@code tc qdisc}: what it shows and changes, as rtnetlink allows it. */
final class TcQdisc {
    private static final List<String> VERBS = List.of("add", "change", "replace", "delete", "show", "list", "lst");
    private static final String LOOPBACK = "lo";
    private static final int ROOT = -1;
    private static final int NOWHERE = -2;

    private final Map<String, Port> ports;
    private final boolean loopback;
    private final boolean statistics;
    private String device;
    /** {@link #ROOT}, {@link #NOWHERE}, or major and minor number of a class. */
    private int parent = NOWHERE;

    private int handle;
    private String kind;
    private QdiscSpec spec;
    private List<String> words = List.of();

    TcQdisc(Map<String, Port> ports, boolean loopback, boolean statistics) {
        this.ports = ports;
        this.loopback = loopback;
        this.statistics = statistics;
    }

    Step parse(Deque<String> line) {
        String word = line.isEmpty() ? "show" : line.poll();
        String verb = verb(word);
        boolean shows = List.of("show", "list", "lst").contains(verb);
        while (!line.isEmpty() && kind == null) {
            place(line, shows);
        }
        if (shows) {
            return show();
        } else if (device == null) {
            throw new Misuse(2, "RTNETLINK answers: No such device");
        } else if (!ports.containsKey(device)) {
            throw new Misuse(1, "Cannot find device \"" + device + "\"", device, List.copyOf(ports.keySet()));
        } else if (verb.equals("delete")) {
            return (task, now) -> delete(now);
        } else if (parent == NOWHERE && handle == 0) {
            throw new Misuse(2, "Error: Handle cannot be zero.");
        } else if (kind == null) {
            throw new Misuse(2, "Error: Specified qdisc kind is unknown.", "", QdiscWords.KINDS);
        }
        return (task, now) -> change(verb, now);
    }

    private static String verb(String word) {
        for (String each : VERBS) {
            if (each.startsWith(word)) {
                return each;
            }
        }
        throw new Misuse(255, "Command \"" + word + "\" is unknown, try \"tc qdisc help\".", word, VERBS);
    }

    private void place(Deque<String> line, boolean shows) {
        String word = line.poll();
        switch (word) {
            case "dev" -> {
                once("dev", device != null, line);
                device = Ip.next(line);
            }
            case "root" -> {
                if (parent != NOWHERE) {
                    throw new Misuse(255, "Error: \"root\" is duplicate parent ID");
                }
                parent = ROOT;
            }
            case "parent" -> {
                once("parent", parent != NOWHERE, line);
                parent = id(Ip.next(line), "parent");
            }
            case "handle" -> {
                once("handle", handle != 0, line);
                handle = id(Ip.next(line), "qdisc") >>> 16;
            }
            default -> {
                if (shows) {
                    throw new Misuse(255, "What is \"" + word + "\"? Try \"tc qdisc help\".");
                }
                options(word, line);
            }
        }
    }

    private static void once(String word, boolean twice, Deque<String> line) {
        if (twice) {
            throw new Misuse(255, "Error: duplicate \"" + word + "\": \"" + line.peek() + "\" is the second value.");
        }
    }

    /** {@code 1:2}, hexadecimal. */
    private static int id(String word, String what) {
        String[] parts = word.split(":", -1);
        try {
            int major = Integer.parseInt(parts[0], 16);
            int minor = parts.length < 2 || parts[1].isEmpty() ? 0 : Integer.parseInt(parts[1], 16);
            if (major >= 0 && major < 0x10000 && minor >= 0 && minor < 0x10000 && parts.length < 3) {
                return major << 16 | minor;
            }
        } catch (NumberFormatException e) {
            throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: invalid " + what + " ID");
        }
        throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: invalid " + what + " ID");
    }

    private void options(String word, Deque<String> rest) {
        kind = word;
        List<String> all = new ArrayList<>(List.of(word));
        all.addAll(rest);
        rest.clear();
        words = all;
        try {
            spec = QdiscWords.parse(all);
        } catch (TcFault e) {
            boolean kernel =
                    e.getMessage().startsWith("Error: ") || e.getMessage().startsWith("RTNETLINK");
            throw new Misuse(kernel ? 2 : e.exit(), e.getMessage(), e.word(), e.valid());
        }
    }

    private Step show() {
        boolean known = device == null || ports.containsKey(device) || loopback && device.equals(LOOPBACK);
        if (!known) {
            throw new Misuse(1, "Cannot find device \"" + device + "\"", device, List.copyOf(ports.keySet()));
        }
        return (task, now) -> {
            if (loopback && parent < 0 && handle == 0 && (device == null || device.equals(LOOPBACK))) {
                QdiscText.none(device == null ? LOOPBACK : null, statistics).forEach(task::line);
            }
            ports.forEach((name, port) -> {
                if (device == null || device.equals(name)) {
                    show(device == null ? name : null, port, task);
                }
            });
        };
    }

    private void show(String name, Port port, Task task) {
        Discipline root = port.qdisc();
        if (root != null) {
            show(name, root, ROOT, task);
        } else if (parent < 0 && handle == 0) {
            QdiscText.none(name, statistics).forEach(task::line);
        }
    }

    private void show(String name, Discipline qdisc, int under, Task task) {
        boolean wanted = (parent == NOWHERE || parent == under) && (handle == 0 || handle == qdisc.handle());
        if (wanted) {
            String place = under == ROOT ? "root refcnt 2" : "parent " + text(under);
            QdiscText.of(qdisc, name, place, statistics).forEach(task::line);
        }
        for (int i = 1; i <= qdisc.classes(); i++) {
            Discipline inner = qdisc.of(i);
            if (inner != null && inner.handle() != 0) {
                show(name, inner, qdisc.handle() << 16 | i, task);
            }
        }
    }

    private static String text(int id) {
        return Integer.toHexString(id >>> 16) + ":" + Integer.toHexString(id & 0xffff);
    }

    private void delete(long now) {
        Port port = ports.get(device);
        if (parent == NOWHERE) {
            throw new Misuse(
                    2,
                    handle == 0
                            ? "Error: Failed to find qdisc with specified handle."
                            : "Error: Classid cannot be zero.");
        }
        Discipline above = parent == ROOT ? null : above(port, "Error: Failed to find qdisc with specified classid.");
        Discipline existing = at(port, above);
        if (existing == null) {
            throw new Misuse(2, "Error: Cannot delete qdisc with handle of zero.");
        } else if (handle != 0 && handle != existing.handle()) {
            throw new Misuse(2, "Error: Invalid handle.");
        } else if (kind != null && !kind.equals(existing.kind())) {
            throw new Misuse(2, "Error: Invalid qdisc name: must match existing qdisc.");
        } else if (above == null) {
            port.qdisc(null, 0, now);
        } else {
            above.clear(slot(above));
            port.serve(now);
        }
    }

    private void change(String verb, long now) {
        Port port = ports.get(device);
        Discipline above = parent < 0 ? null : above(port, "Error: Failed to find specified qdisc.");
        Discipline existing = parent == NOWHERE ? find(port.qdisc(), handle) : at(port, above);
        if (existing == null && (parent == NOWHERE || verb.equals("change"))) {
            throw new Misuse(2, "Error: Qdisc not found. To create specify NLM_F_CREATE flag.");
        }
        boolean other = existing != null && handle != 0 && handle != existing.handle();
        if (other && !verb.equals("replace")) {
            throw new Misuse(2, "Error: NLM_F_REPLACE needed to override.");
        } else if (existing == null || other || handle == 0 && !kind.equals(existing.kind())) {
            create(port, above, now);
        } else if (!kind.equals(existing.kind())) {
            throw new Misuse(2, "Error: Invalid qdisc name: must match existing qdisc.");
        } else if (verb.equals("add")) {
            throw new Misuse(2, "Error: Exclusivity flag on, cannot modify.");
        } else if (existing.change(QdiscWords.parse(words, existing.spec()))) {
            port.serve(now);
        } else {
            throw new Misuse(2, "RTNETLINK answers: Invalid argument");
        }
    }

    private void create(Port port, Discipline above, long now) {
        int number = handle != 0 ? handle : port.node().nextHandle();
        if (above == null) {
            port.qdisc(spec, number, now);
        } else if (find(port.qdisc(), number) != null) {
            throw new Misuse(2, "Error: Exclusivity flag on, cannot modify.");
        } else {
            above.graft(slot(above), spec, number);
            port.serve(now);
        }
    }

    /** The discipline that has the class. */
    private Discipline above(Port port, String missing) {
        Discipline above = find(port.qdisc(), parent >>> 16);
        if (above == null) {
            throw new Misuse(2, missing);
        } else if (above.classes() == 0) {
            throw new Misuse(2, "Error: Parent qdisc is not classful.");
        } else if (slot(above) < 1 || slot(above) > above.classes()) {
            throw new Misuse(2, "Error: Specified class not found.");
        }
        return above;
    }

    /** One that has but one class finds it under any number. */
    private int slot(Discipline above) {
        return above.classes() == 1 ? 1 : parent & 0xffff;
    }

    /** What is there already; one that came with its parent counts as nothing. */
    private Discipline at(Port port, Discipline above) {
        Discipline found = above == null ? port.qdisc() : above.of(slot(above));
        return found == null || found.handle() == 0 ? null : found;
    }

    private static Discipline find(Discipline from, int major) {
        if (from == null || major == 0) {
            return null;
        } else if (from.handle() == major) {
            return from;
        }
        Discipline found = null;
        for (int i = 1; found == null && i <= from.classes(); i++) {
            found = find(from.of(i), major);
        }
        return found;
    }
}
