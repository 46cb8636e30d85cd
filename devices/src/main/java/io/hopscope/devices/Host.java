package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import java.util.ArrayList;
import java.util.List;

/** The network stack of a virtual machine, a container or a server; a Linux router where forwarding is on. */
public final class Host extends Device implements StackOwner {
    private static final Egress WIRE = (via, frame) -> {
        via.sent(frame.length());
        via.port().transmit(frame);
    };

    /** Why a host without a stack takes nothing. */
    public enum Drop implements DropReason {
        AWAY("the virtual machine is on another node, or on its way there");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private IpStack stack = new IpStack(this);
    private final List<Underlay> tunnels = new ArrayList<>(0);
    /** Where packets to this host itself come in, and where they go out; null before the first. */
    private Port loopback;

    private Port loop;

    public Host(Node node, String name) {
        super(node, name, "host");
    }

    /** A tunnel, and the hidden port to it. */
    private record Underlay(String name, VxlanDevice tunnel, Port port) {}

    /** A network interface with a port of its name. */
    public NetInterface addInterface(String name, long mac) {
        Port port = addPort(name).borrow();
        NetInterface added = stack.add(name, mac, port, WIRE);
        port.attachment = added;
        return added;
    }

    /** A VLAN device on an interface: {@code eth0.10} on {@code eth0}. It has the parent's port and MTU. */
    public NetInterface addVlan(NetInterface parent, int vlan, long mac) {
        return stack.add(parent.name() + "." + vlan, mac, null, VlanPlace::send).over(parent, vlan);
    }

    /**
     * A hidden port by which a tunnel device gives packets of this host's own to the stack and takes what comes for its
     * UDP port and VNI: wire the tunnel's underlay port to it. As in vxlan_rcv, what the tunnel refuses dies where it came in.
     */
    public Port addUnderlay(String name, VxlanDevice tunnel) {
        Port port = addPort(name).hide().immediate();
        boolean bound = tunnels.stream().anyMatch(each -> each.tunnel.udpPort() == tunnel.udpPort());
        tunnels.add(new Underlay(name, tunnel, port));
        if (!bound) {
            stack.bind(tunnel.udpPort(), (in, ingress, frame, ip, udp, now) -> tunnelled(ingress, frame, udp));
        }
        return port;
    }

    /** Tunnels of one UDP port share its socket; the VNI says whose a packet is. */
    private void tunnelled(Port ingress, Frame frame, Udp udp) {
        Underlay found = null;
        DropReason refusal = VxlanDevice.Drop.OTHER_VNI;
        for (int i = 0; i < tunnels.size() && refusal == VxlanDevice.Drop.OTHER_VNI; i++) {
            if (tunnels.get(i).tunnel.udpPort() == udp.destinationPort()) {
                found = tunnels.get(i);
                refusal = found.tunnel.refusal(frame, udp);
            }
        }
        if (frame.traced()) {
            ingress.because("UDP port " + udp.destinationPort() + " is " + found.name + "'s");
        }
        if (refusal != null) {
            ingress.drop(frame, refusal);
        } else {
            found.port.transmit(frame);
        }
    }

    /** {@code lo} with a port that captures see; otherwise it has a hidden one, from its first packet on. */
    public NetInterface addLoopback() {
        loops(false);
        return stack.loopback();
    }

    private void loops(boolean hidden) {
        loopback = addPort("lo");
        loop = addPort("lo loop").hide();
        if (hidden) {
            loopback.hide();
        }
        node().network().wire(loopback, loop);
        stack.loopback().attach(loopback);
    }

    /** To this host itself: seen once, as it comes in, like everything that passes {@code lo}. */
    void loop(Frame frame) {
        if (loopback == null) {
            loops(true);
        } else if (loopback.attachment == null) {
            stack.loopback().attach(loopback);
        }
        NetInterface lo = stack.loopback();
        lo.sent(frame.length() - Ethernet.LENGTH);
        loop.transmit(frame);
    }

    /** A port for an interface of a stack that comes from another node. */
    public Port berth(NetInterface of) {
        return addPort(of.name()).mac(of.mac()).mtu(of.mtu());
    }

    /** The stack may go to a twin of this host on another node: to be called before anything runs. */
    public Host mobile() {
        stack.mobile();
        return this;
    }

    /**
     * The stack leaves with all it has: addresses, routes, neighbours, sockets, running programs. Moving this device
     * itself would not do: its ports, its lane and what waits there belong to its node, and another thread may run the
     * other node.
     */
    public IpStack depart() {
        IpStack gone = stack;
        if (loopback != null) {
            loopback.attachment = null;
        }
        for (NetInterface each : gone.interfaces()) {
            each.port().attachment = null;
        }
        stack = new IpStack(this);
        gone.leave(stack);
        return gone;
    }

    /** A stack that has left a host of another node goes on here: a window or more after it left. */
    public void arrive(IpStack from) {
        stack = from;
        stack.settle(this);
        rearm();
    }

    /** What runs here, in order of its start. */
    public List<Service> services() {
        return stack.services();
    }

    public void begin(Service service) {
        stack.begin(service);
    }

    public void end(Service service) {
        stack.end(service);
    }

    @Override
    protected void start(long now) {
        for (NetInterface each : stack.interfaces()) {
            stack.up(each, each.port().up(), now);
        }
        rearm();
    }

    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (port.attachment instanceof NetInterface via) {
            via.carrierChanged();
            if (!on && !port.unplugged()) {
                // Who was reached through the link may be elsewhere when it is back
                // (net.ipv4.conf.all.arp_evict_nocarrier).
                evict(via);
            }
            up(via, on, now);
            rearm();
        }
    }

    private void evict(NetInterface via) {
        stack.neighbourTable().flush(via.index());
        via.above().forEach(this::evict);
    }

    private void up(NetInterface via, boolean on, long now) {
        stack.up(via, on, now);
        via.above().forEach(each -> up(each, on, now));
    }

    @Override
    protected void shut(Port port, boolean down, long now) {
        if (port.attachment instanceof NetInterface via) {
            shut(via, down);
        }
    }

    /** VLAN devices go down with what they lie on. */
    private void shut(NetInterface via, boolean down) {
        ConnectedRoutes.shut(via, down);
        via.above().forEach(each -> shut(each, down));
    }

    @Override
    public IpStack stack() {
        return stack;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (ingress.attachment instanceof NetInterface at) {
            at.came(at.loopback() ? frame.length() - Ethernet.LENGTH : frame.length());
            NetInterface in = at.vlans == null ? at : VlanPlace.of(at, ingress, frame);
            if (frame.length() >= Ethernet.LENGTH && foreign(in, View.get64(frame.bytes(), frame.start()) >>> 16)) {
                ingress.drop(frame, IpStack.Drop.OTHER_HOST);
                return;
            }
            if (Neighbours.unheeded(in, frame)) {
                ingress.consume(frame);
                return;
            }
            stack.receive(in, ingress, frame, now);
        } else if (!ingress.hidden() || ingress == loopback) {
            ingress.drop(frame, Drop.AWAY);
        } else if (!stack.send(frame, now)) {
            // Seen at the tunnel's interface, for the hidden port shows nothing.
            port(ingress.name()).drop(frame, IpStack.Drop.NO_ROUTE);
        }
        rearm();
    }

    /** Whether an interface has no business with a frame to this MAC. */
    static boolean foreign(NetInterface in, long destination) {
        return !in.takes(destination) && !MacAddress.isGroup(destination);
    }

    @Override
    protected boolean ignores(Port ingress, Frame frame) {
        // No shorter frame fits ARP.
        if (ingress.attachment instanceof NetInterface in
                && Neighbours.unheeded(in, frame)
                && !foreign(in, View.get64(frame.bytes(), frame.start()) >>> 16)) {
            in.came(frame.length());
            return true;
        }
        return false;
    }

    @Override
    protected Port foresee(Port ingress, Frame frame, int pass) {
        return ingress.attachment instanceof NetInterface in ? stack.foresee(in, frame, pass) : null;
    }

    @Override
    public void rearm() {
        long deadline = stack.nextDeadline();
        if (deadline != Long.MAX_VALUE) {
            wakeAt(deadline);
        }
    }

    @Override
    protected void wake(long now) {
        stack.wake(now);
        rearm();
    }

    @Override
    protected void remember() {
        stack.remember();
    }

    @Override
    protected void forget() {
        stack.forget();
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
