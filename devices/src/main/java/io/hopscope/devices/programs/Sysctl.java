package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Program;
import io.hopscope.devices.Sysctls;
import io.hopscope.devices.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code sysctl} of procps: reads and writes the {@code net.ipv4} settings of a host, and {@code net.core.somaxconn}. */
public final class Sysctl implements Program {
    @Override
    public String name() {
        return "sysctl";
    }

    @Override
    public String summary() {
        return "settings of the kernel: sysctl [-w] [-n] [-q] [-e] NAME[=VALUE]; -a [-r PATTERN]";
    }

    /** What is to be done. */
    private static final class Plan {
        private boolean all;
        private boolean bare;
        private boolean quiet;
        private boolean write;
        private boolean lenient;
        private Pattern pattern;
        private final List<String> names = new ArrayList<>();
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, host, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> {
            Step step = parse(node, host, task);
            known(host.stack(), task);
            return step;
        });
    }

    /** A name that there is not is found before anything runs. */
    private static void known(IpStack stack, Task task) {
        Plan plan = read(task.arguments());
        Map<String, Sysctls.Setting> settings = stack.makeSysctls().settings();
        for (String each : plan.names) {
            String name = name(each);
            if (!plan.lenient && !settings.containsKey(name)) {
                throw new Misuse(1, missing(name), name, List.copyOf(settings.keySet()));
            }
        }
    }

    private static Step parse(Node node, Host host, Task task) {
        Plan plan = read(task.arguments());
        if (host == null) {
            throw new Misuse(1, "sysctl: no network stack on " + node.name());
        }
        return (run, now) -> run(plan, host.stack().makeSysctls(), run);
    }

    private static Plan read(List<String> words) {
        Plan plan = new Plan();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-r") || word.equals("--pattern") || word.equals("-ar")) {
                plan.all |= word.equals("-ar");
                plan.pattern = pattern(i + 1 < words.size() ? words.get(++i) : null);
            } else if (word.startsWith("--")) {
                option(plan, letter(word), word);
            } else if (word.startsWith("-") && word.length() > 1) {
                for (char letter : word.substring(1).toCharArray()) {
                    option(plan, letter, word);
                }
            } else {
                plan.names.add(word);
            }
        }
        if (!plan.all && plan.names.isEmpty()) {
            throw new Misuse(1, "\nUsage:\n sysctl [options] [variable[=value] ...]");
        }
        return plan;
    }

    private static char letter(String word) {
        return switch (word) {
            case "--all" -> 'a';
            case "--values" -> 'n';
            case "--quiet" -> 'q';
            case "--write" -> 'w';
            case "--ignore" -> 'e';
            default -> '?';
        };
    }

    private static void option(Plan plan, char letter, String word) {
        switch (letter) {
            case 'a', 'A', 'X' -> plan.all = true;
            case 'n' -> plan.bare = true;
            case 'q' -> plan.quiet = true;
            case 'w' -> plan.write = true;
            case 'e' -> plan.lenient = true;
            default ->
                throw new Misuse(
                        1,
                        letter == '?'
                                ? "sysctl: unrecognized option '" + word + "'"
                                : "sysctl: invalid option -- '" + letter + "'");
        }
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text == null ? "" : text);
        } catch (PatternSyntaxException e) {
            throw new Misuse(1, "sysctl: " + e.getDescription());
        }
    }

    /** Slashes may stand for dots, as in the file system. */
    private static String name(String word) {
        int equals = word.indexOf('=');
        String name = (equals < 0 ? word : word.substring(0, equals)).strip();
        return name.indexOf('/') >= 0 && name.indexOf('.') < 0 ? name.replace('/', '.') : name;
    }

    private static String missing(String name) {
        return "sysctl: cannot stat /proc/sys/" + name.replace('.', '/') + ": No such file or directory";
    }

    private static void run(Plan plan, Sysctls sysctls, Task task) {
        Map<String, Sysctls.Setting> settings = sysctls.settings();
        if (plan.all) {
            settings.values().stream()
                    .filter(each -> plan.pattern == null
                            || plan.pattern.matcher(each.name()).find())
                    .forEach(each -> tell(plan, each, task));
        }
        boolean failed = false;
        for (String word : plan.names) {
            Sysctls.Setting setting = settings.get(name(word));
            int equals = word.indexOf('=');
            if (setting == null) {
                failed |= !plan.lenient;
                if (!plan.lenient) {
                    task.line(missing(name(word)));
                }
            } else if (equals < 0 && plan.write) {
                failed = true;
                task.line("sysctl: command line(0): invalid syntax, continuing...");
            } else if (equals < 0) {
                tell(plan, setting, task);
            } else {
                failed |= !set(plan, setting, word.substring(equals + 1).strip(), task);
            }
        }
        if (failed) {
            task.exit(1);
        }
    }

    private static void tell(Plan plan, Sysctls.Setting setting, Task task) {
        task.line(plan.bare ? setting.value() : setting.name() + " = " + setting.value());
    }

    private static boolean set(Plan plan, Sysctls.Setting setting, String value, Task task) {
        if (setting.set(value)) {
            if (!plan.quiet) {
                task.line(plan.bare ? value : setting.name() + " = " + value);
            }
            return true;
        }
        // The kernel looks for a module of that name.
        boolean module = setting.writable() && setting.name().endsWith("congestion_control");
        String why = module ? "No such file or directory" : "Invalid argument";
        task.line("sysctl: setting key \"" + setting.name() + "\": " + why);
        return false;
    }
}
