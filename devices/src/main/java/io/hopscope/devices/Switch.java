package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.stp.PortState;
import java.util.Arrays;

/**
 * A VLAN-aware switch (IEEE 802.1Q) and, with VLAN interfaces, a router: the tables are as large as need be. One spanning
 * tree for all VLANs; no link aggregation, no ASIC limits.
 */
public final class Switch extends Device implements StackOwner, TreeOwner {
    enum Drop implements DropReason {
        SAME_PORT("destination is on the port it came in through"),
        NOWHERE_TO_FLOOD("no other port carries this VLAN"),
        EGRESS_VLAN("VLAN not allowed on the port to the destination"),
        BLOCKED("the port does not forward (spanning tree)"),
        NOT_YET("the port does not forward yet (spanning tree)"),
        EGRESS_BLOCKED("the port to the destination does not forward (spanning tree)"),
        LINK_LOCAL("link-local group address is not forwarded (802.1D)"),
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
            return this == BLOCKED || this == LINK_LOCAL;
        }
    }

    private static final long LINK_LOCAL = 0x0180_c200_0000L;
    private static final int ENTRIES = 1 << 20;

    private final Fdb fdb = new Fdb(ENTRIES, Fdb.AGEING);
    private final Ethernet eth = new Ethernet();
    private final IpStack stack = new IpStack(this);
    /** Null without one. */
    private Tree tree;
    /** By VLAN. */
    private NetInterface[] svis = {};

    /**
     * @param kind {@code switch} or {@code router}
     */
    public Switch(Node node, String name, String kind) {
        super(node, name, kind);
    }

    /** A port; as long as nothing else is said it is a trunk of all VLANs with native VLAN 1. */
    public Port attach(String name, VlanRules rules) {
        Port added = addPort(name);
        added.tag = portCount() - 1;
        added.attachment = rules;
        return added;
    }

    public static VlanRules rules(Port port) {
        return (VlanRules) port.attachment;
    }

    /** A VLAN interface: makes the switch a router. */
    public NetInterface svi(int vlan, long mac) {
        NetInterface added = stack.add("vlan" + vlan, mac, null, (via, frame) -> fromStack(vlan, frame));
        if (vlan >= svis.length) {
            svis = Arrays.copyOf(svis, vlan + 1);
        }
        svis[vlan] = added;
        stack.forwarding(true);
        return added;
    }

    public Fdb fdb() {
        return fdb;
    }

    public void tree(Tree made) {
        tree = made;
    }

    @Override
    public Tree tree() {
        return tree;
    }

    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (tree != null && tree.machine() != null) {
            tree.link(port, on, now);
        } else if (!on) {
            fdb.flush(port.tag);
        }
        interfaces(now);
        rearm();
    }

    /** A VLAN interface is up as long as a port of its VLAN is. */
    private void interfaces(long now) {
        for (int vlan = 0; vlan < svis.length; vlan++) {
            if (svis[vlan] != null) {
                boolean up = false;
                for (Port port : ports()) {
                    up |= port.up() && rules(port).carries(vlan);
                }
                stack.up(svis[vlan], up, now);
            }
        }
    }

    /** Whether the spanning tree lets the frame go on; where it does not, the frame has ended. */
    private boolean admits(Port ingress, Frame frame, int vlan, long now) {
        PortState state = tree.state(ingress);
        if (state.forwards()) {
            return true;
        }
        if (state.learns()) {
            fdb.learn(vlan, eth.wrap(frame).source(), ingress.tag, now);
        }
        if (frame.traced()) {
            ingress.because("port is " + state);
        }
        ingress.drop(frame, tree.aside(ingress) ? Drop.BLOCKED : Drop.NOT_YET);
        return false;
    }

    private boolean open(Port port) {
        return port.up() && (tree == null || tree.state(port).forwards());
    }

    @Override
    public IpStack stack() {
        return stack;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, Drop.MALFORMED);
            return;
        }
        if (tree != null && eth.wrap(frame).destination() == Bpdu.GROUP) {
            tree.hear(ingress, frame, now);
            rearm();
            return;
        }
        VlanRules rules = rules(ingress);
        int vlan = rules.classify(frame);
        if (vlan < 0) {
            if (frame.traced()) {
                ingress.because("VLAN " + eth.wrap(frame).vid() + "; port is " + rules);
            }
            ingress.drop(frame, rules.refusal(frame));
            return;
        }
        if (tree != null && !admits(ingress, frame, vlan, now)) {
            return;
        }
        long destination = eth.wrap(frame).destination();
        fdb.learn(vlan, eth.source(), ingress.tag, now);
        NetInterface svi = vlan < svis.length ? svis[vlan] : null;
        if ((destination & ~0xfL) == LINK_LOCAL) {
            ingress.drop(frame, Drop.LINK_LOCAL);
        } else if (svi != null && svi.takes(destination)) {
            up(svi, ingress, frame, vlan, now);
        } else if (MacAddress.isGroup(destination)) {
            if (svi != null) {
                hear(svi, ingress, frame, now);
            }
            flood(ingress, frame, vlan, svi != null);
        } else {
            unicast(ingress, frame, vlan, destination, now);
        }
    }

    private void up(NetInterface svi, Port ingress, Frame frame, int vlan, long now) {
        if (frame.traced()) {
            ingress.because("VLAN " + vlan + ": destination is " + svi.name() + "'s MAC: routed");
        }
        if (eth.type() == Ethernet.VLAN) {
            Vlan.pop(frame);
        }
        stack.receive(svi, ingress, frame, now);
        rearm();
    }

    /** A broadcast is for the VLAN interface as well. */
    private void hear(NetInterface svi, Port ingress, Frame frame, long now) {
        Frame copy = node().copy(frame);
        if (eth.wrap(copy).type() == Ethernet.VLAN) {
            Vlan.pop(copy);
        }
        stack.receive(svi, ingress, copy, now);
        rearm();
    }

    private void unicast(Port ingress, Frame frame, int vlan, long destination, long now) {
        int known = fdb.lookup(vlan, destination, now);
        if (known < 0) {
            flood(ingress, frame, vlan, false);
            return;
        }
        Port egress = port(known);
        if (egress == ingress) {
            ingress.drop(frame, Drop.SAME_PORT);
        } else if (!rules(egress).carries(vlan)) {
            ingress.drop(frame, Drop.EGRESS_VLAN);
        } else if (!open(egress)) {
            ingress.drop(frame, Drop.EGRESS_BLOCKED);
        } else {
            if (frame.traced()) {
                ingress.because(found(vlan, destination, egress));
            }
            out(egress, frame, vlan);
        }
    }

    private static String found(int vlan, long mac, Port egress) {
        return "FDB (" + vlan + ", " + MacAddress.text(mac) + ") -> " + egress.name();
    }

    private void out(Port egress, Frame frame, int vlan) {
        VlanRules rules = rules(egress);
        if (frame.traced()) {
            String dressing = rules.dressing(frame, vlan);
            if (dressing != null) {
                egress.remark(dressing);
            }
        }
        rules.dress(frame, vlan);
        egress.transmit(frame);
    }

    /**
     * To every other port of the VLAN.
     *
     * @param heard the frame has reached the switch's own interface already
     */
    private void flood(Port ingress, Frame frame, int vlan, boolean heard) {
        Port last = null;
        int copies = 0;
        for (int i = 0; i < portCount(); i++) {
            Port port = port(i);
            if (port != ingress && open(port) && rules(port).carries(vlan)) {
                if (last != null) {
                    out(last, node().copy(frame), vlan);
                }
                last = port;
                copies++;
            }
        }
        if (last != null) {
            if (frame.traced() && ingress != null) {
                boolean group = MacAddress.isGroup(eth.wrap(frame).destination());
                ingress.because((group ? "group address" : "unknown unicast, no FDB entry") + ": flooded to " + copies
                        + (copies == 1 ? " port" : " ports") + " of VLAN " + vlan);
            }
            out(last, frame, vlan);
        } else if (heard) {
            ingress.consume(frame);
        } else {
            (ingress == null ? port(0) : ingress).drop(frame, Drop.NOWHERE_TO_FLOOD);
        }
    }

    /** What the stack sends into a VLAN. */
    private void fromStack(int vlan, Frame frame) {
        long destination = eth.wrap(frame).destination();
        int known = MacAddress.isGroup(destination) ? -1 : fdb.lookup(vlan, destination, node().now());
        if (known < 0 || !open(port(known))) {
            flood(null, frame, vlan, false);
            return;
        }
        Port egress = port(known);
        if (frame.traced()) {
            egress.remark(found(vlan, destination, egress));
        }
        out(egress, frame, vlan);
    }

    /** Announces virtual MACs, so that switches know them: what VRRP advertisements do (RFC 5798, section 7.2). */
    @Override
    protected void start(long now) {
        if (tree != null) {
            tree.start(null, now);
        }
        for (NetInterface svi : svis) {
            if (svi != null && svi.virtualMac() != 0) {
                GratuitousArp.announce(svi, svi.virtualMac());
            }
        }
        interfaces(now);
        rearm();
    }

    @Override
    public void rearm() {
        long deadline = Math.min(stack.nextDeadline(), tree == null ? Long.MAX_VALUE : tree.nextDeadline());
        if (deadline != Long.MAX_VALUE) {
            wakeAt(deadline);
        }
    }

    @Override
    protected void wake(long now) {
        stack.wake(now);
        if (tree != null) {
            tree.wake(now);
        }
        rearm();
    }

    @Override
    protected void remember() {
        stack.remember();
    }

    @Override
    protected void forget() {
        stack.forget();
        fdb.clear();
    }

    @Override
    protected int held() {
        return stack.held();
    }

    @Override
    protected void release() {
        stack.release();
    }
}
