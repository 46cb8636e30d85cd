package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.HostFiles;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.http.HttpHead;
import java.util.List;

/** {@code httpd}: an HTTP/1.1 server in the background that keeps connections, and takes what is sent to it. */
public final class Httpd implements Program {
    /** What the words say. */
    private static final class Plan {
        private int port = 80;
        private int address;
        private String directory = "";
        /** Apache's KeepAliveTimeout. */
        private long patience = 5 * PingPlan.SECOND;

        private boolean foreground;

        Plan read(List<String> arguments) {
            Words words = new Words(arguments);
            for (char option = words.option(); option != 0; option = words.option()) {
                switch (option) {
                    case 'f' -> foreground = true;
                    case 'h' -> directory = need(words.argument(), option);
                    case 'p' -> listen(need(words.argument(), option));
                    case 't' -> {
                        Long time = words.seconds();
                        if (time == null || time == 0) {
                            throw new Misuse(1, "httpd: invalid timeout '" + words.read() + "'");
                        }
                        patience = time;
                    }
                    default -> throw new Misuse(1, "httpd: invalid option -- '" + option + "'");
                }
            }
            if (words.more()) {
                throw new Misuse(1, "httpd: no operands, and not '" + words.next() + "'");
            }
            return this;
        }

        private static String need(String value, char option) {
            if (value == null) {
                throw new Misuse(1, "httpd: option requires an argument -- '" + option + "'");
            }
            return value;
        }

        private void listen(String text) {
            int colon = text.lastIndexOf(':');
            String number = text.substring(colon + 1);
            try {
                address = colon < 0 ? 0 : Ipv4Address.bits(text.substring(0, colon));
                port = Integer.parseInt(number);
            } catch (IllegalArgumentException e) {
                port = 0;
            }
            if (port < 1 || port > 65535) {
                throw new Misuse(1, "httpd: bad address '" + text + "'");
            }
        }
    }

    /** Files, and a sink for POST and PUT. */
    private record Site(FileSite files, long patience) implements HttpSite {
        @Override
        public Answer answer(HttpHead request, long received, int client, long now) {
            boolean closes = !request.keepsAlive();
            String path = FileSite.path(request.target());
            return switch (request.method()) {
                case "GET", "HEAD" -> {
                    HostFiles.Content file = files.find(path.endsWith("/") ? path + "index.html" : path);
                    boolean head = request.method().equals("HEAD");
                    yield file == null
                            ? text(404, "Not Found", "404 Not Found\n", closes, head, now)
                            : new Answer(
                                    status(200, "OK", FileSite.type(path), file.size(), closes, now),
                                    head ? null : file,
                                    file.size(),
                                    closes);
                }
                case "POST", "PUT" -> text(200, "OK", "received " + received + " bytes\n", closes, false, now);
                default -> text(405, "Method Not Allowed", "405 Method Not Allowed\n", closes, false, now);
            };
        }

        private static Answer text(int code, String reason, String text, boolean closes, boolean head, long now) {
            HostFiles.Content body = HostFiles.Content.of(text);
            return new Answer(
                    status(code, reason, "text/plain", body.size(), closes, now),
                    head ? null : body,
                    body.size(),
                    closes);
        }

        private static HttpHead status(int code, String reason, String type, long length, boolean closes, long now) {
            HttpHead made = new HttpHead("HTTP/1.1 " + code + " " + reason)
                    .add("Date", Calendar.http(now))
                    .add("Server", "httpd")
                    .add("Content-Length", String.valueOf(length))
                    .add("Content-Type", type);
            return closes ? made.add("Connection", "close") : made;
        }

        @Override
        public Answer refusal(String why, int client, long now) {
            return text(400, "Bad Request", "400 " + why + "\n", true, false, now);
        }
    }

    @Override
    public String name() {
        return "httpd";
    }

    @Override
    public String summary() {
        return "an HTTP/1.1 server in the background that keeps connections and takes POST and PUT: "
                + "httpd [-p [ADDRESS:]PORT] [-h DIR] [-t SECONDS] [-f]";
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
        HttpServer server = new HttpServer(host, task, "httpd", new Site(files, plan.patience));
        if (!server.listen(plan.address, plan.port, 511)) {
            task.line("httpd: bind: Address already in use");
            task.exit(1);
        } else if (plan.foreground) {
            // The run is over: nobody would carry what closing the sockets says.
            task.onInterrupt(() -> task.exit(130));
        } else {
            task.exit(0);
        }
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
