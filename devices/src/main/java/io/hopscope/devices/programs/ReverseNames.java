package io.hopscope.devices.programs;

import io.hopscope.devices.NameService;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * The names of addresses in a program's output: lines wait for them, in order. The real programs wait as well, and send
 * nothing meanwhile; these go on.
 */
final class ReverseNames {
    private record Entry(int[] addresses, Supplier<String> line, Runnable then) {}

    private final NameService service;
    private final Task task;
    private final Map<Integer, String> known = new LinkedHashMap<>();
    private final Queue<Entry> waiting = new ArrayDeque<>();
    private boolean asking;

    /**
     * @param service null where addresses are to stay as they are
     */
    ReverseNames(NameService service, Task task) {
        this.service = service;
        this.task = task;
    }

    /** {@code web.lab (10.0.0.2)}, or the address alone where it has no name; only within a line that has waited for it. */
    String text(int address) {
        String name = known.get(address);
        String number = Ipv4Address.text(address);
        return name == null || name.equals(number) ? number : name + " (" + number + ")";
    }

    /** The name, or the address as text. */
    String name(int address) {
        return known.getOrDefault(address, Ipv4Address.text(address));
    }

    /** Prints a line when the names of the addresses in it are known, then does something else. */
    void print(Supplier<String> line, Runnable then, long now, int... addresses) {
        waiting.add(new Entry(addresses, line, then));
        advance(now);
    }

    private void advance(long now) {
        while (!asking && !waiting.isEmpty() && !task.ended()) {
            Entry next = waiting.peek();
            for (int each : next.addresses) {
                if (service != null && !known.containsKey(each)) {
                    ask(each, now);
                    if (asking) {
                        return;
                    }
                }
            }
            waiting.poll();
            String line = next.line.get();
            if (line != null) {
                task.line(line);
            }
            next.then.run();
        }
    }

    private void ask(int address, long now) {
        NameService.HostsLine line = service.find(address);
        if (line != null) {
            known.put(address, line.names().get(0));
            return;
        }
        asking = true;
        service.name(
                address,
                (asked, then) -> {
                    String found = asked.canonical();
                    known.put(address, found == null ? Ipv4Address.text(address) : found);
                    asking = false;
                    advance(then);
                },
                now);
    }
}
