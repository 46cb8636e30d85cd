package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsServerPlan.Named;
import io.hopscope.protocols.dns.DnsServerPlan.Rule;
import io.hopscope.protocols.dns.DnsServerPlan.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * A DNS server as dnsmasq 2.90 is one: answers from its options, from host names and DHCP leases, passes the rest on and
 * keeps what it hears. No DNSSEC, no zones of its own (--auth-zone), no zone transfer.
 */
public final class DnsServer {
    /** Where what is not answered at once goes. */
    public interface Line {
        /** Sends an answer to who asked. */
        void reply(Client client, byte[] message, long now);

        /** Sends a question on, from a port of its own that answers come back to until {@link #close}. */
        void forward(int handle, Upstream to, byte[] message, long now);

        void close(int handle);

        /** A line of its log. */
        void say(String text);
    }

    /**
     * Who asks.
     *
     * @param to the address that was asked
     */
    public record Client(int address, int port, int to) {}

    /** "Not Ready" (RFC 8914): nobody to ask. */
    private static final byte[] NOT_READY = {0, 14};

    private static final int EXTENDED_ERROR = 15;
    private static final int CHAIN = 10;

    private final DnsServerPlan plan;
    private final LongFunction<List<Named>> leases;
    private final Line line;
    private final DnsCache cache;
    private final DnsForwarder forwarder;

    /**
     * @param leases names that DHCP clients have, at an instant
     * @param random 16 bits, for numbers of queries
     */
    public DnsServer(DnsServerPlan plan, LongFunction<List<Named>> leases, IntSupplier random, Line line) {
        this.plan = plan;
        this.leases = leases;
        this.line = line;
        cache = new DnsCache(plan.cache);
        forwarder = new DnsForwarder(line, random, this::log);
    }

    static String text(Upstream upstream) {
        return Ipv4Address.text(upstream.address()) + "#" + upstream.port();
    }

    private void log(String text) {
        if (plan.log) {
            line.say(text);
        }
    }

    /** A message that came to the server's port. */
    public void receive(Client client, byte[] bytes, int from, int to, long now) {
        DnsMessage query = DnsMessage.read(bytes, from, to);
        if (query == null || query.response()) {
            return;
        }
        if (query.questions.size() != 1 || query.opcode() != 0) {
            DnsMessage refusal = reply(query);
            refuse(refusal);
            send(client, query, refusal, now);
            return;
        }
        DnsQuestion question = query.question();
        log("query[" + DnsData.typeName(question.type()) + "] " + question.name() + " from "
                + Ipv4Address.text(client.address()));
        DnsMessage answer = reply(query);
        if (local(question, answer, (query.flags & Dns.RECURSION_DESIRED) != 0, now)) {
            send(client, query, answer, now);
        } else {
            elsewhere(client, query, question, answer, now);
        }
    }

    /** An answer of a server that was asked; who answers unasked is not heard. */
    public void answered(int handle, int address, int port, byte[] bytes, int from, int to, long now) {
        DnsMessage message = DnsMessage.read(bytes, from, to);
        if (message == null || !message.response()) {
            return;
        }
        List<DnsForwarder.Asker> askers = forwarder.answered(handle, new Upstream(address, port), message, now);
        if (askers.isEmpty()) {
            return;
        }
        logReply(message);
        if ((message.flags & 15) == Dns.NOERROR && (message.flags & Dns.TRUNCATED) == 0) {
            cache.put(message.answers, now);
        }
        for (DnsForwarder.Asker each : askers) {
            DnsMessage answer = DnsMessage.query(each.id(), 0, each.question());
            answer.flags = message.flags | Dns.RECURSION_AVAILABLE;
            answer.answers.addAll(message.answers);
            answer.authority.addAll(message.authority);
            answer.additional.addAll(message.additional);
            if (each.udpSize() >= 0) {
                answer.udpSize = DnsMessage.SAFE_SIZE;
                answer.extended = message.udpSize < 0 ? 0 : message.extended;
                answer.options = message.options;
            }
            line.reply(each.client(), answer.bytes(room(each.udpSize())), now);
        }
    }

    /** When {@link #expire} is to be called; {@link Long#MAX_VALUE} while nothing is under way. */
    public long nextDeadline() {
        return forwarder.nextDeadline();
    }

    public void expire(long now) {
        forwarder.expire(now);
    }

    private static void refuse(DnsMessage answer) {
        answer.flags |= Dns.REFUSED;
        if (answer.udpSize >= 0) {
            answer.add(EXTENDED_ERROR, NOT_READY);
        }
    }

    private static DnsMessage reply(DnsMessage query) {
        int kept = query.flags & (Dns.RECURSION_DESIRED | Dns.CHECKING_DISABLED | 0x7800);
        DnsMessage made = new DnsMessage();
        made.id = query.id;
        made.flags = Dns.RESPONSE | Dns.RECURSION_AVAILABLE | kept;
        made.questions.addAll(query.questions);
        if (query.udpSize >= 0) {
            made.udpSize = DnsMessage.SAFE_SIZE;
            made.extended = query.extended & 0x8000;
        }
        return made;
    }

    private void send(Client client, DnsMessage query, DnsMessage answer, long now) {
        line.reply(client, answer.bytes(room(query.udpSize)), now);
    }

    /** Bytes that whoever asked takes, and that dnsmasq sends. */
    private static int room(int udpSize) {
        return Math.max(Dns.DATAGRAM, Math.min(udpSize, DnsMessage.SAFE_SIZE));
    }

    /** Answers from what is known here; returns whether it is. */
    private boolean local(DnsQuestion question, DnsMessage into, boolean cached, long now) {
        if (question.kind() == Dns.CHAOS) {
            return chaos(question, into);
        }
        if (question.kind() != Dns.IN) {
            return false;
        }
        String name = question.name();
        boolean own = true;
        for (int i = 0; i < CHAIN; i++) {
            DnsRecord alias = own(name, Dns.CNAME).stream().findFirst().orElse(null);
            boolean wanted = question.type() != Dns.CNAME && question.type() != Dns.ANY;
            List<DnsRecord> kept = alias == null && cached && wanted ? cache.find(name, Dns.CNAME, now) : List.of();
            if (!wanted || alias == null && kept.isEmpty()) {
                break;
            }
            own &= alias != null;
            add(into, alias != null ? alias : kept.get(0), alias != null ? "config" : "cached");
            name = into.answers.get(into.answers.size() - 1).target();
        }
        int aliases = into.answers.size();
        for (DnsRecord each : own(name, question.type())) {
            add(into, each, "config");
        }
        hosts(name, question.type(), into, now);
        if (into.answers.size() == aliases && cached) {
            List<DnsRecord> kept = cache.find(name, question.type(), now);
            kept.forEach(each -> add(into, each, "cached"));
            own &= kept.isEmpty();
        }
        if (into.answers.size() == aliases && (aliases == 0 || !own)) {
            // An alias that was heard of answers nobody alone: whoever knows its target is asked about all of it.
            into.answers.clear();
            return false;
        }
        into.flags |= own ? Dns.AUTHORITATIVE : 0;
        targets(into, now);
        return true;
    }

    /** Who asks for the host of a service will ask for its address next. */
    private void targets(DnsMessage into, long now) {
        for (DnsRecord each : into.answers) {
            if (each.type() == Dns.MX || each.type() == Dns.SRV) {
                DnsMessage found = new DnsMessage();
                hosts(each.target(), Dns.A, found, now);
                hosts(each.target(), Dns.AAAA, found, now);
                found.answers.stream()
                        .filter(address -> !into.additional.contains(address))
                        .forEach(into.additional::add);
            }
        }
    }

    private boolean chaos(DnsQuestion question, DnsMessage into) {
        if (question.type() != Dns.TXT || !DnsQuestion.key(question.name()).equals("version.bind")) {
            return false;
        }
        add(into, DnsRecord.txt(question.name(), Dns.CHAOS, plan.ttl, List.of("dnsmasq-2.90")), "config");
        into.flags |= Dns.AUTHORITATIVE;
        return true;
    }

    private List<DnsRecord> own(String name, int type) {
        String key = DnsQuestion.key(name);
        List<DnsRecord> found = new ArrayList<>();
        // In the order in which dnsmasq looks: texts first.
        for (int each : type == Dns.ANY ? new int[] {Dns.TXT, Dns.PTR, Dns.MX, Dns.SRV} : new int[] {type}) {
            plan.records.stream()
                    .filter(record -> record.type() == each
                            && DnsQuestion.key(record.name()).equals(key))
                    .map(record -> record.withName(name).withTtl(record.ttl() < 0 ? plan.ttl : record.ttl()))
                    .forEach(found::add);
        }
        return found;
    }

    private void hosts(String name, int type, DnsMessage into, long now) {
        Integer reversed = type == Dns.PTR || type == Dns.ANY ? DnsServerPlan.reversed(name) : null;
        String key = DnsQuestion.key(name);
        List<Named> all = new ArrayList<>(plan.hosts);
        all.addAll(leases.apply(now));
        for (Named each : all) {
            long ttl = each.ttl() < 0 ? plan.ttl : each.ttl();
            int own = each.address() instanceof Integer ? Dns.A : Dns.AAAA;
            if (reversed != null && each.address().equals(reversed) && into.answers.isEmpty()) {
                DnsRecord made = DnsRecord.name(name, Dns.PTR, ttl, each.names().get(0));
                into.answers.add(made);
                log(each.source() + " " + Ipv4Address.text(reversed) + " is " + made.target());
            } else if ((type == own || type == Dns.ANY) && each.called(key)) {
                add(into, each.record(name, ttl), each.source());
            }
        }
    }

    private void add(DnsMessage into, DnsRecord record, String source) {
        into.answers.add(record);
        log(source + " " + record.name() + " is " + said(record));
    }

    /** As dnsmasq's log has it. */
    private static String said(DnsRecord record) {
        return switch (record.type()) {
            case Dns.A, Dns.AAAA -> record.text();
            case Dns.PTR -> record.target();
            default -> "<" + DnsData.typeName(record.type()) + ">";
        };
    }

    /** By the rule of the longest domain that has anything to say about the question. */
    private void elsewhere(Client client, DnsMessage query, DnsQuestion question, DnsMessage answer, long now) {
        String key = DnsQuestion.key(question.name());
        List<Rule> rules = rules(key, question);
        boolean address = question.type() == Dns.A || question.type() == Dns.AAAA;
        boolean plain = plan.domainNeeded && address && key.indexOf('.') < 0 && !key.isEmpty();
        List<Rule> literal =
                rules.stream().filter(each -> each.address() != null).toList();
        List<Upstream> servers =
                rules.stream().map(Rule::upstream).filter(each -> each != null).toList();
        if (bogus(question)) {
            answer.flags |= Dns.AUTHORITATIVE | Dns.NXDOMAIN;
            log("config " + question.name() + " is NXDOMAIN");
        } else if (!literal.isEmpty()) {
            // dnsmasq sorts them by address, the greatest first.
            literal.stream().sorted(DnsServer::compare).forEach(each -> literal(question, answer, each));
            answer.flags |= Dns.AUTHORITATIVE;
        } else if (!servers.isEmpty() && !plain) {
            forwarder.ask(client, query, servers, now);
            return;
        } else if (rules.isEmpty()) {
            refuse(answer);
            answer.flags += plain ? Dns.NXDOMAIN - Dns.REFUSED : 0;
            log(plain ? "config " + question.name() + " is NXDOMAIN" : "config error is REFUSED (EDE: not ready)");
        } else {
            boolean exists = exists(key, now);
            answer.flags |= exists ? Dns.NOERROR : Dns.NXDOMAIN;
            log("config " + question.name() + " is " + (exists ? nothing(question.type()) : "NXDOMAIN"));
        }
        send(client, query, answer, now);
    }

    private static int compare(Rule a, Rule b) {
        boolean four = a.address() instanceof Integer && b.address() instanceof Integer;
        return four ? Integer.compareUnsigned((Integer) b.address(), (Integer) a.address()) : 0;
    }

    private void literal(DnsQuestion question, DnsMessage answer, Rule rule) {
        Named named = new Named(List.of(question.name()), rule.address(), plan.ttl, "config");
        add(answer, named.record(question.name(), plan.ttl), "config");
    }

    private List<Rule> rules(String key, DnsQuestion question) {
        List<Rule> best = List.of();
        for (Rule each : plan.rules) {
            boolean answers = each.address() == null
                    || question.kind() == Dns.IN
                            && (question.type() == Dns.ANY
                                    || question.type() == (each.address() instanceof Integer ? Dns.A : Dns.AAAA));
            if (!answers || !each.covers(key)) {
                continue;
            }
            int length = best.isEmpty() ? -1 : best.get(0).domain().length();
            if (each.domain().length() > length) {
                best = new ArrayList<>(List.of(each));
            } else if (each.domain().length() == length) {
                best.add(each);
            }
        }
        return best;
    }

    private boolean bogus(DnsQuestion question) {
        Integer address =
                plan.bogusPrivate && question.type() == Dns.PTR ? DnsServerPlan.reversed(question.name()) : null;
        return address != null
                && (address >>> 24 == 10
                        || address >>> 20 == 0xac1
                        || address >>> 16 == 0xc0a8
                        || address >>> 16 == 0xa9fe
                        || address >>> 24 == 127);
    }

    /** Whether there is anything of the name or below it, if not what was asked for. */
    private boolean exists(String key, long now) {
        return plan.records.stream().anyMatch(each -> covers(key, each.name()))
                || plan.hosts.stream().anyMatch(each -> each.names().stream().anyMatch(name -> covers(key, name)))
                || leases.apply(now).stream()
                        .anyMatch(each -> each.names().stream().anyMatch(name -> covers(key, name)));
    }

    private static boolean covers(String key, String name) {
        String other = DnsQuestion.key(name);
        return other.equals(key) || other.endsWith("." + key);
    }

    private static String nothing(int type) {
        return type == Dns.A ? "NODATA-IPv4" : type == Dns.AAAA ? "NODATA-IPv6" : "NODATA";
    }

    private void logReply(DnsMessage message) {
        DnsQuestion question = message.question();
        int rcode = message.flags & 15;
        if (rcode == Dns.NXDOMAIN || rcode == Dns.NOERROR && message.answers.isEmpty()) {
            log("reply " + question.name() + " is " + (rcode == Dns.NXDOMAIN ? "NXDOMAIN" : nothing(question.type())));
        } else if (rcode != Dns.NOERROR) {
            log("reply error is " + DnsData.rcodeName(rcode));
        } else {
            message.answers.forEach(each -> log("reply " + each.name() + " is "
                    + (each.type() == Dns.TXT ? each.text().replace("\"", "") : said(each))));
        }
    }
}
