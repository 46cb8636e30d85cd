package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsMessage;
import io.hopscope.protocols.dns.DnsRecord;
import java.util.List;

/** {@code nslookup} of BIND 9.18, for one question. */
public final class Nslookup implements Program {
    /** What the words say. */
    private static final class Plan {
        private List<Integer> types = List.of(Dns.A, Dns.AAAA);
        private boolean typed;
        private long timeout = 5 * PingPlan.SECOND;
        private int tries = 3;
        private int port = Dns.PORT;
        private String name;
        private String server;

        Plan read(List<String> words) {
            for (String each : words) {
                if (each.startsWith("-")) {
                    option(each);
                } else if (name == null) {
                    name = each;
                } else if (server == null) {
                    server = each;
                } else {
                    throw new Misuse(1, "Usage: nslookup [-opt ...] host server");
                }
            }
            if (name == null) {
                throw new Misuse(1, "nslookup without a name waits for ever");
            }
            if (Lookup.numeric(name) && !typed) {
                types = List.of(Dns.PTR);
            }
            return this;
        }

        private void option(String word) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            switch (key) {
                case "-type", "-query", "-querytype", "-q", "-ty" -> {
                    int type = DnsData.type(value);
                    if (type < 0) {
                        throw new Misuse(1, "unknown query type: " + value);
                    }
                    types = List.of(type);
                    typed = true;
                }
                case "-timeout" -> timeout = number(key, value) * PingPlan.SECOND;
                case "-retry" -> tries = number(key, value);
                case "-port" -> port = number(key, value);
                default ->
                    throw new Misuse(
                            1,
                            "*** Invalid option: " + key.substring(1),
                            key,
                            List.of("-type", "-timeout", "-retry", "-port"));
            }
        }

        private static int number(String key, String value) {
            if (!value.matches("[1-9][0-9]{0,4}") || Integer.parseInt(value) > 65535) {
                throw new Misuse(1, "*** Invalid " + key.substring(1) + ": '" + value + "'");
            }
            return Integer.parseInt(value);
        }
    }

    @Override
    public String name() {
        return "nslookup";
    }

    @Override
    public String summary() {
        return "asks DNS, as BIND's: nslookup [-type=TYPE] [-timeout=SECONDS] NAME|ADDRESS [SERVER]";
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
        if (plan.server == null) {
            ask(host, task, plan, DigRun.servers(host), now);
            return;
        }
        Lookup.find(
                host,
                task,
                plan.server,
                false,
                (address, canonical, then) -> ask(host, task, plan, List.of(address), then),
                (why, then) -> {
                    task.line("nslookup: couldn't get address for '" + plan.server + "': not found");
                    task.exit(1);
                },
                now);
    }

    private static void ask(Host host, Task task, Plan plan, List<Integer> servers, long now) {
        new HostQuery(
                        host,
                        task,
                        servers,
                        plan.port,
                        HostQuery.names(host, plan.name),
                        plan.types,
                        new Lines(task, plan))
                .trying(plan.timeout, plan.tries)
                .begin(now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        try {
            Plan plan = new Plan().read(task.arguments());
            return plan.server == null || Lookup.possible(host, task, plan.server)
                    ? null
                    : Fault.unknownHost(
                            "nslookup: couldn't get address for '" + plan.server + "': not found", plan.server);
        } catch (Misuse e) {
            return e.fault();
        }
    }

    /** What is printed. */
    private record Lines(Task task, Plan plan) implements HostQuery.Form {
        @Override
        public boolean show(DnsMessage message, String name, int type, int server, boolean first) {
            int rcode = message.flags & 15;
            boolean reverse = Lookup.numeric(plan.name) && !plan.typed;
            if (first && !reverse) {
                task.line("Server:\t\t" + (plan.server == null ? Ipv4Address.text(server) : plan.server));
                task.line("Address:\t" + Ipv4Address.text(server) + "#" + plan.port);
                task.line("");
            }
            if (rcode != Dns.NOERROR) {
                task.line("** server can't find " + name + ": " + DnsData.rcodeName(rcode));
                task.line("");
                return false;
            }
            if (first && !reverse && (message.flags & Dns.AUTHORITATIVE) == 0) {
                task.line("Non-authoritative answer:");
            }
            if (message.answers.isEmpty() && first && plan.types.size() == 1) {
                task.line("*** Can't find " + name + ": No answer");
            }
            for (DnsRecord each : message.answers) {
                if (first || each.type() != Dns.CNAME) {
                    record(each);
                }
            }
            boolean last = plan.types.size() == 1 || !first;
            if (last) {
                task.line("");
            }
            return !last;
        }

        private void record(DnsRecord record) {
            switch (record.type()) {
                case Dns.A, Dns.AAAA -> {
                    task.line("Name:\t" + record.name());
                    task.line("Address: " + record.text());
                }
                case Dns.CNAME -> task.line(record.name() + "\tcanonical name = " + record.text());
                case Dns.PTR -> task.line(record.name() + "\tname = " + record.text());
                case Dns.MX -> task.line(record.name() + "\tmail exchanger = " + record.text());
                case Dns.NS -> task.line(record.name() + "\tnameserver = " + record.text());
                case Dns.TXT -> task.line(record.name() + "\ttext = " + record.text());
                case Dns.SRV -> task.line(record.name() + "\tservice = " + record.text());
                default -> task.line(record.name() + "\trdata_" + record.type() + " = " + record.text());
            }
        }

        @Override
        public void silent() {
            task.line(";; no servers could be reached");
            task.line("");
        }
    }
}
