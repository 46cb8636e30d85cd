package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.openflow.DropCause;
import io.hopscope.protocols.openflow.Flow;
import io.hopscope.protocols.openflow.FlowParser;
import io.hopscope.protocols.openflow.Pipeline;
import io.hopscope.protocols.openflow.PortNames;
import io.hopscope.protocols.openflow.Sink;
import java.util.ArrayList;
import java.util.List;

/**
 * A bridge of Open vSwitch: flow tables, NORMAL with VLANs as ofproto-dpif-xlate.c does it, patch ports, active-backup
 * bonds. No tunnel ports, no mirrors, no QoS.
 */
public final class OvsBridge extends Device implements Sink, PortNames {
    enum Drop implements DropReason {
        FLOW_DROP("flow says drop"),
        TABLE_MISS("no flow matches"),
        TTL_EXPIRED("dec_ttl reached zero"),
        TOO_DEEP("over 64 levels of resubmit"),
        CONTROLLER("for a controller, and none is connected"),
        INPUT_PORT("output to the port it came in through"),
        NO_SUCH_PORT("output to a port that does not exist"),
        SAME_PORT("NORMAL: destination is on the port it came in through"),
        NOWHERE_TO_FLOOD("NORMAL: no other port carries this VLAN"),
        EGRESS_VLAN("NORMAL: VLAN not allowed on the port to the destination"),
        LINK_LOCAL("NORMAL: reserved group address"),
        BACKUP_MEMBER("came in through a backup member of the bond"),
        NO_MEMBER("no member of the bond is up"),
        MALFORMED("shorter than an Ethernet header");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public boolean discard() {
            return this == LINK_LOCAL || this == BACKUP_MEMBER;
        }
    }

    /** OFPP_LOCAL. */
    public static final int LOCAL = 65534;

    /** MAC_DEFAULT_MAX of lib/mac-learning.h. */
    private static final int ENTRIES = 8192;

    private static final long RESERVED = 0x0180_c200_0000L;

    /** A port as the bridge knows it; a bond is one. */
    private static final class Vport {
        private final Port port;
        private final int number;
        private VlanRules vlans = VlanRules.open();
        private Members bond;

        Vport(Port port, int number) {
            this.port = port;
            this.number = number;
        }
    }

    private static final class Members {
        private final List<Port> ports = new ArrayList<>(2);
        private Port active;
        /** Who was active last: it is the first choice when nobody is. */
        private Port last;
    }

    /** Free for whoever programs the bridge: what an agent keeps in other_config. */
    public Object attachment;

    private final List<Vport> vports = new ArrayList<>();
    private final Pipeline pipeline = new Pipeline(this);
    private final Fdb fdb = new Fdb(ENTRIES, Fdb.AGEING);
    private final Ethernet eth = new Ethernet();
    private Vport self;
    private Vport in;
    private boolean explained;
    private boolean flows;
    /** What it boots with: its flows, and the VLANs of its ports. */
    private List<Flow> configured = List.of();

    private List<VlanRules> tags = List.of();
    private boolean secure;

    public OvsBridge(Node node, String name) {
        super(node, name, "ovs-bridge");
    }

    /** {@code ovs-vsctl add-port}; numbers count from 1. */
    public Port attach(String name) {
        return add(addPort(name), nextNumber()).port;
    }

    private int nextNumber() {
        int next = 1;
        for (Vport each : vports) {
            next = each.number == LOCAL ? next : Math.max(next, each.number + 1);
        }
        return next;
    }

    private Vport add(Port port, int number) {
        Vport added = new Vport(port, number);
        port.tag = vports.size();
        port.attachment = added;
        vports.add(added);
        return added;
    }

    /** The bridge's own interface, as management addresses use it: wire it to the host's interface of that name. */
    public Port self() {
        if (self == null) {
            self = add(addPort(name()).hide(), LOCAL);
        }
        return self.port;
    }

    /** {@code ovs-vsctl set port NAME tag=VLAN}, {@code trunks=...}. */
    public void vlans(Port port, VlanRules rules) {
        ((Vport) port.attachment).vlans = rules;
    }

    /** Whether it forwards as a switch does, and no flow says otherwise. */
    public boolean plain() {
        return !flows && !secure;
    }

    public VlanRules vlans(Port port) {
        return ((Vport) port.attachment).vlans;
    }

    /**
     * {@code ovs-vsctl add-bond BRIDGE NAME MEMBER... bond_mode=active-backup}; the first member is active.
     *
     * @return the members' ports, to be wired to NICs
     */
    public List<Port> bond(String name, List<String> members) {
        Vport added = (Vport) attach(name).attachment;
        added.bond = new Members();
        for (String each : members) {
            Port member = addPort(name + "." + each).hide();
            member.attachment = added;
            added.bond.ports.add(member);
        }
        added.bond.active = added.bond.ports.get(0);
        added.bond.last = added.bond.active;
        return added.bond.ports;
    }

    /** The port of the member that a bond sends by; null where none is up, and for another port. */
    public Port active(String name) {
        for (Vport each : vports) {
            if (each.port.name().equals(name) && each.bond != null) {
                return each.bond.active;
            }
        }
        return null;
    }

    /** The names of the ports that are bonds. */
    public List<String> bonds() {
        return vports.stream()
                .filter(each -> each.bond != null)
                .map(each -> each.port.name())
                .toList();
    }

    /** The members' ports of a bond; empty for another port. */
    public List<Port> members(String name) {
        for (Vport each : vports) {
            if (each.port.name().equals(name) && each.bond != null) {
                return each.bond.ports;
            }
        }
        return List.of();
    }

    /** {@code ovs-ofctl add-flow}. */
    public void addFlow(String line, long now) {
        if (!flows && !secure) {
            // A standalone bridge has one flow of its own; the first that is added stands beside it.
            flows = true;
            pipeline.add(FlowParser.parse("priority=0 actions=NORMAL", this), now);
        }
        flows = true;
        pipeline.add(FlowParser.parse(line, this), now);
        wakeAt(pipeline.nextExpiry());
    }

    /** {@code ovs-ofctl del-flows}. */
    public void delFlows(String match) {
        pipeline.delete(FlowParser.filter(match, this));
    }

    /** Flows whose idle or hard timeout has come are gone; one used meanwhile is looked at again later. */
    @Override
    protected void wake(long now) {
        pipeline.expire(now);
        wakeAt(pipeline.nextExpiry());
    }

    /** {@code fail_mode=secure}: without flows nothing passes. */
    public void secure(boolean on) {
        secure = on;
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    public Fdb fdb() {
        return fdb;
    }

    @Override
    protected void remember() {
        configured = pipeline.flows();
        tags = vports.stream().map(each -> each.vlans).toList();
    }

    @Override
    protected void forget() {
        fdb.clear();
        pipeline.delete(FlowParser.filter("", this));
        flows = false;
        attachment = null;
        for (int i = 0; i < tags.size(); i++) {
            vports.get(i).vlans = tags.get(i);
        }
    }

    /** The flows of the configuration, after a loss of power. */
    private void load(long now) {
        if (pipeline.flows().isEmpty()) {
            configured.forEach(each -> pipeline.add(each, now));
            flows = !configured.isEmpty();
            wakeAt(pipeline.nextExpiry());
        }
    }

    @Override
    protected void start(long now) {
        load(now);
        for (Vport each : vports) {
            if (each.bond != null) {
                begin(each.bond);
            }
        }
        if (!flows && !secure) {
            flows = true;
            pipeline.add(FlowParser.parse("priority=0 actions=NORMAL", this), now);
        }
    }

    /** Nobody has been learned yet whom a learning packet could be for. */
    private static void begin(Members bond) {
        bond.last = bond.ports.get(0);
        bond.active = null;
        for (int i = bond.ports.size() - 1; i >= 0; i--) {
            Port each = bond.ports.get(i);
            bond.active = each.up() ? each : bond.active;
        }
    }

    @Override
    protected void carrier(Port port, boolean on, long now) {
        Vport of = (Vport) port.attachment;
        if (of.bond != null && (of.bond.active == null || !of.bond.active.up())) {
            choose(of);
        }
    }

    /** bond_choose_active_slave of bond.c: who was active last, or the first that is up. */
    private void choose(Vport of) {
        Members bond = of.bond;
        bond.active = bond.last.up() ? bond.last : null;
        for (int i = 0; bond.active == null && i < bond.ports.size(); i++) {
            bond.active = bond.ports.get(i).up() ? bond.ports.get(i) : null;
        }
        if (bond.active != null) {
            bond.last = bond.active;
            teach(of);
        }
    }

    /**
     * bundle_send_learning_packets of ofproto-dpif.c: for each station behind another port a RARP request that asks for
     * nothing, past the flow tables, so that switches learn the way by the new member.
     */
    private void teach(Vport of) {
        for (Fdb.Entry each : fdb.entries(node().now())) {
            if (each.port() != of.port.tag) {
                Frame frame = node().originate(Ethernet.LENGTH + Arp.LENGTH);
                eth.wrap(frame)
                        .destination(Ethernet.BROADCAST)
                        .source(each.mac())
                        .type(Ethernet.RARP);
                new Arp()
                        .wrap(frame, eth.end())
                        .start(Arp.REVERSE_REQUEST)
                        .senderMac(each.mac())
                        .senderIp(0)
                        .targetMac(each.mac())
                        .targetIp(0);
                if (each.vlan() != 0) {
                    Vlan.push(frame, each.vlan());
                }
                if (frame.traced()) {
                    node().remark(of.port.name() + " has moved to " + memberName(of, of.bond.active));
                }
                send(of, frame);
            }
        }
    }

    private static String memberName(Vport of, Port member) {
        return member.name().substring(of.port.name().length() + 1);
    }

    @Override
    public int number(String name) {
        for (Vport each : vports) {
            if (each.port.name().equals(name)) {
                return each.number;
            }
        }
        return -1;
    }

    @Override
    public String name(int number) {
        Vport found = vport(number);
        return found == null ? null : found.port.name();
    }

    @Override
    public List<String> names() {
        return vports.stream().map(each -> each.port.name()).toList();
    }

    private Vport vport(int number) {
        if (number > 0 && number <= vports.size() && vports.get(number - 1).number == number) {
            return vports.get(number - 1);
        }
        for (Vport each : vports) {
            if (each.number == number) {
                return each;
            }
        }
        return null;
    }

    /** The number that read-outs give for a port. */
    public int numberOf(Port port) {
        return ((Vport) port.attachment).number;
    }

    /** Whether the port is a bond's member, which has no number of its own. */
    public boolean isMember(Port port) {
        return ((Vport) port.attachment).port != port;
    }

    /** The port that an FDB entry points to. */
    public Port portAt(int index) {
        return vports.get(index).port;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        in = (Vport) ingress.attachment;
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, Drop.MALFORMED);
            return;
        }
        if (in.bond != null) {
            in.port.observeIn(frame);
            if (ingress != in.bond.active) {
                in.port.drop(frame, Drop.BACKUP_MEMBER);
                return;
            }
        }
        explained = false;
        pipeline.execute(frame, in.number, 0, now, this, frame.traced());
    }

    private void explain(String more) {
        if (!explained) {
            in.port.because(pipeline.explanation() + more);
            explained = true;
        } else if (!more.isEmpty()) {
            in.port.because(more);
        }
    }

    @Override
    public void output(int port, Frame frame, boolean last) {
        Vport egress = vport(port);
        if (frame.traced()) {
            explain("");
        }
        if (egress == null) {
            if (last) {
                in.port.drop(frame, Drop.NO_SUCH_PORT);
            }
            return;
        }
        send(egress, last ? frame : node().copy(frame));
    }

    /** Onto the port as the frame is: what an output action does not ask about is not changed, access tags apart. */
    private void send(Vport egress, Frame frame) {
        if (egress.bond == null) {
            egress.port.transmit(frame);
            return;
        }
        Port active = egress.bond.active;
        if (frame.traced() && active != null) {
            egress.port.remark("bond: active member " + memberName(egress, active));
        }
        egress.port.observeOut(frame);
        if (active == null) {
            egress.port.drop(frame, Drop.NO_MEMBER);
        } else {
            active.transmit(frame);
        }
    }

    @Override
    public void normal(Frame frame, boolean last) {
        Frame mine = last ? frame : node().copy(frame);
        long now = node().now();
        int vlan = in.vlans.classify(mine);
        if (vlan < 0) {
            explainIf(mine, "; NORMAL: " + in.vlans);
            in.port.drop(mine, in.vlans.refusal(mine));
            return;
        }
        long destination = eth.wrap(mine).destination();
        if ((destination & ~0xfL) == RESERVED) {
            // Refused before it is learned from (is_admissible).
            explainIf(mine, "");
            in.port.drop(mine, Drop.LINK_LOCAL);
            return;
        }
        fdb.learn(vlan, eth.source(), in.port.tag, now);
        int known = MacAddress.isGroup(destination) ? -1 : fdb.lookup(vlan, destination, now);
        if (known < 0) {
            flood(mine, vlan, false);
        } else {
            unicast(vports.get(known), mine, vlan, destination);
        }
    }

    private void explainIf(Frame frame, String more) {
        if (frame.traced()) {
            explain(more);
        }
    }

    private void unicast(Vport egress, Frame frame, int vlan, long destination) {
        if (frame.traced()) {
            explain("; NORMAL: FDB (vlan " + vlan + ", " + MacAddress.text(destination) + ") -> " + egress.port.name());
        }
        if (egress == in) {
            in.port.drop(frame, Drop.SAME_PORT);
        } else if (!egress.vlans.carries(vlan)) {
            in.port.drop(frame, Drop.EGRESS_VLAN);
        } else {
            dressed(egress, frame, vlan);
        }
    }

    private void dressed(Vport egress, Frame frame, int vlan) {
        if (frame.traced()) {
            String dressing = egress.vlans.dressing(frame, vlan);
            if (dressing != null) {
                egress.port.remark(dressing);
            }
        }
        egress.vlans.dress(frame, vlan);
        send(egress, frame);
    }

    /**
     * To every other port.
     *
     * @param anyVlan OpenFlow's ALL and FLOOD look at no VLAN
     */
    private void flood(Frame frame, int vlan, boolean anyVlan) {
        Vport last = null;
        Frame master = null;
        int copies = 0;
        for (int i = 0; i < vports.size(); i++) {
            Vport port = vports.get(i);
            if (port == in || !anyVlan && !port.vlans.carries(vlan) || !reachable(port)) {
                continue;
            }
            if (copies++ == 0 && frame.traced()) {
                explain(anyVlan ? "" : floodText(frame, vlan));
            }
            if (last != null && !anyVlan && lendable(last, frame, vlan)) {
                master = master == null ? bare(last, frame, vlan) : master;
                last.port.lend(master);
            } else if (last != null) {
                emit(last, node().copy(frame), vlan, anyVlan);
            }
            last = port;
        }
        if (master != null) {
            node().lent(master);
        }
        if (last == null) {
            explainIf(frame, "");
            in.port.drop(frame, Drop.NOWHERE_TO_FLOOD);
        } else {
            emit(last, frame, vlan, anyVlan);
        }
    }

    /** Whether a frame flooded in a VLAN goes out of a port as it goes out of most: to a host, and without a tag. */
    private static boolean lendable(Vport to, Frame frame, int vlan) {
        return to.bond == null && to.port.lends() && to.vlans.bare(vlan) && !frame.traced();
    }

    private Frame bare(Vport to, Frame frame, int vlan) {
        Frame master = node().master(frame);
        to.vlans.dress(master, vlan);
        return master;
    }

    private String floodText(Frame frame, int vlan) {
        boolean group = MacAddress.isGroup(eth.wrap(frame).destination());
        return "; NORMAL: "
                + (group
                        ? "group address"
                        : "no FDB entry (vlan " + vlan + ", " + MacAddress.text(eth.destination()) + ")")
                + ", flooded in VLAN " + vlan;
    }

    private static boolean reachable(Vport port) {
        return port.bond == null ? port.port.up() : port.bond.active != null;
    }

    private void emit(Vport egress, Frame frame, int vlan, boolean asIs) {
        if (asIs) {
            send(egress, frame);
        } else {
            dressed(egress, frame, vlan);
        }
    }

    @Override
    public void flood(Frame frame, boolean last) {
        flood(last ? frame : node().copy(frame), 0, true);
    }

    @Override
    public void all(Frame frame, boolean last) {
        flood(last ? frame : node().copy(frame), 0, true);
    }

    @Override
    public void inPort(Frame frame, boolean last) {
        explainIf(frame, "");
        send(in, last ? frame : node().copy(frame));
    }

    @Override
    public void local(Frame frame, boolean last) {
        output(LOCAL, frame, last);
    }

    @Override
    public void dropped(Frame frame, DropCause cause) {
        explainIf(frame, "");
        in.port.drop(
                frame,
                switch (cause) {
                    case DROP_ACTION -> Drop.FLOW_DROP;
                    case TABLE_MISS -> Drop.TABLE_MISS;
                    case TTL_EXPIRED -> Drop.TTL_EXPIRED;
                    case TOO_DEEP -> Drop.TOO_DEEP;
                    case CONTROLLER -> Drop.CONTROLLER;
                    case INPUT_PORT -> Drop.INPUT_PORT;
                });
    }

    @Override
    public void spent(Frame frame) {
        in.port.consume(frame);
    }
}
