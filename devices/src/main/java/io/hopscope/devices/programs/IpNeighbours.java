package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.protocols.Neighbour;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** {@code ip neigh}. */
final class IpNeighbours {
    private static final List<String> VERBS = List.of("show", "list", "lst", "add", "replace", "flush");

    private final IpStack stack;

    IpNeighbours(IpStack stack) {
        this.stack = stack;
    }

    Step parse(Deque<String> words) {
        switch (Ip.command(words, "neigh", VERBS)) {
            case "add", "replace" -> {
                RouteWords.Neighbour entry = RouteWords.readNeighbour(stack, new ArrayList<>(words));
                return (task, now) -> entry.enter(stack);
            }
            case "flush" -> {
                return flush(words);
            }
            default -> {
                String device = device(words);
                return (task, now) -> show(device, task, now);
            }
        }
    }

    /** The table forgets all at once: an interface alone can be named where there is no other. */
    private Step flush(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(1, "Flush requires arguments.");
        } else if (words.size() == 1 && words.peek().equals("all")) {
            words.poll();
        } else if (device(words) == null || stack.interfaces().size() > 1) {
            throw new Misuse(1, "\"ip neigh flush\" takes all, and a dev only where it is the only one.");
        }
        return (task, now) -> stack.neighbourTable().flush();
    }

    private String device(Deque<String> words) {
        String device = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            if (!word.equals("dev") || device != null) {
                throw Ip.garbage("to", word, List.of("dev"));
            }
            device = RouteWords.device(stack, Ip.next(words)).name();
        }
        return device;
    }

    private void show(String only, Task task, long now) {
        for (Neighbour each : stack.neighbourTable().entries(now)) {
            String device = name(each);
            if (only == null || only.equals(device)) {
                task.line(each.text(device) + " ");
            }
        }
    }

    private String name(Neighbour neighbour) {
        for (NetInterface each : stack.interfaces()) {
            if (each.index() == neighbour.device()) {
                return each.name();
            }
        }
        return "-";
    }
}
