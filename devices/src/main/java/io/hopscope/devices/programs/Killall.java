package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import java.util.List;

/** {@code killall} of psmisc: a signal to what runs in the background. */
public final class Killall implements Program {
    private static final List<String> SIGNALS = List.of("HUP", "INT", "KILL", "USR1", "USR2", "TERM");
    private static final List<String> NUMBERS = List.of("1", "2", "9", "10", "12", "15");

    @Override
    public String name() {
        return "killall";
    }

    @Override
    public String summary() {
        return "signals to services: killall [-USR1|-USR2|-TERM] NAME";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        List<String> words = task.arguments();
        String signal = "TERM";
        if (!words.isEmpty() && words.get(0).startsWith("-")) {
            signal = words.get(0).replaceFirst("^-(s$|SIG)?", "");
            int number = NUMBERS.indexOf(signal);
            signal = number >= 0 ? SIGNALS.get(number) : signal;
            words = words.subList(1, words.size());
        }
        if (words.size() != 1 || !SIGNALS.contains(signal)) {
            task.line(words.size() != 1 ? "Usage: killall [-SIGNAL] NAME" : signal + ": unknown signal");
            task.exit(1);
            return;
        }
        String name = words.get(0);
        List<Service> found = host == null
                ? List.of()
                : host.services().stream()
                        .filter(service -> service.name().equals(name))
                        .toList();
        for (Service each : found) {
            each.signal(signal, now);
        }
        if (found.isEmpty()) {
            task.line(name + ": no process found");
        }
        task.exit(found.isEmpty() ? 1 : 0);
    }
}
