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

/** {@code host} of BIND 9.18. */
public final class HostTool implements Program {
    /** What the words say. */
    private static final class Plan {
        private List<Integer> types = List.of(Dns.A, Dns.AAAA, Dns.MX);
        private boolean typed;
        private boolean recursive = true;
        private long timeout = 5 * PingPlan.SECOND;
        private int tries = 2;
        private int port = Dns.PORT;
        private String name;
        private String server;

        Plan read(List<String> arguments) {
            Words words = new Words(arguments);
            for (char option = words.option(); option != 0; option = words.option()) {
                option(option, words);
            }
            name = words.next();
            server = words.next();
            if (name == null || words.more()) {
                throw new Misuse(
                        1,
                        "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n"
                                + "            [-R number] [-m flag] [-p port] hostname [server]");
            }
            if (Lookup.numeric(name) && !typed) {
                types = List.of(Dns.PTR);
            }
            return this;
        }

        private void option(char option, Words words) {
            switch (option) {
                case '4' -> {}
                case 'r' -> recursive = false;
                case 't' -> {
                    int type = DnsData.type(String.valueOf(words.argument()));
                    if (type < 0) {
                        throw new Misuse(2, "host: invalid type: " + words.read() + "\n");
                    }
                    types = List.of(type);
                    typed = true;
                }
                case 'W' -> timeout = number(words, 1, 3600) * PingPlan.SECOND;
                case 'R' -> tries = (int) number(words, 1, 100) + 1;
                case 'p' -> port = (int) number(words, 1, 65535);
                default -> throw new Misuse(1, "host: illegal option -- " + option);
            }
        }

        private static long number(Words words, long least, long most) {
            Long number = words.number(least, most);
            if (number == null) {
                throw new Misuse(1, "host: '" + words.read() + "' is no number from " + least + " to " + most);
            }
            return number;
        }
    }

    @Override
    public String name() {
        return "host";
    }

    @Override
    public String summary() {
        return "asks DNS, as BIND's: host [-t TYPE] [-W SECONDS] NAME|ADDRESS [SERVER]";
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
                    task.line("host: couldn't get address for '" + plan.server + "': not found");
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
                .recursive(plan.recursive)
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
                    : Fault.unknownHost("host: couldn't get address for '" + plan.server + "': not found", plan.server);
        } catch (Misuse e) {
            return e.fault();
        }
    }

    /** What is printed. */
    private record Lines(Task task, Plan plan) implements HostQuery.Form {
        @Override
        public boolean show(DnsMessage message, String name, int type, int server, boolean first) {
            if (first && plan.server != null) {
                task.line("Using domain server:");
                task.line("Name: " + plan.server);
                task.line("Address: " + Ipv4Address.text(server) + "#" + plan.port);
                task.line("Aliases: ");
                task.line("");
            }
            int rcode = message.flags & 15;
            if (rcode != Dns.NOERROR) {
                task.line("Host " + name + " not found: " + rcode + "(" + DnsData.rcodeName(rcode) + ")");
                return false;
            }
            if (message.answers.isEmpty() && plan.types.size() == 1) {
                task.line(name + " has no " + DnsData.typeName(type) + " record");
            }
            for (DnsRecord each : message.answers) {
                // Aliases are the same for every type.
                if (first || each.type() != Dns.CNAME) {
                    task.line(each.name() + " " + said(each));
                }
            }
            return true;
        }

        private static String said(DnsRecord record) {
            String data = record.text();
            return switch (record.type()) {
                case Dns.A -> "has address " + data;
                case Dns.AAAA -> "has IPv6 address " + data;
                case Dns.CNAME -> "is an alias for " + data;
                case Dns.PTR -> "domain name pointer " + data;
                case Dns.MX -> "mail is handled by " + data;
                case Dns.NS -> "name server " + data;
                case Dns.TXT -> "descriptive text " + data;
                case Dns.SOA -> "has SOA record " + data;
                case Dns.SRV -> "has SRV record " + data;
                default -> "has " + DnsData.typeName(record.type()) + " record " + data;
            };
        }

        @Override
        public void silent() {
            task.line(";; no servers could be reached");
        }
    }
}
