package io.hopscope.devices.asic;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.GratuitousArp;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Metered;
import io.hopscope.devices.Multipath;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.TimeSeries;
import io.hopscope.devices.Tree;
import io.hopscope.devices.TreeOwner;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.Stations;
import io.hopscope.protocols.asic.AclTcam;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.PuntClass;
import java.util.Arrays;
import java.util.List;

/**
 * A switch and router with the limits of its silicon: what finds no room in a table is not there. An unknown station is
 * flooded to; a host without an entry is the CPU's work, at the CPU's speed. The CPU runs an {@link IpStack} and a spanning
 * tree for all VLANs, and takes part in virtual routers. No link aggregation, no IPv6.
 */
public final class AsicSwitch extends Device
        implements StackOwner, Multipath, TreeOwner, Metered, IpStack.NeighbourWatch, Fib.Watch {
    /** More neighbours than any table has hosts. */
    private static final int NEIGHBOURS = 1 << 22;

    private final AsicSpec spec;
    private final L2Table l2;
    private final HostTable hosts;
    private final RouteTable routes;
    private final AclTcam acl;
    private final VlanStage vlans = new VlanStage();
    private final Stage[] stages;
    private final Stage route;
    private final Stage rewrite;
    private final EgressStage egress;
    private final Foresight foresight;
    private final Packet packet = new Packet();
    private final IpStack stack = new IpStack(this);
    private final Cpu cpu;
    private final int salt;
    private final TimeSeries series;
    /** By the index of the interface. */
    private int[] vlanOf = {};

    /** Null without one. */
    private Tree tree;

    private final Ethernet eth = new Ethernet();
    private int preloaded;
    private long crashes;
    private boolean crashing;
    /** Until when nothing is forwarded; the past, as a rule. */
    private long downUntil;

    private boolean down;
    /** It has come up, and is not {@link #down}. */
    private boolean running;

    /**
     * @param kind {@code switch} or {@code router}
     */
    public AsicSwitch(Node node, String name, String kind, AsicSpec spec) {
        super(node, name, kind);
        this.spec = spec;
        l2 = new L2Table(spec.tables().fdb(), spec.fdbAge());
        hosts = new HostTable(this, spec.tables().host(), spec.hostAge());
        routes = new RouteTable(this, spec.tables());
        acl = new AclTcam(spec.tables().acl());
        spec.rules().forEach(acl::add);
        cpu = new Cpu(spec.cpu(), this::handle, node.network().seed().stream(this + " cpu"));
        salt = node.network().seed().stream(this + " ecmp").nextInt(Integer.MAX_VALUE);
        route = new RouteStage(hosts, routes, vlans);
        rewrite = new RewriteStage(l2, vlans, this);
        egress = new EgressStage(l2, this);
        foresight = new Foresight(l2, hosts, vlans);
        Stage learn = new LearnStage(l2);
        stages = new Stage[] {
            new Parser(),
            new TrapStage(),
            vlans,
            new TreeStage(this, learn),
            learn,
            new AclStage(acl),
            new BridgeStage(l2, this)
        };
        series = new TimeSeries(Counters.NAMES, spec.sample(), new Counters(this)::read);
        stack.forwarding(true).acceptGratuitous(spec.cpu().gratuitous());
        stack.neighbourTable().limit(NEIGHBOURS);
        stack.watch(this);
        stack.fib().watch(this);
    }

    /** A port; as long as nothing else is said it is a trunk of all VLANs with native VLAN 1. */
    public Port attach(String name, VlanRules rules) {
        Port added = addPort(name);
        added.tag = portCount() - 1;
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

    public void tree(Tree made) {
        tree = made;
    }

    @Override
    public Tree tree() {
        return tree;
    }

    /** Whether frames may leave by the port. */
    boolean open(Port port) {
        return port.up() && (tree == null || tree.state(port).forwards());
    }

    public Stations stations() {
        return l2;
    }

    /** As if a frame of the station's had come in: false where the table has no room for it. */
    public boolean station(int vlan, long mac, Port port) {
        return l2.entries.insert(L2Table.key(vlan, mac), port.tag, node().now()) != HashTable.Outcome.FULL;
    }

    /** A route of the CPU's; several to one destination make a group of equal ones. */
    public void route(Route added) {
        routes.add(added);
        stack.route(added);
    }

    @Override
    public void route(List<Route> equal) {
        routes.set(equal);
        stack.route(equal.get(0));
    }

    @Override
    public List<Route> equal(Route best) {
        return routes.equal(best);
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

    HostTable hosts() {
        return hosts;
    }

    RouteTable routes() {
        return routes;
    }

    AclTcam acl() {
        return acl;
    }

    Cpu cpu() {
        return cpu;
    }

    long flooded() {
        return egress.flooded();
    }

    /** fdb, host, lpm, ecmp (its groups), ecmp-members, acl: how full each is. */
    public List<TableUse> tables() {
        return TableUse.of(this, node().now());
    }

    /**
     * Makes a host known ahead of a run, by the same code that would learn of it: to the layer 2 table, to the CPU as a
     * neighbour that was heard, and through it to the host table.
     *
     * @return whether it has a host entry; where not, the CPU forwards to it
     */
    public boolean warm(NetInterface svi, int address, long mac, Port port) {
        long now = node().now();
        l2.entries.insert(L2Table.key(vlanOf[svi.index()], mac), port.tag, now);
        stack.neighbourTable().inject(svi.index(), address, mac, now);
        preloaded++;
        return covered(address);
    }

    /** Hosts that were made known ahead of the run, whether they found room or not. */
    public int preloaded() {
        return preloaded;
    }

    /** Whether an address has a host entry: packets to it are forwarded by silicon. */
    public boolean covered(int address) {
        return hosts.entries.lookup(HostTable.key(address), node().now()) != HashTable.NONE;
    }

    /** Frames that were on their way to the CPU. */
    public long punts() {
        return cpu.punted();
    }

    /** Those that control-plane policing dropped. */
    public long coppDrops() {
        return cpu.policed();
    }

    /** Those that found the CPU's queue full. */
    public long queueDrops() {
        return cpu.overflowed();
    }

    /** Picoseconds of work that the CPU has done. */
    public long cpuBusy() {
        return cpu.busy();
    }

    /** Frames of a class that the CPU got to. */
    public long handled(PuntClass type) {
        return cpu.handled(type);
    }

    /** Frames of a class that did not reach the CPU. */
    public long refused(PuntClass type) {
        return cpu.refused(type);
    }

    /** How often it has crashed. */
    public long crashes() {
        return crashes;
    }

    int salt() {
        return salt;
    }

    /** Whom a packet for a neighbour goes to. */
    long adjacency(Neighbour neighbour) {
        return L2Table.key(vlanOf[neighbour.device()], neighbour.mac());
    }

    @Override
    protected void start(long now) {
        up(now);
    }

    private void up(long now) {
        if (tree != null) {
            tree.start(null, now);
        }
        running = true;
        hosts.program(now);
        routes.program(now);
        for (NetInterface each : stack.interfaces()) {
            if (each.virtualMac() != 0) {
                GratuitousArp.announce(each, each.virtualMac());
            }
        }
        interfaces(now);
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
            case FORWARD -> egress.apply(packet, now);
            case FLOOD -> {
                if (packet.punt != null) {
                    cpu.punt(packet.punt, ingress, packet.vlan, node().copy(frame), now);
                }
                egress.apply(packet, now);
            }
            case PUNT -> cpu.punt(packet.punt, ingress, packet.vlan, frame, now);
            case DROP -> ingress.drop(frame, packet.reason);
        }
        if (crashing || packet.punt != null) {
            settle(now);
        }
    }

    @Override
    protected void foresee(Port[] ports, Frame[] frames, int from, int to) {
        node().looked(foresight.look(ports, frames, from, to));
    }

    /** Stations behind a port without a link are looked for elsewhere. */
    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (tree != null && tree.machine() != null && !down) {
            tree.link(port, on, now);
        } else if (!on) {
            l2.flush(port.tag);
        }
        if (running) {
            interfaces(now);
        }
        settle(now);
    }

    /** A VLAN interface is up as long as the switch is and a port of its VLAN. */
    private void interfaces(long now) {
        for (NetInterface each : stack.interfaces()) {
            int vlan = vlanOf[each.index()];
            boolean up = false;
            for (Port port : ports()) {
                up |= running && port.up() && ((VlanRules) port.attachment).carries(vlan);
            }
            stack.up(each, up, now);
        }
    }

    /** What the CPU sends into a VLAN. */
    private void fromStack(int vlan, Frame frame) {
        if (down) {
            port(0).drop(frame, Drop.REBOOTING);
        } else {
            egress.send(vlan, frame, node().now());
        }
    }

    /** The CPU has got to a frame. */
    private void handle(PuntQueue.Punt punt, long now) {
        NetInterface svi = vlans.svi(punt.vlan);
        Frame frame = punt.frame;
        boolean bpdu = punt.type == PuntClass.BPDU;
        if (bpdu && tree != null && eth.wrap(frame).destination() == Bpdu.GROUP) {
            tree.hear(punt.ingress, frame, now);
            return;
        } else if (bpdu || svi == null) {
            punt.ingress.drop(frame, Drop.NO_PROTOCOL);
            return;
        }
        if (eth.wrap(frame).type() == Ethernet.VLAN) {
            Vlan.pop(frame);
        }
        if (punt.type == PuntClass.NEIGHBOUR) {
            missed(packet.ip.wrap(frame, frame.start() + Ethernet.LENGTH).destination(), now);
        }
        stack.receive(svi, punt.ingress, frame, now);
    }

    private void missed(int destination, long now) {
        Route route = stack.lookup(destination);
        if (route != null && route.type() == Route.Type.UNICAST) {
            routes.equal(route).forEach(each -> hosts.missed(destination, each, now));
        }
    }

    @Override
    public void known(Neighbour neighbour, long now) {
        Route route = stack.lookup(neighbour.address());
        if (route != null && route.type() == Route.Type.LOCAL) {
            // Whoever had the address of the virtual router before; now it is the switch's own.
            return;
        }
        routes.known(neighbour);
        hosts.known(neighbour, now);
    }

    @Override
    public void lost(Neighbour neighbour, long now) {
        routes.lost(neighbour);
        hosts.lost(neighbour);
    }

    @Override
    public void changed(int address, int length) {
        if (running) {
            routes.changed(address, length, node().now());
            if (routes.prefixes.find(address, length) == RouteTable.LOCAL) {
                hosts.entries.remove(HostTable.key(address));
            }
            rearm();
        }
    }

    /** Something found no room in a table. */
    void full() {
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
        running = false;
        interfaces(now);
        downUntil = now + spec.crash().boot();
        cpu.empty(punt -> punt.ingress.drop(punt.frame, Drop.REBOOTING));
        l2.entries.clear();
        stack.neighbourTable().flush();
        hosts.clear(now);
        routes.clear();
    }

    @Override
    protected void remember() {
        stack.remember();
        routes.remember();
    }

    @Override
    protected void forget() {
        running = false;
        stack.forget();
        l2.entries.clear();
        hosts.clear(node().now());
        routes.forget();
        running = false;
        down = false;
        crashing = false;
    }

    @Override
    public void rearm() {
        long deadline = Math.min(stack.nextDeadline(), down ? downUntil : cpu.nextDeadline());
        if (crashing) {
            deadline = node().now();
        }
        if (tree != null && !down) {
            deadline = Math.min(deadline, tree.nextDeadline());
        }
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
            if (tree != null && !down) {
                tree.wake(now);
            }
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
