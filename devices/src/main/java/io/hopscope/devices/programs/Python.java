package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** {@code python3 -m http.server}: the files of a host, over HTTP. */
public final class Python implements Program {
    private static final List<String> OPTIONS = List.of("--bind", "--directory", "--protocol");
    private static final String USAGE =
            "usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\nserver.py: error: ";

    /** What the words say. */
    private static final class Plan {
        private int port = 8000;
        private int address;
        private String directory = "";
        private String version = "1.0";

        Plan read(List<String> arguments) {
            Deque<String> words = new ArrayDeque<>(arguments);
            if (!"-m".equals(words.poll()) || !"http.server".equals(words.poll())) {
                throw new Misuse(1, "python3: nothing but -m http.server is here");
            }
            boolean ported = false;
            while (!words.isEmpty()) {
                String word = words.poll();
                int equals = word.startsWith("--") ? word.indexOf('=') : -1;
                String name = equals < 0 ? word : word.substring(0, equals);
                if (!name.startsWith("-")) {
                    if (ported) {
                        throw new Misuse(2, USAGE + "unrecognized arguments: " + word);
                    }
                    ported = true;
                    port = port(word);
                } else {
                    option(name, equals < 0 ? words.poll() : word.substring(equals + 1));
                }
            }
            return this;
        }

        private void option(String name, String value) {
            if (!OPTIONS.contains(name) && !List.of("-b", "-d", "-p").contains(name)) {
                throw new Misuse(2, USAGE + "unrecognized arguments: " + name, name, OPTIONS);
            } else if (value == null) {
                throw new Misuse(2, USAGE + "argument " + name + ": expected one argument");
            }
            switch (name) {
                case "-d", "--directory" -> directory = value;
                case "-b", "--bind" -> {
                    try {
                        address = Ipv4Address.bits(value);
                    } catch (IllegalArgumentException e) {
                        throw new Misuse(1, "socket.gaierror: [Errno -2] Name or service not known");
                    }
                }
                default -> {
                    if (!value.equals("HTTP/1.0") && !value.equals("HTTP/1.1")) {
                        throw new Misuse(
                                2,
                                USAGE + "argument -p/--protocol: '" + value + "'",
                                value,
                                List.of("HTTP/1.0", "HTTP/1.1"));
                    }
                    version = value.substring(5);
                }
            }
        }

        private static int port(String word) {
            if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) > 65535 || Integer.parseInt(word) == 0) {
                throw new Misuse(2, USAGE + "argument port: invalid int value: '" + word + "'");
            }
            return Integer.parseInt(word);
        }
    }

    @Override
    public String name() {
        return "python3";
    }

    @Override
    public String summary() {
        return "an HTTP server of the host's files: python3 -m http.server [PORT] [--bind ADDRESS] [--directory DIR] "
                + "[--protocol HTTP/1.1]";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Plan plan;
        try {
            Dig.need(host, node);
            plan = new Plan().read(task.arguments());
        } catch (Misuse e) {
            e.tell(task);
            return;
        }
        FileSite files = new FileSite(host.stack().files(), plan.directory);
        HttpServer server = new HttpServer(host, task, "python3", new PythonSite(files, task, plan.version));
        if (!server.listen(plan.address, plan.port, 5)) {
            task.line("OSError: [Errno 98] Address already in use");
            task.exit(1);
            return;
        }
        PythonSite.greeting(plan.address, plan.port).forEach(task::line);
        task.onInterrupt(() -> {
            task.line("");
            task.line("Keyboard interrupt received, exiting.");
            // The run is over: nobody would carry what closing the sockets says.
            task.exit(0);
        });
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        try {
            new Plan().read(task.arguments());
            return null;
        } catch (Misuse e) {
            return e.fault();
        }
    }
}
