package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.Route;
import java.util.Deque;
import java.util.List;

/** {@code ip addr}. */
final class IpAddresses {
    private static final List<String> VERBS = List.of("add", "delete", "flush", "show", "lst", "list");

    private final IpStack stack;
    private final IpOptions options;

    IpAddresses(IpStack stack, IpOptions options) {
        this.stack = stack;
        this.options = options;
    }

    Step parse(Deque<String> words) {
        String verb = Ip.command(words, "address", VERBS);
        return switch (verb) {
            case "add", "delete" -> change(verb.equals("add"), words);
            case "flush" -> flush(words);
            default -> IpShow.read(stack, options, true, words);
        };
    }

    private Step change(boolean add, Deque<String> words) {
        InterfaceAddress address = null;
        NetInterface device = null;
        boolean bare = false;
        Route.Scope scope = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "dev" -> device = RouteWords.device(stack, Ip.next(words));
                // Nothing else is there to be chosen than the subnet's own.
                case "brd", "broadcast" -> Ip.next(words);
                case "scope" -> scope = RouteNames.scope(Ip.next(words));
                default -> {
                    String text = word.equals("local") ? Ip.next(words) : word;
                    if (address != null) {
                        throw Ip.garbage("local", text, List.of("dev"));
                    }
                    address = address(text);
                    bare = text.indexOf('/') < 0;
                }
            }
        }
        if (device == null) {
            throw new Misuse(1, "Not enough information: \"dev\" argument is required.");
        } else if (address == null) {
            throw new Misuse(2, "RTNETLINK answers: " + (add ? "Invalid argument" : "Operation not supported"));
        }
        NetInterface at = device;
        InterfaceAddress which = address;
        boolean any = bare;
        Route.Scope reach = scope;
        return add ? (task, now) -> add(at, which, reach) : (task, now) -> delete(at, which, any, task);
    }

    private static InterfaceAddress address(String word) {
        try {
            return word.indexOf('/') < 0
                    ? new InterfaceAddress(Ipv4Address.bits(word), 32)
                    : InterfaceAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Error: any valid prefix is expected rather than \"" + word + "\".");
        }
    }

    private static void add(NetInterface at, InterfaceAddress address, Route.Scope reach) {
        for (InterfaceAddress each : at.addresses()) {
            if (each.equals(address)) {
                throw new Misuse(2, "RTNETLINK answers: File exists");
            }
        }
        if (reach != null) {
            at.scope(address, reach);
        }
        at.address(address);
    }

    private static void delete(NetInterface at, InterfaceAddress address, boolean any, Task task) {
        if (any) {
            task.line("Warning: Executing wildcard deletion to stay compatible with old scripts.");
            task.line("         Explicitly specify the prefix length (" + address + ") to avoid this warning.");
            task.line("         This special behaviour is likely to disappear in further releases,");
            task.line("         fix your scripts!");
        }
        for (InterfaceAddress each : at.addresses()) {
            if (any ? each.address() == address.address() : each.equals(address)) {
                at.remove(each);
                return;
            }
        }
        throw new Misuse(2, "RTNETLINK answers: Cannot assign requested address");
    }

    private Step flush(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(1, "Flush requires arguments.");
        }
        String word = words.poll();
        NetInterface device = RouteWords.device(stack, word.equals("dev") ? Ip.next(words) : word);
        if (!words.isEmpty()) {
            throw Ip.garbage("dev", words.peek(), List.of());
        }
        return (task, now) -> device.flush();
    }
}
