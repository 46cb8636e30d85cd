package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import java.util.ArrayList;
import java.util.List;

/**
 * The hooks of one network namespace: at each, rules and connection tracking in the kernel's order. A packet whose
 * connection was seen before costs a look at what its walk had come to.
 */
public final class Hooks {
    private final Ruleset rules = new Ruleset();
    private final Conntrack table = new Conntrack();
    private final Timeouts timeouts = new Timeouts();
    private final Tracker tracker = new Tracker(table, timeouts);
    private final Nat nat = new Nat(table);
    private final Surroundings surroundings;
    private final Walk walk = new Walk();
    private final Trails trails = new Trails();
    private final Story story = new Story();

    private final Phase rawIn = phase("PREROUTING", List.of("raw"), -1);
    private final Phase mangleIn = phase("PREROUTING", List.of("mangle"), 0);
    private final Phase input = phase("INPUT", List.of("mangle", "filter", "security"), 1);
    private final Phase forward = phase("FORWARD", List.of("mangle", "filter", "security"), 1);
    private final Phase rawOut = phase("OUTPUT", List.of("raw"), -1);
    private final Phase mangleOut = phase("OUTPUT", List.of("mangle"), 0);
    private final Phase output = phase("OUTPUT", List.of("filter", "security"), 1);
    private final Phase mangleAfter = phase("POSTROUTING", List.of("mangle"), 2);
    private final List<Phase> phases = List.of(rawIn, mangleIn, input, forward, rawOut, mangleOut, output, mangleAfter);

    private final Tuple quoted = new Tuple();
    private final Tuple passing = new Tuple();
    private boolean stale = true;
    private boolean tracks;
    private boolean bridged;
    private Table natTable;
    /** Interfaces whose address connections have borrowed, by number from 1. */
    private final List<String> lenders = new ArrayList<>();

    public Hooks(Surroundings surroundings) {
        this.surroundings = surroundings;
        rules.watch(() -> stale = true, this::settle);
    }

    private Phase phase(String hook, List<String> tables, int slot) {
        return new Phase(hook, tables, slot, walk, trails);
    }

    public Ruleset rules() {
        return rules;
    }

    public Conntrack conntrack() {
        return table;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    /** Lines as conntrack -L prints them, and what else is asked of the table. */
    public Connections connections() {
        return new Connections(table, tracker);
    }

    private void settle() {
        trails.settle();
        phases.forEach(Phase::settle);
    }

    private void compile() {
        stale = false;
        trails.clear();
        phases.forEach(each -> each.compile(rules));
        tracks = rules.tracks();
        bridged = rules.bridged();
        natTable = rules.table("nat");
    }

    /** Whether connections are followed: rules ask for it. */
    public boolean tracks() {
        if (stale) {
            compile();
        }
        return tracks;
    }

    /** Whether a rule asks for ports of bridges. */
    public boolean bridged() {
        if (stale) {
            compile();
        }
        return bridged;
    }

    /** What was done with traced packets since the last time; empty for nothing. */
    public String story() {
        return story.take();
    }

    /**
     * The same of a packet that a rule ended.
     *
     * @param last which is named elsewhere; null for none
     */
    public String story(Rule last) {
        return last == null ? story.take() : story.take(last);
    }

    private static Verdict verdict(int of) {
        return of == Target.ACCEPT ? Verdict.ACCEPT : of == Target.REJECT ? Verdict.REJECT : Verdict.DROP;
    }

    private void ready(Packet p) {
        if (stale) {
            compile();
        }
        p.conntrack = table;
        p.surroundings = surroundings;
    }

    /** A packet of which nothing is known yet. */
    public void welcome(Packet p) {
        p.conntrack = table;
        p.surroundings = surroundings;
    }

    /** One more copy of a packet, which lies elsewhere; others may have been rewritten. */
    public Packet copy(Packet p, byte[] bytes, int header) {
        p.bytes = bytes;
        p.at = header;
        p.read();
        return p;
    }

    /** A packet at its next hook: its bytes may lie elsewhere by now. */
    public Packet again(Packet p, byte[] bytes, int header) {
        if (p.bytes != bytes || p.at != header) {
            p.bytes = bytes;
            p.at = header;
            p.read();
        }
        return p;
    }

    /** Came in, and is not fragmented (any more). */
    public Verdict prerouting(Packet p) {
        ready(p);
        return arrive(p, rawIn, mangleIn, true);
    }

    private Verdict arrive(Packet p, Phase raw, Phase mangle, boolean arriving) {
        int first = raw.run(p, story);
        if (first != Target.ACCEPT) {
            return verdict(first);
        }
        if (tracks) {
            if (!tracker.track(p, arriving)) {
                return Verdict.TABLE_FULL;
            }
            if (p.traced) {
                story.connection(p);
            }
        }
        int second = mangle.run(p, story);
        if (second != Target.ACCEPT) {
            return end(p, verdict(second));
        }
        return translate(p, false, arriving ? "PREROUTING" : "OUTPUT");
    }

    /** Is for this host. */
    public Verdict input(Packet p) {
        ready(p);
        int first = input.run(p, story);
        if (first != Target.ACCEPT) {
            return end(p, verdict(first));
        }
        Verdict translated = translate(p, true, "INPUT");
        return translated == Verdict.ACCEPT ? confirm(p) : translated;
    }

    /** Passes through. */
    public Verdict forward(Packet p) {
        ready(p);
        return end(p, verdict(forward.run(p, story)));
    }

    /** This host's own. */
    public Verdict output(Packet p) {
        ready(p);
        Verdict first = arrive(p, rawOut, mangleOut, false);
        return first != Verdict.ACCEPT ? first : end(p, verdict(output.run(p, story)));
    }

    /** Goes out. */
    public Verdict postrouting(Packet p) {
        ready(p);
        int first = mangleAfter.run(p, story);
        if (first != Target.ACCEPT) {
            return end(p, verdict(first));
        }
        Verdict translated = translate(p, true, "POSTROUTING");
        return translated == Verdict.ACCEPT ? confirm(p) : translated;
    }

    /** The nat table, asked once a connection and direction of rewriting, then the rewriting itself. */
    private Verdict translate(Packet p, boolean source, String hook) {
        if (natTable == null || p.connection < 0) {
            return Verdict.ACCEPT;
        }
        int status = table.status(p.connection);
        boolean begins = p.state == Packet.NEW || p.state == Packet.RELATED && !p.error();
        if (begins && !Nat.done(status, source) && (status & Conntrack.CONFIRMED) == 0) {
            int verdict = decide(p, source, hook);
            if (verdict != Target.ACCEPT) {
                return end(p, verdict(verdict));
            }
        } else if (source && elsewhere(p, hook)) {
            table.kill(p.connection);
            return Verdict.NAT_FAILED;
        } else if ((status & Conntrack.NAT) == 0) {
            return Verdict.ACCEPT;
        }
        int oldSource = p.source;
        int oldDestination = p.destination;
        int oldPorts = p.sourcePort << 16 | p.destinationPort;
        if (!nat.translate(p, source)) {
            return Verdict.NAT_FAILED;
        }
        if (p.traced) {
            story.translated(p, oldSource, oldDestination, oldPorts);
        }
        return Verdict.ACCEPT;
    }

    /** A masqueraded connection goes out by another interface now (nf_nat_oif_changed). */
    private boolean elsewhere(Packet p, String hook) {
        int lender = table.borrowed(p.connection);
        return lender != 0
                && p.direction == 0
                && !p.error()
                && hook.equals("POSTROUTING")
                && !lenders.get(lender - 1).equals(p.out);
    }

    private int lender(String device) {
        if (!lenders.contains(device)) {
            lenders.add(device);
        }
        return lenders.indexOf(device) + 1;
    }

    /**
     * Connections end that have borrowed an address of an interface which is gone (nf_nat_masquerade).
     *
     * @param address null for all of them: the interface is down
     */
    public void lost(String device, Integer address) {
        int lender = lenders.indexOf(device) + 1;
        for (int id = 0; lender > 0 && id < table.places(); id++) {
            if (table.lent(id, lender) && (address == null || table.destination(id, 1) == address)) {
                table.kill(id);
            }
        }
    }

    private int decide(Packet p, boolean source, String hook) {
        p.nat.clear();
        p.decided = null;
        walk.begin();
        int verdict = walk.run(natTable.chain(hook), p);
        if (p.traced) {
            story.walked(walk.steps(), walk.taken());
        }
        if (verdict == Target.ACCEPT) {
            if (p.decided != null && p.decided.target() instanceof NatTarget target) {
                nat.setUp(p, p.nat, source);
                if (target.masquerades()) {
                    table.borrow(p.connection, lender(p.out));
                }
            } else {
                nat.leave(p, source);
            }
        }
        return verdict;
    }

    private Verdict confirm(Packet p) {
        int id = p.connection;
        // An answer that this host gives to the first packet makes no connection of it.
        if (id < 0 || p.direction != 0 || (table.status(id) & Conntrack.CONFIRMED) != 0) {
            return Verdict.ACCEPT;
        }
        long left = table.expires(id) - p.now;
        if (left > 0 && table.confirm(id, p.now)) {
            return Verdict.ACCEPT;
        }
        return end(p, Verdict.CLASH);
    }

    /** A packet that is dropped leaves no connection behind; that of one to be rejected is the answer's as well. */
    private Verdict end(Packet p, Verdict verdict) {
        if (verdict != Verdict.ACCEPT && verdict != Verdict.REJECT) {
            abandon(p);
        }
        return verdict;
    }

    /** The packet went no further, for whatever reason: a connection that it began is forgotten. */
    public void abandon(Packet p) {
        if (p.state == Packet.NEW && pending(p)) {
            if (!table.held(p.connection)) {
                table.kill(p.connection);
            }
            p.connection = -1;
        }
    }

    /** A copy of the packet is under way: its connection is not forgotten with the packet. */
    public void hold(Packet p) {
        if (p.connection >= 0) {
            table.hold(p.connection, 1);
        }
    }

    /** The copy has come to its end, or is the packet in hand by now. */
    public void release(Packet p) {
        if (table.holds(p.connection, p.serial) && table.held(p.connection)) {
            table.hold(p.connection, -1);
        }
    }

    /** The copy died on its way: a connection that it began, and that nobody else keeps, is forgotten with it. */
    public void release(int connection, int serial, int state) {
        if (!table.holds(connection, serial)) {
            return;
        }
        if (table.held(connection)) {
            table.hold(connection, -1);
        }
        boolean confirmed = (table.status(connection) & Conntrack.CONFIRMED) != 0;
        if (state == Packet.NEW && !confirmed && !table.held(connection)) {
            table.kill(connection);
        }
    }

    /** Whether its connection is not in the table yet. */
    public boolean pending(Packet p) {
        return table.holds(p.connection, p.serial) && (table.status(p.connection) & Conntrack.CONFIRMED) == 0;
    }

    /** An error or a reset that this host sends because of a packet belongs to that packet's connection (nf_ct_attach). */
    public void attach(Packet answer, Packet cause) {
        if (table.holds(cause.connection, cause.serial)) {
            answer.connection = cause.connection;
            answer.serial = cause.serial;
            answer.direction = 1 - cause.direction;
            answer.state = Packet.RELATED;
            answer.conntrack = table;
        }
    }

    /** Whether a packet is an ICMP error that quotes another one. */
    public boolean quotes(Packet error, Packet other) {
        return error.protocol == Ipv4.ICMP
                && error.transport
                && table.holds(other.connection, other.serial)
                && other.bytes != null
                && quoted.quoted(error.bytes, error.payload + Icmp.LENGTH, error.end)
                && Tuple.error(error.icmpType)
                && quoted.same(passing.of(other));
    }

    /** Power is lost. */
    public void forget() {
        lenders.clear();
        table.clear();
    }
}
