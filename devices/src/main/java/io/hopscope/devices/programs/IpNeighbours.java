package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Neighbour;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

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
                return show(words);
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
        return words.size() == 2 && words.poll().equals("dev")
                ? RouteWords.device(stack, words.poll()).name()
                : null;
    }

    private Step show(Deque<String> words) {
        NetInterface device = null;
        Prefix prefix = Prefix.ALL;
        String state = "all";
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "dev" -> device = RouteWords.device(stack, Ip.next(words));
                case "nud" -> state = Ip.next(words);
                case "to" -> prefix = RouteWords.prefix(Ip.next(words));
                default -> prefix = RouteWords.prefix(word);
            }
        }
        NetInterface only = device;
        Prefix within = prefix;
        String in = state.equals("all") ? "" : state.toUpperCase(Locale.ROOT);
        return (task, now) -> {
            for (Neighbour each : stack.neighbourTable().entries(now)) {
                boolean there = only == null || each.device() == only.index();
                String line = each.text(name(each)) + " ";
                if (there && within.contains(each.address()) && line.contains(in)) {
                    task.line(line);
                }
            }
        };
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
