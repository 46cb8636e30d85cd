package io.hopscope.devices.asic;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.GratuitousArp;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Metered;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.TimeSeries;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.asic.AclTcam;
import io.hopscope.protocols.asic.PuntClass;
import java.util.Arrays;

/**
 * A switch and router with the limits of its silicon: what finds no room in a table is not there. An unknown station is
 * flooded to; a host without an entry is the CPU's work, at the CPU's speed. The CPU runs an {@link IpStack}. No spanning
 * tree, no link aggregation, no IPv6.
 */
public final class AsicSwitch extends Device implements StackOwner, Metered, IpStack.NeighbourWatch {
    /** More neighbours than any table has hosts. */
    private static final int NEIGHBOURS = 1 << 22;

    private final AsicSpec spec;
    private final L2Table l2;
    private final L3Tables l3;
    private final AclTcam acl;
    private final VlanStage vlans = new VlanStage();
    private final Stage[] stages;
    private final Stage route;
    private final Stage rewrite;
    private final Packet packet = new Packet();
    private final IpStack stack = new IpStack(this);
    private final Cpu cpu;
    private final int salt;
    private final TimeSeries series;
    /** By the index of the interface. */
    private int[] vlanOf = {};

    private final Ethernet eth = new Ethernet();
    private long flooded;
    private long crashes;
    private boolean crashing;
    /** Until when nothing is forwarded; the past, as a rule. */
    private long downUntil;

    private boolean down;

    /**
     * @param kind {@code switch} or {@code router}
     */
    public AsicSwitch(Node node, String name, String kind, AsicSpec spec) {
        super(node, name, kind);
        this.spec = spec;
        l2 = new L2Table(spec.tables().fdb(), spec.fdbAge());
        l3 = new L3Tables(this, spec, stack);
        acl = new AclTcam(spec.tables().acl());
        spec.rules().forEach(acl::add);
        cpu = new Cpu(spec.cpu(), this::handle, node.network().seed().stream(this + " cpu"));
        salt = node.network().seed().stream(this + " ecmp").nextInt(Integer.MAX_VALUE);
        route = new RouteStage(l3, vlans);
        rewrite = new RewriteStage(l2, vlans, this);
        stages = new Stage[] {new Parser(), vlans, new LearnStage(l2), new AclStage(acl), new BridgeStage(l2, this)};
        series = new TimeSeries(Counters.NAMES, spec.sample(), new Counters(this)::read);
        stack.forwarding(true).acceptGratuitous(spec.cpu().gratuitous());
        stack.neighbourTable().limit(NEIGHBOURS);
        stack.watch(this);
    }

    /** A port; as long as nothing else is said it is a trunk of all VLANs with native VLAN 1. */
    public Port attach(String name, VlanRules rules) {
        Port added = addPort(name);
        added.tag = ports().size() - 1;
        added.attachment = rules;
        return added;
    }

    /** A VLAN interface: makes the switch a router. */
    public NetInterface svi(int vlan, long mac) {
        NetInterface added = stack.add("vlan" + vlan, mac, null, (via, frame) -> fromStack(vlan, frame));
        vlans.add(vlan, added);
        vlanOf = Arrays.copyOf(vlanOf, Math.max(vlanOf.length, added.index() + 1));
        vlanOf[added.index()] = vlan;
        return added;
    }

    /** A route of the CPU's; several to one destination make a group of equal ones. */
    public void route(Route added) {
        stack.route(added);
        l3.add(added);
    }

    @Override
    public IpStack stack() {
        return stack;
    }

    public AsicSpec spec() {
        return spec;
    }

    L2Table l2() {
        return l2;
    }

    L3Tables l3() {
        return l3;
    }

    AclTcam acl() {
        return acl;
    }

    Cpu cpu() {
        return cpu;
    }

    long flooded() {
        return flooded;
    }

    long crashes() {
        return crashes;
    }

    int salt() {
        return salt;
    }

    /** The VLAN of an interface of the stack. */
    int vlan(int index) {
        return vlanOf[index];
    }

    @Override
    protected void start(long now) {
        up(now);
    }

    private void up(long now) {
        l3.program(now);
        for (NetInterface each : stack.interfaces()) {
            if (each.virtualMac() != 0) {
                GratuitousArp.announce(each, each.virtualMac());
            }
        }
        settle(now);
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        series.advance(now);
        if (down) {
            ingress.drop(frame, Drop.REBOOTING);
            return;
        }
        packet.begin(ingress, frame);
        for (int i = 0; i < stages.length && packet.fate == null; i++) {
            stages[i].apply(packet, now);
        }
        if (packet.routed) {
            route.apply(packet, now);
            if (packet.fate == null) {
                rewrite.apply(packet, now);
            }
        }
        switch (packet.fate) {
            case FORWARD -> out(packet.egress, frame, packet.vlan);
            case FLOOD -> flood(now);
            case PUNT -> cpu.punt(packet.punt, ingress, packet.vlan, frame, now);
            case DROP -> ingress.drop(frame, packet.reason);
        }
        if (crashing || packet.punt != null) {
            settle(now);
        }
    }

    /** Stations behind a port without a link are looked for elsewhere. */
    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (!on) {
            l2.entries.removeIf(number -> number == port.tag);
        }
    }

    private void flood(long now) {
        PuntClass copied = packet.punt;
        Port ingress = packet.ingress;
        int vlan = packet.vlan;
        if (copied != null) {
            cpu.punt(copied, ingress, vlan, node().copy(packet.frame), now);
        }
        flood(packet.routed ? null : ingress, ingress, packet.frame, vlan, copied != null);
    }

    private static VlanRules rules(Port port) {
        return (VlanRules) port.attachment;
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
     * @param except where a bridged frame came in; null for one that was routed or made here
     * @param from where the frame came in, bridged or routed; null for one made here
     * @param heard the CPU has a copy
     */
    private void flood(Port except, Port from, Frame frame, int vlan, boolean heard) {
        boolean group = MacAddress.isGroup(eth.wrap(frame).destination());
        flooded += group ? 0 : 1;
        Port last = null;
        int copies = 0;
        for (int i = 0; i < ports().size(); i++) {
            Port port = ports().get(i);
            if (port != except && port.up() && rules(port).carries(vlan)) {
                if (last != null) {
                    out(last, node().copy(frame), vlan);
                }
                last = port;
                copies++;
            }
        }
        if (last == null && heard) {
            from.consume(frame);
        } else if (last == null) {
            (from == null ? ports().get(0) : from).drop(frame, Drop.NOWHERE_TO_FLOOD);
        } else {
            if (frame.traced() && from != null) {
                from.because((group ? "group address" : "unknown unicast, no FDB entry") + ": flooded to " + copies
                        + (copies == 1 ? " port" : " ports") + " of VLAN " + vlan);
            }
            out(last, frame, vlan);
        }
    }

    /** What the CPU sends into a VLAN. */
    private void fromStack(int vlan, Frame frame) {
        if (down) {
            ports().get(0).drop(frame, Drop.REBOOTING);
            return;
        }
        long destination = eth.wrap(frame).destination();
        long key = L2Table.key(vlan, destination);
        int known = MacAddress.isGroup(destination) ? -1 : l2.port(key, node().now());
        if (known < 0) {
            flood(null, null, frame, vlan, false);
            return;
        }
        Port egress = ports().get(known);
        if (frame.traced()) {
            egress.remark("FDB " + L2Table.text(key) + " -> " + egress.name());
        }
        out(egress, frame, vlan);
    }

    /** The CPU has got to a frame. */
    private void handle(PuntQueue.Punt punt, long now) {
        NetInterface svi = vlans.svi(punt.vlan);
        Frame frame = punt.frame;
        if (punt.type == PuntClass.BPDU || svi == null) {
            punt.ingress.drop(frame, Drop.NO_PROTOCOL);
            return;
        }
        if (eth.wrap(frame).type() == Ethernet.VLAN) {
            Vlan.pop(frame);
        }
        if (punt.type == PuntClass.NEIGHBOUR) {
            packet.ip.wrap(frame, frame.start() + Ethernet.LENGTH);
            l3.missed(packet.ip.destination(), now);
        }
        stack.receive(svi, punt.ingress, frame, now);
    }

    @Override
    public void known(Neighbour neighbour, long now) {
        l3.known(neighbour, now);
    }

    @Override
    public void lost(Neighbour neighbour, long now) {
        l3.lost(neighbour);
    }

    /** Something found no room in a table. */
    void full(long now) {
        crashing |= !down && spec.crash() != null && spec.crash().on() == AsicSpec.Cause.TABLE_FULL;
    }

    /** The end of an event: a crash that has become due, and the next deadline. */
    private void settle(long now) {
        AsicSpec.Crash crash = spec.crash();
        boolean overloaded = crash != null && crash.on() == AsicSpec.Cause.CPU && cpu.overload(now) > crash.after();
        if (!down && (crashing || overloaded)) {
            crash(now);
        }
        crashing = false;
        rearm();
    }

    /** Everything is forgotten, and for a while nothing is forwarded. */
    private void crash(long now) {
        crashes++;
        down = true;
        downUntil = now + spec.crash().boot();
        cpu.empty(punt -> punt.ingress.drop(punt.frame, Drop.REBOOTING));
        l2.entries.clear();
        stack.neighbourTable().flush();
        l3.clear(now);
    }

    @Override
    public void rearm() {
        long deadline = Math.min(stack.nextDeadline(), down ? downUntil : cpu.nextDeadline());
        if (deadline != Long.MAX_VALUE) {
            wakeAt(deadline);
        }
    }

    @Override
    protected void wake(long now) {
        series.advance(now);
        if (down && now >= downUntil) {
            down = false;
            up(now);
        } else if (!down && cpu.nextDeadline() <= now) {
            cpu.wake(now);
        } else {
            stack.wake(now);
        }
        settle(now);
    }

    @Override
    public TimeSeries metrics(long now) {
        series.finish(now);
        return series;
    }

    @Override
    protected int held() {
        return stack.held() + cpu.held();
    }

    @Override
    protected void release() {
        stack.release();
        cpu.empty(punt -> node().discard(punt.frame));
    }
}
