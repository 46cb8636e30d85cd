package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code nstat} of iproute2: what a host has counted, since it was asked last or since it booted. No daemon. */
public final class Nstat implements Program {
    private static final Map<String, Character> OPTIONS = options();

    /** Numbers that do not count anything, which nstat leaves out. */
    private static final Set<String> SETTINGS = Set.of(
            "IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "TcpCurrEstab");

    /** What the words say. */
    private static final class Plan {
        private boolean all;
        private boolean zeros;
        private boolean keeps;
        private boolean resets;
        private boolean silent;
        private boolean json;
        private boolean pretty;
        private List<Pattern> patterns = List.of();

        boolean wants(String name) {
            return patterns.isEmpty()
                    || patterns.stream().anyMatch(each -> each.matcher(name).matches());
        }
    }

    private static Map<String, Character> options() {
        Map<String, Character> known = new LinkedHashMap<>();
        known.put("help", 'h');
        known.put("ignore", 'a');
        known.put("scan", 'd');
        known.put("json", 'j');
        known.put("nooutput", 'n');
        known.put("pretty", 'p');
        known.put("reset", 'r');
        known.put("noupdate", 's');
        known.put("interval", 't');
        known.put("version", 'V');
        known.put("zeros", 'z');
        return known;
    }

    @Override
    public String name() {
        return "nstat";
    }

    @Override
    public String summary() {
        return "what a host counts of IP, ICMP, UDP and TCP: nstat [-asrnzjp] [PATTERN...], since the last nstat or, "
                + "with -a, in all";
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
        IpStack stack = Ip.stack(node, host);
        Plan plan = read(task.arguments());
        return (run, now) -> tell(stack, plan, run);
    }

    private static Plan read(List<String> words) {
        Plan plan = new Plan();
        Options options = new Options("nstat", words, OPTIONS, "dt");
        for (char letter = options.next(); letter != 0; letter = options.next()) {
            switch (letter) {
                case 'a' -> plan.all = true;
                case 'z' -> plan.zeros = true;
                case 's' -> plan.keeps = true;
                case 'r' -> plan.resets = true;
                case 'n' -> plan.silent = true;
                case 'j' -> plan.json = true;
                case 'p' -> plan.pretty = true;
                case 'h' -> throw new Misuse(255, HelpText.of("nstat"));
                case 'V' -> throw new Misuse(0, "nstat utility, iproute2-6.1.0");
                default -> throw new Misuse(255, "nstat: cannot run as a daemon on an emulated host");
            }
        }
        plan.patterns = options.operands().stream().map(Nstat::pattern).toList();
        return plan;
    }

    /** As fnmatch reads it. */
    private static Pattern pattern(String word) {
        var made = new StringBuilder();
        for (char c : word.toCharArray()) {
            switch (c) {
                case '*' -> made.append(".*");
                case '?' -> made.append('.');
                default -> made.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(made.toString());
    }

    private static void tell(IpStack stack, Plan plan, Task task) {
        Map<String, Long> all = stack.counters().all();
        all.keySet().removeAll(SETTINGS);
        Map<String, Long> before = plan.resets || plan.all ? Map.of() : stack.told();
        if (!plan.silent) {
            print(plan, all, before, task);
        }
        if (!plan.keeps) {
            stack.told(all);
        }
    }

    private static void print(Plan plan, Map<String, Long> all, Map<String, Long> before, Task task) {
        JsonText json = new JsonText(plan.pretty).object().object("kernel");
        if (!plan.json) {
            task.line("#kernel");
        }
        for (Map.Entry<String, Long> each : all.entrySet()) {
            long last = before.getOrDefault(each.getKey(), 0L);
            // Power was lost in between: counting began anew, which nstat takes for an overflow.
            boolean overflow = each.getValue() < last;
            long value = overflow ? 0 : each.getValue() - last;
            if (!plan.zeros && value == 0 || !plan.wants(each.getKey())) {
                continue;
            } else if (plan.json) {
                json.put(each.getKey(), value);
            } else {
                task.line(String.format(
                        Locale.ROOT, "%-32s%-16d%6.1f%s", each.getKey(), value, 0.0, overflow ? " (overflow)" : ""));
            }
        }
        if (plan.json) {
            json.endObject().endObject().lines().forEach(task::line);
        }
    }
}
