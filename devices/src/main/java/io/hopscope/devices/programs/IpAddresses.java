package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code ip addr} and {@code ip link}, which only show. */
final class IpAddresses {
    private static final String LOOPBACK = "lo";

    private final IpStack stack;
    private final boolean brief;
    private final boolean four;
    private final boolean inet;

    /**
     * @param four only what is of IPv4: no link layer
     * @param inet addresses, and not only links
     */
    IpAddresses(IpStack stack, boolean brief, boolean four, boolean inet) {
        this.stack = stack;
        this.brief = brief;
        this.four = four;
        this.inet = inet;
    }

    Step parse(Deque<String> words) {
        Ip.command(words, inet ? "address" : "link", List.of("show", "lst", "list"));
        String device = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            // Every interface is up.
            if (!word.equals("up")) {
                word = word.equals("dev") ? Ip.next(words) : word;
                if (device != null) {
                    throw Ip.garbage("dev", word, names());
                }
                device = word;
            }
        }
        if (device != null && !names().contains(device)) {
            throw new Misuse(1, "Device \"" + device + "\" does not exist.", device, names());
        }
        String only = device;
        return (task, now) -> show(only, task);
    }

    private List<String> names() {
        return Stream.concat(Stream.of(LOOPBACK), stack.interfaces().stream().map(NetInterface::name))
                .toList();
    }

    private void show(String only, Task task) {
        if (only == null || only.equals(LOOPBACK)) {
            loopback(task);
        }
        for (NetInterface each : stack.interfaces()) {
            if (only == null || each.name().equals(only)) {
                show(each, task);
            }
        }
    }

    private void loopback(Task task) {
        if (brief) {
            task.line(String.format(Locale.ROOT, "%-16s %-14s %s", LOOPBACK, "UNKNOWN", inet ? "127.0.0.1/8 " : ""));
            return;
        }
        task.line("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN " + mode() + "qlen 1000");
        if (!four) {
            task.line("    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00");
        }
        if (inet) {
            task.line("    inet 127.0.0.1/8 scope host lo");
            task.line("       valid_lft forever preferred_lft forever");
        }
    }

    private String mode() {
        return inet ? "group default " : "mode DEFAULT group default ";
    }

    private void show(NetInterface each, Task task) {
        if (brief) {
            var line = new StringBuilder(String.format(Locale.ROOT, "%-16s %-14s ", each.name(), "UP"));
            each.addresses().forEach(address -> line.append(inet ? address + " " : ""));
            task.line(line + (inet ? "" : MacAddress.text(each.mac()) + " <BROADCAST,MULTICAST,UP,LOWER_UP> "));
            return;
        }
        if (four && each.addresses().isEmpty()) {
            return;
        }
        task.line(each.index() + ": " + each.name() + ": <BROADCAST,MULTICAST,UP,LOWER_UP> mtu " + each.mtu()
                + " qdisc noqueue state UP " + mode() + "qlen 1000");
        if (!four) {
            task.line("    link/ether " + MacAddress.text(each.mac()) + " brd ff:ff:ff:ff:ff:ff");
        }
        for (InterfaceAddress address : inet ? each.addresses() : List.<InterfaceAddress>of()) {
            String broadcast = address.length() < 31
                    ? " brd " + Ipv4Address.text(address.prefix().broadcast())
                    : "";
            task.line("    inet " + address + broadcast + " scope global " + each.name());
            task.line("       valid_lft forever preferred_lft forever");
        }
    }
}
