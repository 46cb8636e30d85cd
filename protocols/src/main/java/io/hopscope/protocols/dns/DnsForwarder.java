package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.protocols.dns.DnsServer.Client;
import io.hopscope.protocols.dns.DnsServerPlan.Upstream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Questions on their way to others. As with dnsmasq all servers are asked at first, and who answers first is asked alone
 * until a client has to repeat itself, or fifty questions or twenty seconds have passed.
 */
final class DnsForwarder {
    private static final long SECOND = 1_000_000_000_000L;
    /** dnsmasq's TIMEOUT: by then nobody waits any more. */
    private static final long PATIENCE = 10 * SECOND;

    private static final long RETRY_ALL = 20 * SECOND;
    private static final int QUESTIONS = 50;

    /** Somebody who waits for an answer. */
    record Asker(Client client, int id, DnsQuestion question, int udpSize) {}

    /** One question under way. */
    private static final class Pending {
        private final int handle;
        private final int id;
        private final DnsMessage query;
        private final List<Upstream> servers;
        private final List<Asker> askers = new ArrayList<>(1);
        private final long deadline;
        private int silent;

        Pending(int handle, int id, DnsMessage query, List<Upstream> servers, long deadline) {
            this.handle = handle;
            this.id = id;
            this.query = query;
            this.servers = servers;
            this.deadline = deadline;
        }
    }

    /** What was last heard of a set of servers. */
    private static final class Favourite {
        private Upstream server;
        private int asked;
        private long since;
    }

    private final DnsServer.Line line;
    private final IntSupplier random;
    private final Consumer<String> log;
    private final Map<Integer, Pending> pending = new LinkedHashMap<>();
    private final Map<List<Upstream>, Favourite> favourites = new LinkedHashMap<>();
    private int handles;

    DnsForwarder(DnsServer.Line line, IntSupplier random, Consumer<String> log) {
        this.line = line;
        this.random = random;
        this.log = log;
    }

    /** Passes a question on, unless it is under way already. */
    void ask(Client client, DnsMessage query, List<Upstream> servers, long now) {
        Asker asker = new Asker(client, query.id, query.question(), query.udpSize);
        for (Pending each : pending.values()) {
            if (each.query.question().sameAs(query.question())) {
                if (each.askers.stream().anyMatch(known -> known.client.equals(client) && known.id == query.id)) {
                    favourite(servers).server = null;
                    send(each, servers, now);
                } else {
                    each.askers.add(asker);
                }
                return;
            }
        }
        Pending made = new Pending(++handles, random.getAsInt(), query, servers, now + PATIENCE);
        made.askers.add(asker);
        pending.put(made.handle, made);
        send(made, chosen(servers, now), now);
    }

    private Favourite favourite(List<Upstream> servers) {
        return favourites.computeIfAbsent(servers, none -> new Favourite());
    }

    private List<Upstream> chosen(List<Upstream> servers, long now) {
        Favourite favourite = favourite(servers);
        if (favourite.server == null || favourite.asked++ >= QUESTIONS || now - favourite.since > RETRY_ALL) {
            favourite.asked = 0;
            favourite.since = now;
            return servers;
        }
        return List.of(favourite.server);
    }

    private void send(Pending question, List<Upstream> servers, long now) {
        DnsMessage passed = DnsMessage.query(question.id, question.query.flags, question.query.question());
        passed.udpSize = question.query.udpSize < 0 ? -1 : DnsMessage.SAFE_SIZE;
        passed.extended = question.query.extended;
        passed.options = question.query.options;
        byte[] bytes = passed.bytes(Dns.DATAGRAM);
        question.silent = servers.size();
        for (Upstream each : servers) {
            log.accept("forwarded " + passed.question().name() + " to " + DnsServer.text(each));
            line.forward(question.handle, each, bytes, now);
        }
    }

    /** Who waits for this answer; nobody where it is none, or an error while others may know better. */
    List<Asker> answered(int handle, Upstream from, DnsMessage answer, long now) {
        Pending question = pending.get(handle);
        if (question == null
                || question.id != answer.id
                || !question.servers.contains(from)
                || answer.question() == null
                || !answer.question().sameAs(question.query.question())) {
            return List.of();
        }
        question.silent--;
        int rcode = answer.flags & 15;
        boolean failed = rcode == Dns.SERVFAIL || rcode == Dns.REFUSED;
        if (failed && question.silent > 0) {
            return List.of();
        }
        favourite(question.servers).server = failed ? null : from;
        pending.remove(handle);
        line.close(handle);
        return question.askers;
    }

    long nextDeadline() {
        return pending.isEmpty() ? Long.MAX_VALUE : pending.values().iterator().next().deadline;
    }

    void expire(long now) {
        while (nextDeadline() <= now) {
            Pending oldest = pending.values().iterator().next();
            pending.remove(oldest.handle);
            line.close(oldest.handle);
        }
    }
}
