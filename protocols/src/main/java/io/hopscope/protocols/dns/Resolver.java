package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * One question to DNS under way, as glibc 2.36 asks it (res_nsearch, res_nsend): A and AAAA at once, server after server,
 * domain after domain. Nothing is kept for the next time.
 */
public final class Resolver {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int DONE = -1;

    /** How it ended, in the words of gai_strerror. */
    public enum Outcome {
        FOUND(""),
        UNKNOWN("Name or service not known"),
        AGAIN("Temporary failure in name resolution"),
        NO_DATA("No address associated with hostname");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** Carries questions, and hears the end. */
    public interface Line {
        /**
         * @param fresh the first to this server: from a socket of its own, which the one before has made room for
         */
        void send(int server, byte[] message, boolean fresh, long now);

        /** The socket is closed by then. */
        void ended(Resolver asked, long now);
    }

    private final ResolverSettings settings;
    private final List<String> candidates;
    private final int[] types;
    private final IntSupplier random;
    private final Line line;

    private int candidate;
    private int attempt;
    private int server;
    private int rounds;
    private int[] ids;
    private boolean[] heard;
    private boolean noData;
    private boolean failed;
    private long deadline = Long.MAX_VALUE;
    private Outcome outcome;
    private final List<Integer> addresses = new ArrayList<>(1);
    private String canonical;

    private Resolver(ResolverSettings settings, List<String> names, int[] types, IntSupplier random, Line line) {
        this.settings = settings;
        this.candidates = names;
        this.types = types;
        this.random = random;
        this.line = line;
    }

    /**
     * The addresses of a name (getaddrinfo).
     *
     * @param six whether AAAA is asked for as well, as programs do that take either
     */
    public static Resolver addresses(
            ResolverSettings settings, String name, boolean six, IntSupplier random, Line line) {
        int[] types = six ? new int[] {Dns.A, Dns.AAAA} : new int[] {Dns.A};
        return new Resolver(settings, settings.candidates(name), types, random, line);
    }

    /** The name of an address (getnameinfo). */
    public static Resolver name(ResolverSettings settings, int address, IntSupplier random, Line line) {
        return new Resolver(settings, List.of(DnsName.reverse(address)), new int[] {Dns.PTR}, random, line);
    }

    public void begin(long now) {
        if (!DnsName.valid(candidates.get(candidate))) {
            next(now);
            return;
        }
        attempt = 0;
        server = 0;
        ask(now);
    }

    private void ask(long now) {
        ids = new int[types.length];
        heard = new boolean[types.length];
        for (int i = 0; i < types.length; i++) {
            ids[i] = random.getAsInt() & 0xffff;
        }
        // __res_context_send: longer for those further down the list.
        int count = settings.asked().size();
        int seconds = Math.max(1, (settings.timeout() << server) / (server > 0 ? count : 1));
        deadline = now + seconds * SECOND;
        int round = ++rounds;
        for (int i = 0; i < types.length && round == rounds; i++) {
            DnsQuestion question = DnsQuestion.of(candidates.get(candidate), types[i]);
            byte[] bytes =
                    DnsMessage.query(ids[i], Dns.RECURSION_DESIRED, question).bytes(Dns.DATAGRAM);
            line.send(settings.asked().get(server), bytes, i == 0, now);
        }
    }

    /** What came to the socket from the server that was asked. */
    public void receive(byte[] bytes, int from, int to, long now) {
        DnsMessage message = outcome != null ? null : DnsMessage.read(bytes, from, to);
        int which = message == null ? DONE : which(message);
        if (which == DONE) {
            return;
        }
        int rcode = message.flags & 15;
        if (rcode == Dns.SERVFAIL || rcode == Dns.NOTIMP || rcode == Dns.REFUSED) {
            // The next server may do better.
            failed = true;
            nextServer(now);
            return;
        }
        heard[which] = true;
        take(message, types[which], rcode);
        for (boolean each : heard) {
            if (!each) {
                return;
            }
        }
        settle(now);
    }

    private int which(DnsMessage message) {
        for (int i = 0; i < types.length; i++) {
            boolean ours = message.response()
                    && !heard[i]
                    && message.id == ids[i]
                    && message.question() != null
                    && message.question().sameAs(DnsQuestion.of(candidates.get(candidate), types[i]));
            if (ours) {
                return i;
            }
        }
        return DONE;
    }

    /** Takes the records at the end of the chain of aliases. */
    private void take(DnsMessage message, int type, int rcode) {
        String name = candidates.get(candidate);
        for (DnsRecord each : message.answers) {
            if (!DnsQuestion.key(each.name()).equals(DnsQuestion.key(name)) || each.kind() != Dns.IN) {
                continue;
            }
            if (each.type() == Dns.CNAME) {
                name = each.target();
            } else if (each.type() == type && type == Dns.A) {
                addresses.add(each.address());
                canonical = name;
            } else if (each.type() == type && type == Dns.PTR && canonical == null) {
                canonical = each.target();
            }
        }
        noData |= rcode == Dns.NOERROR;
    }

    private void settle(long now) {
        if (canonical != null) {
            end(Outcome.FOUND, now);
        } else {
            next(now);
        }
    }

    /** Nothing of this name: the next one. */
    private void next(long now) {
        if (++candidate < candidates.size()) {
            begin(now);
        } else {
            end(failed ? Outcome.AGAIN : noData ? Outcome.NO_DATA : Outcome.UNKNOWN, now);
        }
    }

    /** The server cannot be asked: nobody listens there, or no way leads to it. */
    public void refused(long now) {
        if (outcome == null) {
            nextServer(now);
        }
    }

    private void nextServer(long now) {
        if (canonical != null) {
            // A has been answered, AAAA has not.
            end(Outcome.FOUND, now);
            return;
        }
        if (++server == settings.asked().size()) {
            server = 0;
            attempt++;
        }
        if (attempt < settings.attempts()) {
            ask(now);
        } else {
            // Silence ends the search; a name that a server failed at may have brothers.
            failed = true;
            end(Outcome.AGAIN, now);
        }
    }

    private void end(Outcome how, long now) {
        rounds++;
        outcome = how;
        deadline = Long.MAX_VALUE;
        line.ended(this, now);
    }

    public long nextDeadline() {
        return deadline;
    }

    public void expire(long now) {
        if (outcome == null && now >= deadline) {
            nextServer(now);
        }
    }

    /** Null while it is under way. */
    public Outcome outcome() {
        return outcome;
    }

    /** In the order of the answer; empty where there are none. */
    public List<Integer> addresses() {
        return addresses;
    }

    /** The name behind all aliases, or that of an address; null where nothing was found. */
    public String canonical() {
        return canonical;
    }
}
