package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.netfilter.Connections;
import io.hopscope.protocols.netfilter.Hooks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** {@code conntrack}: the connections that netfilter follows. */
public final class Conntrack implements Program {
    private static final String LEAD = "conntrack v1.4.7 (conntrack-tools): ";
    private static final List<String> COMMANDS = List.of("-L", "-D", "-F", "-C", "-S");
    private static final List<String> OPTIONS = List.of(
            "-p",
            "-s",
            "-d",
            "-r",
            "-q",
            "--sport",
            "--dport",
            "--zone",
            "-w",
            "-m",
            "--src-nat",
            "--dst-nat",
            "-n",
            "-g");
    private static final List<String> PROTOCOLS = List.of("tcp", "udp", "icmp");
    private static final int[] NUMBERS = {Ipv4.TCP, Ipv4.UDP, Ipv4.ICMP};

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public String summary() {
        return "conntrack -L|-D|-F|-C|-S [-p PROTOCOL] [-s ADDRESS] [-d ADDRESS] [--sport N] [--dport N] [-w ZONE]";
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
        String verb = words.isEmpty() ? "" : words.poll();
        String command = verb.replace("--dump", "-L")
                .replace("--delete", "-D")
                .replace("--flush", "-F")
                .replace("--count", "-C")
                .replace("--stats", "-S");
        if (!COMMANDS.contains(command)) {
            throw new Misuse(2, LEAD + "unknown command '" + verb + "'", verb, COMMANDS);
        }
        if (!words.isEmpty() && words.peek().equals("conntrack")) {
            words.poll();
        }
        Connections.Filter filter = filter(words);
        return (run, now) -> run(command, Netfilter.of(node, host).hooks(), filter, run, now);
    }

    private static void run(String command, Hooks hooks, Connections.Filter filter, Task task, long now) {
        Connections all = hooks.connections();
        switch (command) {
            case "-C" -> task.line(Integer.toString(all.count(now)));
            case "-S" ->
                task.line("cpu=0       \tfound=" + hooks.conntrack().found()
                        + " invalid=" + hooks.conntrack().invalid()
                        + " insert=0 insert_failed=" + hooks.conntrack().clashes()
                        + " drop=" + hooks.conntrack().dropped() + " early_drop="
                        + hooks.conntrack().early()
                        + " error=0 search_restart=0 clash_resolve=0 chaintoolong=0 ");
            case "-F" -> {
                all.delete(Connections.Filter.ALL, now);
                task.line(LEAD + "connection tracking table has been emptied.");
            }
            case "-D" -> {
                List<String> gone = all.delete(filter, now);
                gone.forEach(task::line);
                task.line(LEAD + gone.size() + " flow entries have been deleted.");
                if (gone.isEmpty()) {
                    throw new Misuse(1, "");
                }
            }
            default -> {
                List<String> lines = all.list(filter, now);
                lines.forEach(task::line);
                task.line(LEAD + lines.size() + " flow entries have been shown.");
            }
        }
    }

    private static Connections.Filter filter(Deque<String> words) {
        Connections.Filter f = Connections.Filter.ALL;
        while (!words.isEmpty()) {
            String word = words.poll();
            f = switch (word) {
                case "-p", "--proto" -> f.protocol(protocol(next(words)));
                case "-s", "--src", "--orig-src" -> f.source(prefix(words));
                case "-d", "--dst", "--orig-dst" -> f.destination(prefix(words));
                case "-r", "--reply-src" -> f.replySource(prefix(words));
                case "-q", "--reply-dst" -> f.replyDestination(prefix(words));
                case "--sport", "--orig-port-src" -> f.sourcePort(number(words, 65_535));
                case "--dport", "--orig-port-dst" -> f.destinationPort(number(words, 65_535));
                case "-w", "--zone" -> f.zone(number(words, 65_535));
                case "-m", "--mark" -> f.mark(number(words, Integer.MAX_VALUE));
                case "-n", "--src-nat" -> f.sourceNat();
                case "-g", "--dst-nat" -> f.destinationNat();
                default -> throw new Misuse(2, LEAD + "unknown option '" + word + "'", word, OPTIONS);
            };
        }
        return f;
    }

    private static String next(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(2, LEAD + "option requires an argument");
        }
        return words.poll();
    }

    private static int protocol(String text) {
        int known = PROTOCOLS.indexOf(text);
        if (known < 0 && !text.matches("[0-9]{1,3}")) {
            throw new Misuse(2, LEAD + "protocol '" + text + "' not supported", text, PROTOCOLS);
        }
        return known < 0 ? Integer.parseInt(text) : NUMBERS[known];
    }

    private static Prefix prefix(Deque<String> words) {
        String text = next(words);
        try {
            return Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Misuse(2, LEAD + "Invalid IP address '" + text + "'");
        }
    }

    private static int number(Deque<String> words, int most) {
        String text = next(words);
        try {
            long value = Long.decode(text);
            if (value >= 0 && value <= most) {
                return (int) value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Misuse(2, LEAD + "'" + text + "' is no number up to " + most);
    }
}
