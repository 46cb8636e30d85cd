package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Program;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.Task;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** {@code ip} of iproute2: the read-outs of addresses, links, routes, rules and neighbours, and changes of them. */
public final class Ip implements Program {
    private static final List<String> OBJECTS = List.of("address", "link", "neighbour", "neighbor", "route", "rule");

    @Override
    public String name() {
        return "ip";
    }

    @Override
    public String summary() {
        return "ip [-4] [-br] [-d] [-o] [-j] [-p] [-s] addr|link show; ip link set DEV up|down|mtu|address|txqueuelen; ip link set BRIDGE type bridge vlan_filtering 1; ip addr add|del|flush; ip route show|get|add|append|change|replace|del|flush; ip rule show|add|del|flush; ip neigh show|add|flush";
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
        Deque<String> words = new ArrayDeque<>(task.arguments());
        IpOptions options = IpOptions.read(words);
        String object = words.isEmpty() ? "" : words.poll();
        if (host == null && !object.isEmpty() && kind(object).equals("link") && BridgeLinks.bare(node)) {
            return BridgeLinks.parse(node, words, options.details);
        }
        IpStack stack = stack(node, host);
        if (object.isEmpty()) {
            throw new Misuse(255, "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }");
        }
        String kind = kind(object);
        Step step =
                switch (kind) {
                    case "address" -> new IpAddresses(stack, options).parse(words);
                    case "link" -> link(stack, options, words);
                    case "route" -> new IpRoutes(stack, task).parse(words);
                    case "rule" -> new IpRules(stack).parse(words);
                    default -> new IpNeighbours(stack).parse(words);
                };
        boolean written = kind.equals("address") || kind.equals("link");
        return written || !options.json ? step : (run, now) -> IpJson.of(kind, step, options.pretty, run, now);
    }

    private static Step link(IpStack stack, IpOptions options, Deque<String> words) {
        String verb = command(words, "link", List.of("set", "show", "lst", "list"));
        if (verb.equals("set") && words.contains("type")) {
            return BridgeLinks.set(stack.node(), words);
        } else if (verb.equals("set")) {
            IpLinkSet change = IpLinkSet.read(stack, words);
            return (task, now) -> change.apply();
        }
        return IpShow.read(stack, options, false, words);
    }

    /** A link that is set up or down is so for its far end as well, at the same instant. */
    @Override
    public void announce(Node node, Host host, Task task, long at) {
        Deque<String> words = new ArrayDeque<>(task.arguments());
        try {
            IpOptions.read(words);
            if (words.size() > 2
                    && !words.contains("type")
                    && kind(words.poll()).equals("link")
                    && "set".startsWith(words.poll())) {
                IpLinkSet.read(stack(node, host), words).announce(at);
            }
        } catch (Misuse e) {
            // Said when it is run.
        }
    }

    /** Abbreviations as iproute2 takes them. */
    private static String kind(String object) {
        for (String each : OBJECTS) {
            if (each.startsWith(object)) {
                return each;
            }
        }
        throw new Misuse(1, "Object \"" + object + "\" is unknown, try \"ip help\".", object, OBJECTS);
    }

    static IpStack stack(Node node, Host host) {
        if (host != null) {
            return host.stack();
        }
        // What is on a server but not the server itself, as a virtual machine, is asked by its own name.
        for (Device device : node.devices()) {
            if (device.name().isEmpty() && device instanceof StackOwner owner) {
                return owner.stack();
            }
        }
        throw new Misuse(1, "Error: no network stack of its own on " + node.name() + others(node));
    }

    private static String others(Node node) {
        List<String> names = node.devices().stream()
                .filter(device -> device instanceof StackOwner)
                .map(Device::name)
                .toList();
        return names.isEmpty() ? "" : "; there is one on " + String.join(", ", names);
    }

    /** The next word, which has to be there. */
    static String next(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(255, "Command line is not complete. Try option \"help\"");
        }
        return words.poll();
    }

    /** A word too many, in the words of iproute2. */
    static Misuse garbage(String argument, String word, List<String> valid) {
        return new Misuse(
                255, "Error: either \"" + argument + "\" is duplicate, or \"" + word + "\" is a garbage.", word, valid);
    }

    /** The command after an object, which may be cut short as in iproute2; {@code show} where there is none. */
    static String command(Deque<String> words, String object, List<String> valid) {
        String word = words.isEmpty() ? "show" : words.poll();
        for (String each : valid) {
            if (each.startsWith(word)) {
                return each;
            }
        }
        throw new Misuse(255, "Command \"" + word + "\" is unknown, try \"ip " + object + " help\".", word, valid);
    }
}
