package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.netfilter.RulesText;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** {@code iptables-save}: all rules of a host, as iptables-restore takes them. */
public final class IptablesSave implements Program {
    private static final List<String> TABLES = List.of("raw", "mangle", "nat", "filter", "security");
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

    @Override
    public String name() {
        return "iptables-save";
    }

    @Override
    public String summary() {
        return "iptables-save [-c] [-t TABLE]: all rules, with their counters";
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
        boolean counters = false;
        String table = null;
        List<String> words = task.arguments();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-c") || word.equals("--counters")) {
                counters = true;
            } else if ((word.equals("-t") || word.equals("--table")) && i + 1 < words.size()) {
                table = words.get(++i);
                if (!TABLES.contains(table)) {
                    throw new Misuse(1, "iptables-save: Cannot initialize: Table does not exist", table, TABLES);
                }
            } else {
                throw new Misuse(1, "Unknown arguments found on commandline: " + word, word, List.of("-c", "-t"));
            }
        }
        boolean counting = counters;
        String only = table;
        return (run, now) -> RulesText.save(Netfilter.of(node, host).hooks().rules(), only, counting, date(now))
                .forEach(run::line);
    }

    /** The run begins with the epoch. */
    private static String date(long now) {
        return LocalDateTime.ofEpochSecond(now / 1_000_000_000_000L, 0, ZoneOffset.UTC)
                .format(CTIME);
    }
}
