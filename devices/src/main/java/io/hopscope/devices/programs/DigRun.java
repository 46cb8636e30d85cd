package io.hopscope.devices.programs;

import io.hopscope.core.RandomStream;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.encap.Dns;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsMessage;
import io.hopscope.protocols.dns.DnsQuestion;
import io.hopscope.protocols.dns.DnsRecord;
import java.util.List;

/** One dig under way: its questions one after the other. */
final class DigRun implements DnsExchange.Answer {
    private static final int COOKIE = 10;
    private static final int COOKIE_LENGTH = 8;
    private static final int DNSSEC_OK = 0x8000;
    private static final int AA_FLAG = Dns.AUTHORITATIVE;
    private static final long MILLI = 1_000_000_000L;
    private static final String VERSION = "9.18.49-1~deb12u3-Debian";

    private final IpStack stack;
    private final Task task;
    private final DigPlan plan;
    private final List<Integer> servers;
    private final RandomStream random;
    private int next;
    /** Which of the names that +search tries. */
    private int candidate;

    private boolean headed;
    private int exit;

    DigRun(Host host, Task task, DigPlan plan, List<Integer> servers) {
        this.task = task;
        this.plan = plan;
        this.servers = servers;
        stack = host.stack();
        random = host.node().network().seed().stream(host + " " + task);
    }

    /** Those of resolv.conf, or the host itself. */
    static List<Integer> servers(Host host) {
        List<Integer> configured = host.stack().names().settings().servers();
        return configured.isEmpty() ? List.of(0x7f000001) : configured;
    }

    void begin(long now) {
        if (next == plan.queries.size()) {
            task.exit(exit);
            return;
        }
        DigPlan.Query query = plan.queries.get(next);
        DnsMessage message = message(query);
        if (query.on("qr")) {
            head();
            task.line(";; Sending:");
            DnsText text = new DnsText(task, query::on);
            text.header(message);
            text.sections(message);
            task.line(";; QUERY SIZE: " + message.bytes(Dns.DATAGRAM).length);
            task.line("");
        }
        int tries = query.number("retry", query.number("tries", 3) - 1) + 1;
        new DnsExchange(stack, task, servers, plan.port, this)
                .trying(query.number("time", 5) * PingPlan.SECOND, tries)
                .ask(message, now);
    }

    private DnsMessage message(DigPlan.Query query) {
        int id = query.number("qid", random.nextInt(0x10000));
        int flags = (query.on("recurse") ? Dns.RECURSION_DESIRED : 0)
                | (query.on("adflag") ? Dns.AUTHENTIC : 0)
                | (query.on("aaflag") ? AA_FLAG : 0)
                | (query.on("cdflag") ? Dns.CHECKING_DISABLED : 0);
        String name = names(query).get(candidate);
        DnsQuestion question = new DnsQuestion(name, query.question.type(), query.question.kind());
        DnsMessage message = DnsMessage.query(id, flags, question);
        if (query.on("edns") || query.on("dnssec")) {
            message.udpSize = query.number("bufsize", DnsMessage.SAFE_SIZE);
            message.extended = query.on("dnssec") ? DNSSEC_OK : 0;
            if (query.on("cookie")) {
                byte[] cookie = new byte[COOKIE_LENGTH];
                for (int i = 0; i < COOKIE_LENGTH; i++) {
                    cookie[i] = (byte) random.nextInt(0x100);
                }
                message.add(COOKIE, cookie);
            }
        }
        return message;
    }

    private List<String> names(DigPlan.Query query) {
        String name = query.question.name();
        return query.on("search") ? HostQuery.candidates(stack.names().settings(), name) : List.of(name);
    }

    /** The lines that say what was asked for come once. */
    private void head() {
        if (headed || !plan.queries.get(0).on("cmd")) {
            return;
        }
        headed = true;
        task.line("");
        task.line("; <<>> DiG " + VERSION + " <<>> " + String.join(" ", task.arguments()));
        if (plan.server != null) {
            task.line("; (1 server found)");
        }
        task.line(";; global options: +cmd");
    }

    @Override
    public void answered(DnsMessage message, int server, int size, long took, long now) {
        DigPlan.Query query = plan.queries.get(next);
        boolean nobody = message.rcode() == Dns.NXDOMAIN;
        if (nobody && candidate + 1 < names(query).size()) {
            candidate++;
            begin(now);
            return;
        }
        next++;
        candidate = 0;
        if (query.on("short")) {
            String by = query.on("identify")
                    ? " from server " + Ipv4Address.text(server) + " in " + took / MILLI + " ms."
                    : "";
            for (DnsRecord each : message.answers) {
                task.line(each.text() + by);
            }
        } else {
            head();
            DnsText text = new DnsText(task, query::on);
            if (query.on("comments")) {
                task.line(";; Got answer:");
            }
            text.header(message);
            text.sections(message);
            if (query.on("stats")) {
                text.statistics(server, plan.port, size, took, now);
            }
        }
        begin(now);
    }

    @Override
    public void silent(long now) {
        next++;
        candidate = 0;
        exit = 9;
        head();
        task.line(";; no servers could be reached");
        begin(now);
    }
}
