package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.View;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.netfilter.Conntrack;
import io.hopscope.protocols.netfilter.Hooks;
import io.hopscope.protocols.netfilter.Packet;
import io.hopscope.protocols.netfilter.Rule;
import io.hopscope.protocols.netfilter.RulesText;
import io.hopscope.protocols.netfilter.Surroundings;
import io.hopscope.protocols.netfilter.Timeouts;
import io.hopscope.protocols.netfilter.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Netfilter of one network namespace: of a virtual machine, a container, or of a server with its bridges. Puts packets
 * together before their connection is looked for, and asks the hooks as they pass.
 */
public final class Netfilter implements Surroundings {
    /** Why a packet goes no further; the text of a rule's own names it. */
    public enum Drop implements DropReason {
        RULE("dropped by iptables"),
        TABLE_FULL("nf_conntrack: table full, dropping packet"),
        NAT("netfilter cannot translate it"),
        CLASH("another connection has its addresses and ports"),
        MALFORMED("malformed IPv4 packet on a bridge with netfilter");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** The rule or policy that dropped it. */
    private record RuleDrop(String text) implements DropReason {
        @Override
        public String name() {
            return Drop.RULE.name();
        }
    }

    /** Lines of the log that are kept. */
    private static final int LOG = 4096;

    /** Errors about errors that this host sends itself come no deeper. */
    private static final int DEPTH = 4;

    private static final int LOOPBACK = 0x7f000001;
    private static final String LO = "lo";

    private final Node home;
    private final IpStack stack;
    private final Hooks hooks = new Hooks(this);
    private final Rejection rejection = new Rejection(this);
    private final Reassembly fragments;
    private final Packet passing = new Packet();
    private Frame passed;
    /** How the passing packet was cut as it came in. */
    private final Cuts cuts = new Cuts();

    private final Packet[] own = new Packet[DEPTH];
    private final Frame[] sent = new Frame[DEPTH];
    private int depth;
    /** What this host sent last went no further: its sender is told EPERM. */
    private boolean denied;

    private final Passage.Passages passages = new Passage.Passages();
    private final ArrayDeque<String> log = new ArrayDeque<>();
    private final Flow back = new Flow();
    private RandomStream random;
    private Boolean bridges;
    private List<String> boot = List.of();
    private List<String> bootSets = List.of();
    private List<Long> bootSettings =
            Timeouts.names().stream().map(new Timeouts()::get).toList();
    private int bootLimit = Conntrack.LIMIT;
    private Boolean bootBridges;

    private Netfilter(Node home, IpStack stack) {
        this.home = home;
        this.stack = stack;
        fragments = new Reassembly(stack);
        for (int i = 0; i < DEPTH; i++) {
            own[i] = new Packet();
        }
    }

    /** Of a node's own namespace: that of its host, if it has one, and of its bridges. */
    public static Netfilter of(Node node) {
        Views views = Views.of(node);
        if (views.netfilter == null) {
            IpStack stack = node.device("") instanceof Host host ? host.stack() : null;
            views.netfilter = new Netfilter(node, stack);
            if (stack != null) {
                stack.netfilter(views.netfilter);
            }
            for (Device each : node.devices()) {
                if (each instanceof LinuxBridge bridge) {
                    bridge.filter(new BridgeFilter(bridge, views.netfilter));
                }
            }
        }
        return views.netfilter;
    }

    /** Of a host: what it shares with the bridges of its node, or its own. */
    public static Netfilter of(Host host) {
        IpStack stack = host.stack();
        if (stack.netfilter() == null) {
            if (host.name().isEmpty()) {
                return of(host.node());
            }
            stack.netfilter(new Netfilter(host.node(), stack));
        }
        return stack.netfilter();
    }

    /** Of wherever a command runs. */
    public static Netfilter of(Node node, Host host) {
        return host == null ? of(node) : of(host);
    }

    Node node() {
        return stack == null ? home : stack.node();
    }

    /** Null for a server without an interface of its own. */
    IpStack stack() {
        return stack;
    }

    public Hooks hooks() {
        return hooks;
    }

    /** net.bridge.bridge-nf-call-iptables; where nothing is said, a rule with physdev turns it on, as it loads br_netfilter. */
    public void bridges(boolean on) {
        bridges = on;
    }

    boolean bridges() {
        return bridges == null ? hooks.bridged() : bridges;
    }

    /** What LOG has written, the oldest first. */
    public List<String> log() {
        return List.copyOf(log);
    }

    Packet begin(Frame frame, long now) {
        if (hooks.pending(passing)) {
            hooks.abandon(passing);
        }
        unknown(frame);
        passed = frame;
        cuts.clear();
        return fill(passing, frame, now);
    }

    /** Frames are used again: what was known of the one before is of another packet. */
    private void unknown(Frame frame) {
        passed = passed == frame ? null : passed;
        for (int i = 0; i < DEPTH; i++) {
            sent[i] = sent[i] == frame ? null : sent[i];
        }
    }

    private Packet fill(Packet p, Frame frame, long now) {
        p.wrap(frame.bytes(), frame.start() + Ethernet.LENGTH, now).traced(frame.traced());
        hooks.welcome(p);
        return p;
    }

    /** The packet that is on its way through. */
    Packet passing() {
        return passing;
    }

    /** What rules have marked a packet with that came in; 0 for any but the one on its way through. */
    int mark(Frame frame) {
        return frame == passed ? passing.mark() : 0;
    }

    /** Where a packet was cut as it came in; null for one that came whole. */
    Cuts cuts(Frame frame) {
        return frame == passed && !cuts.whole() ? cuts : null;
    }

    /**
     * PREROUTING.
     *
     * @param in null for the loopback
     * @return false where the packet goes no further now
     */
    boolean arrives(NetInterface in, Port ingress, Frame frame, long now) {
        if (frame.context instanceof Passage passage) {
            frame.context = null;
            if (passage.resume(hooks, begin(frame, now))) {
                return resumed(passage, in, ingress, frame, now);
            }
        }
        int header = frame.start() + Ethernet.LENGTH;
        if ((View.get16(frame.bytes(), header + 6) & 0x3fff) != 0 && hooks.tracks()) {
            whole(in, ingress, fragments.take(in, ingress, frame, now), now);
            return false;
        }
        begin(frame, now);
        return enter(in, ingress, frame, now);
    }

    private boolean enter(NetInterface in, Port ingress, Frame frame, long now) {
        Packet p = from(in, frame);
        return settle(p, hooks.prerouting(p), in, ingress, frame, now);
    }

    private Packet from(NetInterface in, Frame frame) {
        return passing.from(in == null ? LO : in.name()).mac(View.get64(frame.bytes(), frame.start() + 6) >>> 16);
    }

    /** Goes on with the whole packet, once there is one. */
    private void whole(NetInterface in, Port ingress, Frame frame, long now) {
        if (frame == null) {
            return;
        }
        begin(frame, now);
        if (enter(in, ingress, frame, now)) {
            cuts.copy(fragments.cuts());
            stack.routed(in, ingress, frame, now);
        }
    }

    private boolean resumed(Passage passage, NetInterface in, Port ingress, Frame frame, long now) {
        if (passage.port() == null) {
            return enter(in, ingress, frame, now);
        }
        // The bridge below has asked PREROUTING already (ip_sabotage_in).
        from(in, frame).bridge(passage.port(), null);
        cuts.copy(passage.cuts());
        return true;
    }

    /** Over lo a packet keeps its connection and its mark. */
    void loops(Frame frame, long now) {
        frame.context = passages.take().of(hooks, again(frame, now));
    }

    private Packet again(Frame frame, long now) {
        if (frame == passed) {
            return hooks.again(passing, frame.bytes(), frame.start() + Ethernet.LENGTH);
        }
        for (int i = 0; i <= depth; i++) {
            if (frame == sent[i]) {
                return hooks.again(own[i], frame.bytes(), frame.start() + Ethernet.LENGTH);
            }
        }
        return begin(frame, now);
    }

    /** INPUT. */
    boolean enters(NetInterface in, Port ingress, Frame frame, long now) {
        Packet p = again(frame, now).to(null);
        return settle(p, hooks.input(p), in, ingress, frame, now);
    }

    /** FORWARD. */
    boolean passes(NetInterface in, NetInterface out, Port ingress, Frame frame, long now) {
        Packet p = again(frame, now).to(out.name());
        return settle(p, hooks.forward(p), in, ingress, frame, now);
    }

    /**
     * POSTROUTING.
     *
     * @param via null for the loopback
     * @param ingress null for a packet of this host's own
     */
    boolean leaves(NetInterface via, Port ingress, Frame frame, long now) {
        Packet p = again(frame, now).from(null).to(via == null ? LO : via.name());
        return settle(p, hooks.postrouting(p), via, ingress, frame, now);
    }

    /**
     * OUTPUT. What has another destination or mark by then is routed anew (ip_route_me_harder).
     *
     * @param bound index of the interface that its socket is bound to, or 0
     * @return the route that it takes by now; null where it goes no further
     */
    Route sends(Route route, int bound, Frame frame, long now) {
        NetInterface via = route.type() == Route.Type.LOCAL ? null : stack.device(route.device());
        denied = false;
        unknown(frame);
        sent[depth] = frame;
        Packet p = own[depth];
        if (hooks.pending(p)) {
            hooks.abandon(p);
        }
        fill(p, frame, now).to(via == null ? LO : via.name());
        p.socketed(!rejection.answering());
        rejection.attach(p, passing);
        int to = p.destination();
        int mark = p.mark();
        if (!settle(p, hooks.output(p), via, null, frame, now)) {
            return null;
        } else if (p.destination() == to && (p.mark() == mark || stack.policy() == null)) {
            return route;
        }
        Route other = stack.again(frame, bound, p.mark());
        if (other == null) {
            hooks.abandon(p);
            stack.lose(via, frame, IpStack.Drop.NO_ROUTE);
        }
        return other;
    }

    /** Whether what this host has just sent went no further than netfilter. */
    public boolean denied() {
        return denied;
    }

    /** Says what the hooks did, and ends the packet where that is what they want. */
    boolean settle(Packet p, Verdict verdict, NetInterface in, Port ingress, Frame frame, long now) {
        if (frame.traced()) {
            boolean named = verdict == Verdict.DROP || verdict == Verdict.REJECT;
            tell(ingress, named ? p.decided() : null);
        }
        if (verdict == Verdict.ACCEPT) {
            return true;
        }
        if (verdict == Verdict.REJECT && depth < DEPTH - 1) {
            depth++;
            rejection.answer(p, in, ingress, frame, now);
            depth--;
        }
        denied = ingress == null;
        hooks.abandon(p);
        DropReason reason = reason(p, verdict);
        if (ingress != null) {
            ingress.drop(frame, reason);
        } else {
            stack.lose(in, frame, reason);
        }
        return false;
    }

    private void tell(Port ingress, Rule decided) {
        String story = hooks.story(decided);
        if (!story.isEmpty() && ingress != null) {
            ingress.because(story);
        } else if (!story.isEmpty()) {
            node().remark(story);
        }
    }

    private static DropReason reason(Packet p, Verdict verdict) {
        return switch (verdict) {
            case TABLE_FULL -> Drop.TABLE_FULL;
            case NAT_FAILED -> Drop.NAT;
            case CLASH -> Drop.CLASH;
            default -> reason(p.decided());
        };
    }

    private static DropReason reason(Rule rule) {
        if (rule == null) {
            return Drop.RULE;
        } else if (rule.attachment() == null) {
            rule.attachment(new RuleDrop(Drop.RULE.text() + ": " + rule));
        }
        return (DropReason) rule.attachment();
    }

    /** Of the local table alone, as the kernel asks (inet_dev_addr_type). */
    @Override
    public Kind kind(int address, String device) {
        if (address >>> 24 == 0 || address == -1) {
            return Kind.BROADCAST;
        } else if (Ipv4Address.isMulticast(address)) {
            return Kind.MULTICAST;
        }
        Route route = stack == null ? null : stack.lookup(address);
        if (route == null || !route.ofLocalTable() || device != null && !leads(route, device)) {
            return Kind.UNICAST;
        }
        return route.type() == Route.Type.BROADCAST ? Kind.BROADCAST : Kind.LOCAL;
    }

    private boolean leads(Route route, String device) {
        NetInterface via = stack.find(device);
        return route.device() == (via != null ? via.index() : LO.equals(device) ? Route.LOOPBACK : -1);
    }

    /** An interface has lost an address, or all if it is down. */
    void lost(NetInterface via, Integer address) {
        hooks.lost(via.name(), address);
    }

    @Override
    public int source(String out, int destination) {
        NetInterface via = stack == null || out == null ? null : stack.find(out);
        if (via == null) {
            return LO.equals(out) ? LOOPBACK : 0;
        }
        Route route = stack.lookup(destination);
        int hop = route == null || route.type() != Route.Type.UNICAST ? destination : route.nextHop(destination);
        List<InterfaceAddress> all = via.addresses();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).prefix().contains(hop)) {
                return all.get(i).address();
            }
        }
        return via.primary();
    }

    @Override
    public int first(String in) {
        NetInterface via = stack == null ? null : stack.find(in);
        return via == null ? LO.equals(in) ? LOOPBACK : 0 : via.primary();
    }

    @Override
    public boolean leadsBack(int source, int destination, int mark, String in, boolean loose, boolean local) {
        NetInterface via = stack == null ? null : stack.find(in);
        if (via == null) {
            return false;
        }
        back.to(source).from(destination);
        back.in = via.index();
        back.mark = mark;
        Route route = stack.lookup(back);
        boolean own = route != null && route.ofLocalTable();
        return route != null
                && (own ? local : route.type() == Route.Type.UNICAST)
                && (loose || own || RouteLookup.leads(route, via));
    }

    @Override
    public int mtu(int source, int destination) {
        Route there = stack == null ? null : stack.lookup(destination);
        Route back = stack == null ? null : stack.lookup(source);
        int most = there == null ? IpStack.MOST : stack.mtu(destination, there);
        return back == null ? most : Math.min(most, stack.mtu(source, back));
    }

    @Override
    public void log(String line) {
        if (log.size() == LOG) {
            log.poll();
        }
        long micros = node().now() / 1_000_000;
        log.add(String.format(Locale.ROOT, "[%5d.%06d] ", micros / 1_000_000, micros % 1_000_000) + line);
    }

    @Override
    public int random(int bound) {
        if (random == null) {
            String name = stack == null ? home.name() : stack.title();
            random = home.network().seed().stream(name + " netfilter");
        }
        return random.nextInt(bound);
    }

    long nextDeadline() {
        return fragments.nextDeadline();
    }

    void wake(long now) {
        fragments.expire(now);
    }

    int held() {
        return fragments.held();
    }

    void release() {
        fragments.release();
    }

    void leave() {
        fragments.leave();
    }

    /** Before the run: these rules and settings it boots with. */
    void remember() {
        boot = RulesText.save(hooks.rules(), null, true, "");
        bootSets = new ArrayList<>();
        hooks.rules().sets().command(List.of("save"), 0, bootSets::add);
        bootSettings = new ArrayList<>();
        Timeouts.names().forEach(each -> bootSettings.add(hooks.timeouts().get(each)));
        bootLimit = hooks.conntrack().limit();
        bootBridges = bridges;
    }

    /** Power is lost: connections, the log, and what commands have changed; all of it if it came with a command. */
    void forget() {
        hooks.forget();
        log.clear();
        hooks.rules().clear();
        // Rules are refused that speak of sets that are not there.
        hooks.rules().sets().restore(String.join("\n", bootSets), node().now());
        RulesText.restore(hooks.rules(), String.join("\n", boot), true, true);
        List<String> names = Timeouts.names();
        for (int i = 0; i < names.size(); i++) {
            hooks.timeouts().set(names.get(i), bootSettings.get(i));
        }
        hooks.conntrack().limit(bootLimit);
        bridges = bootBridges;
    }
}
