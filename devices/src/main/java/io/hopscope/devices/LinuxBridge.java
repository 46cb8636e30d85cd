package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.stp.PortState;

/**
 * The Linux bridge (net/bridge; IEEE 802.1D forwarding and spanning tree): learns, ages, floods, and passes frames up to its
 * own interface. VLAN filtering is {@link BridgeVlans}', netfilter {@link BridgeFilter}'s.
 */
public final class LinuxBridge extends Device implements TreeOwner {
    enum Drop implements DropReason {
        SAME_PORT("destination is on the port it came in through"),
        NOWHERE_TO_FLOOD("no other port to flood to"),
        BLOCKED("the port does not forward (spanning tree)"),
        NOT_YET("the port does not forward yet (spanning tree)"),
        EGRESS_BLOCKED("the port to the destination does not forward (spanning tree)"),
        LINK_LOCAL("link-local group address is not forwarded (802.1D)"),
        BAD_SOURCE("the source address is a group's, or zero"),
        DOWN("the bridge itself is down"),
        MALFORMED("shorter than its Ethernet header");

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

    /** 01:80:c2:00:00:00 to 0f; the first, STP's own, is forwarded where no STP runs (br_handle_frame). */
    private static final long LINK_LOCAL = 0x0180_c200_0000L;

    private static final int ENTRIES = 1 << 20;
    private static final int TAGGED = Ethernet.LENGTH + Vlan.LENGTH;

    private final Fdb fdb = new Fdb(ENTRIES, Fdb.AGEING);
    private Port self;
    private long localMac = -1;
    /** What {@code stp_state 1} would start; null if nothing was said of it. */
    private Tree planned;
    /** Null while STP is off. */
    private Tree tree;
    /** Null without netfilter on the node. */
    private BridgeFilter filter;
    /** Null as long as nothing is said of VLANs. */
    private BridgeVlans vlans;
    /** Those it starts with after a loss of power. */
    private BridgeVlans bootVlans;

    private long bootAgeing;
    /** Whether it starts with STP after a loss of power. */
    private boolean booted;

    public LinuxBridge(Node node, String name) {
        super(node, name, "bridge");
    }

    void filter(BridgeFilter by) {
        filter = by;
    }

    /** The VLANs of its ports, made at first use; as long as nobody turns filtering on they change nothing. */
    public BridgeVlans vlans() {
        if (vlans == null) {
            vlans = new BridgeVlans(this);
        }
        return vlans;
    }

    /** Whether frames are sorted by VLAN. */
    public boolean filtersVlans() {
        return vlans != null && vlans.filtering();
    }

    /** The VLAN of ports that are told of none; 1, Linux's, as long as nothing is said. */
    public int defaultPvid() {
        return vlans == null ? 1 : vlans.defaultPvid();
    }

    /** Whether the bridge's own interface carries the VLAN. */
    public boolean selfCarries(int vlan) {
        return self != null && vlans().carries(self, vlan);
    }

    /** {@code ip link set PORT master BRIDGE}. */
    public Port attach(String port) {
        Port added = addPort(port);
        added.tag = portCount() - 1;
        return added;
    }

    /** The bridge's own end of the interface that has its name: wire it to a host's. */
    public Port self(long mac) {
        if (self == null) {
            self = attach(name().isEmpty() ? node().name() : name()).hide();
            localMac = mac;
        }
        return self;
    }

    /**
     * Gives the bridge a spanning tree.
     *
     * @param on whether it starts with the run
     */
    public void tree(Tree made, boolean on) {
        planned = made;
        tree = on ? made : null;
    }

    @Override
    public Tree tree() {
        return tree;
    }

    /** Whether the bridge was given a tree, running or not. */
    public boolean hasTree() {
        return planned != null;
    }

    /** {@code ip link set BRIDGE type bridge stp_state}; false where the bridge was given no tree. */
    public boolean stp(boolean on, long now) {
        if (planned != null && on != (tree != null)) {
            tree = on ? planned : null;
            start(now);
        }
        return planned != null;
    }

    @Override
    protected void start(long now) {
        if (vlans != null) {
            vlans.settle();
        }
        if (tree != null) {
            tree.start(self, now);
            rearm();
        }
    }

    @Override
    protected void wake(long now) {
        if (tree != null) {
            tree.wake(now);
        }
        if (filter != null) {
            filter.wake(now);
        }
        rearm();
    }

    private void rearm() {
        long deadline = tree == null ? Long.MAX_VALUE : tree.nextDeadline();
        wakeAt(filter == null ? deadline : Math.min(deadline, filter.nextDeadline()));
    }

    @Override
    protected int held() {
        return filter == null ? 0 : filter.held();
    }

    @Override
    protected void release() {
        if (filter != null) {
            filter.release();
        }
    }

    @Override
    protected void remember() {
        booted = tree != null;
        bootVlans = vlans == null ? null : vlans.copy();
        bootAgeing = fdb.ageing();
        // Where there is a stack it does that.
        if (filter != null && filter.netfilter().stack() == null) {
            filter.netfilter().remember();
        }
    }

    @Override
    protected void forget() {
        fdb.clear();
        fdb.ageing(bootAgeing);
        tree = booted ? planned : null;
        vlans = bootVlans == null ? null : bootVlans.copy();
        if (filter != null && filter.netfilter().stack() == null) {
            filter.netfilter().forget();
        }
    }

    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (tree == null || tree.machine() == null) {
            fdb.flush(port.tag);
        } else if (port != self) {
            tree.link(port, on, now);
            rearm();
        }
    }

    /** Ports with hairpin mode on may send a frame back out of where it came in. */
    public void hairpin(Port port) {
        port.attachment = Boolean.TRUE;
    }

    private static boolean hairpinned(Port port) {
        return port.attachment == Boolean.TRUE;
    }

    public Fdb fdb() {
        return fdb;
    }

    /** The MAC of the bridge's own interface; -1 without one. */
    public long localMac() {
        return localMac;
    }

    public boolean isSelf(Port port) {
        return port == self;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (frame.length() < Ethernet.LENGTH) {
            ingress.drop(frame, Drop.MALFORMED);
            return;
        }
        byte[] bytes = frame.bytes();
        int at = frame.start();
        if (self != null && self.peer() != null && self.peer().shut()) {
            ingress.drop(frame, Drop.DOWN);
            return;
        } else if (filtersVlans() && frame.length() < TAGGED && View.get16(bytes, at + 12) == Ethernet.VLAN) {
            ingress.drop(frame, Drop.MALFORMED);
            return;
        }
        long destination = View.get64(bytes, at) >>> 16;
        if (tree != null && !admits(ingress, frame, destination, now)) {
            return;
        }
        if (ingress != self) {
            long source = View.get64(bytes, at + 6) >>> 16;
            if (source == 0 || MacAddress.isGroup(source)) {
                ingress.drop(frame, Drop.BAD_SOURCE);
                return;
            }
        }
        // Without STP BPDUs pass: somebody else's tree may need them to find a loop (br_handle_frame).
        if ((destination & ~0xfL) == LINK_LOCAL && destination != Bpdu.GROUP) {
            notice(ingress, frame, now);
            ingress.drop(frame, Drop.LINK_LOCAL);
        } else if (filter == null || asked(ingress, frame, now)) {
            forward(ingress, frame, now);
        }
    }

    /** Whether netfilter lets it in, or has nothing to do with it. */
    private boolean asked(Port ingress, Frame frame, long now) {
        if (ingress == self) {
            filter.skip();
            return true;
        }
        boolean in = filter.arrives(ingress, frame, now);
        if (filter.nextDeadline() != Long.MAX_VALUE) {
            rearm();
        }
        return in;
    }

    private void learn(Port ingress, Frame frame, int vlan, long now) {
        if (ingress != self) {
            fdb.learn(vlan, View.get64(frame.bytes(), frame.start() + 6) >>> 16, ingress.tag, now);
        }
    }

    /** The source of a frame that goes no further. */
    private void notice(Port ingress, Frame frame, long now) {
        int vlan = filtersVlans() ? vlans.learns(ingress, frame) : 0;
        if (vlan >= 0) {
            learn(ingress, frame, vlan, now);
        }
    }

    /** br_handle_frame_finish. */
    void forward(Port ingress, Frame frame, long now) {
        int vlan = filtersVlans() ? vlans.admit(ingress, frame) : 0;
        if (vlan < 0) {
            return;
        }
        learn(ingress, frame, vlan, now);
        long destination = View.get64(frame.bytes(), frame.start()) >>> 16;
        if (MacAddress.isGroup(destination)) {
            flood(ingress, frame, vlan, true, now);
        } else if (destination == localMac && ingress != self && carries(self, vlan)) {
            up(frame, ingress, vlan);
        } else {
            unicast(ingress, frame, vlan, destination, now);
        }
    }

    /** Without filtering every frame is of VLAN 0, which all ports carry. */
    private boolean carries(Port port, int vlan) {
        return vlan == 0 || vlans.carries(port, vlan);
    }

    /** Whether the spanning tree lets the frame go on; where it does not, the frame has ended. */
    private boolean admits(Port ingress, Frame frame, long destination, long now) {
        if (destination == Bpdu.GROUP) {
            tree.hear(ingress, frame, now);
            rearm();
            return false;
        }
        PortState state = tree.state(ingress);
        if (state.forwards()) {
            return true;
        }
        if (state.learns()) {
            notice(ingress, frame, now);
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
    protected Port foresee(Port ingress, Frame frame, int pass) {
        if (pass < FORESIGHT || frame.length() < Ethernet.LENGTH) {
            return null;
        }
        long destination = frame.stamp != 0 ? frame.stamp : View.get64(frame.bytes(), frame.start()) >>> 16;
        int known = fdb.peek(filtersVlans() ? Math.max(0, vlans.learns(ingress, frame)) : 0, destination);
        return known < 0 ? null : port(known);
    }

    private void up(Frame frame, Port ingress, int vlan) {
        if (frame.traced()) {
            ingress.because("FDB " + key(vlan, localMac) + " is the bridge's own: up");
        }
        if (filter != null) {
            filter.carry(ingress, frame);
        }
        if (vlan != 0) {
            vlans.dress(self, frame, vlan);
        }
        self.transmit(frame);
    }

    /** Out of a port, if netfilter lets it. */
    private void out(Port ingress, Port egress, Frame frame, int vlan, long now) {
        if (vlan != 0) {
            vlans.dress(egress, frame, vlan);
        }
        if (filter == null || !filter.active()) {
            egress.transmit(frame);
        } else if (egress == self) {
            filter.carry(ingress, frame);
            egress.transmit(frame);
        } else if (vlan != 0 && vlans.tags(egress, vlan)) {
            filter.tagged(ingress, egress, frame);
        } else if (filter.passes(ingress, egress, frame, now)) {
            filter.send(egress, frame);
        }
    }

    private void unicast(Port ingress, Frame frame, int vlan, long destination, long now) {
        int known = fdb.lookup(vlan, destination, now);
        if (known < 0) {
            flood(ingress, frame, vlan, false, now);
            return;
        }
        Port egress = port(known);
        if (egress == ingress && !hairpinned(ingress)) {
            ingress.drop(frame, Drop.SAME_PORT);
            return;
        }
        if (tree != null && !tree.state(egress).forwards()) {
            ingress.drop(frame, Drop.EGRESS_BLOCKED);
            return;
        }
        if (!carries(egress, vlan)) {
            ingress.drop(frame, BridgeVlans.Drop.EGRESS_VLAN);
            return;
        }
        if (frame.traced()) {
            ingress.because("FDB " + key(vlan, destination) + " -> " + egress.name());
        }
        overheard(ingress, frame, vlan);
        out(ingress, egress, frame, vlan, now);
    }

    private static String key(int vlan, long mac) {
        return vlan == 0 ? MacAddress.text(mac) : "(" + vlan + ", " + MacAddress.text(mac) + ")";
    }

    /** A capture on the bridge's own interface makes it promiscuous: it sees what is bridged (br_handle_frame_finish). */
    private void overheard(Port ingress, Frame frame, int vlan) {
        if (self == null
                || ingress == self
                || self.peer() == null
                || !self.peer().captured()) {
            return;
        }
        boolean tagged = View.get16(frame.bytes(), frame.start() + 12) == Ethernet.VLAN;
        int control = tagged ? View.get16(frame.bytes(), frame.start() + Ethernet.LENGTH) : 0;
        if (vlan != 0) {
            vlans.dress(self, frame, vlan);
        }
        self.peer().overhear(frame, "bridged: seen here as the capture makes the bridge promiscuous");
        // The frame goes on as it came, its priority with it.
        boolean dressed = View.get16(frame.bytes(), frame.start() + 12) == Ethernet.VLAN;
        if (tagged && !dressed) {
            Vlan.push(frame, control);
        } else if (dressed && !tagged) {
            Vlan.pop(frame);
        }
    }

    /** To all ports but the one it came in by; up as well if it is for a group. */
    private void flood(Port ingress, Frame frame, int vlan, boolean group, long now) {
        Port last = null;
        Frame master = null;
        int copies = 0;
        for (int i = 0; i < portCount(); i++) {
            Port port = port(i);
            if (!floods(ingress, port, vlan, group)) {
                continue;
            }
            if (last != null && vlan == 0 && last.lends() && !frame.traced() && (filter == null || !filter.active())) {
                master = master == null ? node().master(frame) : master;
                last.lend(master);
            } else if (last != null) {
                if (copies == 1 && filter != null) {
                    filter.flood();
                }
                out(ingress, last, node().copy(frame), vlan, now);
            }
            last = port;
            copies++;
        }
        if (master != null) {
            node().lent(master);
        }
        if (last == null) {
            ingress.drop(frame, Drop.NOWHERE_TO_FLOOD);
            return;
        }
        if (frame.traced()) {
            String kind = group ? "group address" : "unknown unicast, no FDB entry";
            String where = vlan == 0 ? "" : " of VLAN " + vlan;
            ingress.because(kind + ": flooded to " + copies + (copies == 1 ? " port" : " ports") + where);
        }
        if (!group) {
            overheard(ingress, frame, vlan);
        }
        out(ingress, last, frame, vlan, now);
        if (filter != null) {
            filter.flooded();
        }
    }

    private boolean floods(Port ingress, Port port, int vlan, boolean group) {
        return (port != ingress || hairpinned(port)) && (port != self || group) && open(port) && carries(port, vlan);
    }
}
