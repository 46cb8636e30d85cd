package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.netfilter.Packet;
import io.hopscope.protocols.netfilter.Verdict;

/**
 * br_netfilter on one bridge: IPv4 that it forwards passes PREROUTING, FORWARD and POSTROUTING. VLAN-tagged and PPPoE
 * frames do not, as they come in or as they go out (bridge-nf-filter-vlan-tagged is off).
 */
final class BridgeFilter {
    private final LinuxBridge bridge;
    private final String name;
    private final Netfilter netfilter;
    private final Reassembly fragments = new Reassembly(null);
    private final Splitter splitter = new Splitter();
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Passage.Passages passages = new Passage.Passages();
    /** Whether the frame that the bridge has in hand is one for the hooks. */
    private boolean active;

    /** How the packet in hand was cut as it came in. */
    private final Cuts cuts = new Cuts();
    /** That packet itself: copies of it share no list of pieces. */
    private Frame gathered;
    /** Of the packet that is being flooded. */
    private final Passage original = new Passage();

    private boolean flooding;

    BridgeFilter(LinuxBridge bridge, Netfilter netfilter) {
        this.bridge = bridge;
        this.netfilter = netfilter;
        name = bridge.name().isEmpty() ? bridge.node().name() : bridge.name();
    }

    Netfilter netfilter() {
        return netfilter;
    }

    /** Whether the hooks want to see what becomes of the frame in hand. */
    boolean active() {
        return active;
    }

    /** The frame is the host's own, on its way out: the hooks have seen it already. */
    void skip() {
        active = false;
    }

    private String name() {
        return name;
    }

    /** PREROUTING; false where the frame goes no further now. */
    boolean arrives(Port ingress, Frame frame, long now) {
        active = View.get16(frame.bytes(), frame.start() + 12) == Ethernet.IPV4 && netfilter.bridges();
        if (!active) {
            return true;
        }
        int at = frame.start() + Ethernet.LENGTH;
        if (!Ipv4.fits(frame, at) || !ip.wrap(frame, at).checksumOk()) {
            ingress.drop(frame, Netfilter.Drop.MALFORMED);
            return false;
        }
        // What Ethernet padded ends here (br_validate_ipv4).
        frame.length(ip.limit() - frame.start());
        if (ip.fragment() && netfilter.hooks().tracks()) {
            whole(ingress, fragments.take(null, ingress, frame, now), now);
            return false;
        }
        cuts.clear();
        return enter(ingress, frame, now);
    }

    private boolean enter(Port ingress, Frame frame, long now) {
        Packet p = netfilter.begin(frame, now).from(name()).bridge(ingress.name(), null);
        p.mac(View.get64(frame.bytes(), frame.start() + 6) >>> 16);
        int to = p.destination();
        if (!settled(p, netfilter.hooks().prerouting(p), ingress, frame, now)) {
            return false;
        }
        if (p.destination() != to) {
            turn(p, frame);
        }
        return true;
    }

    /** Goes on with the whole packet, once there is one. */
    private void whole(Port ingress, Frame frame, long now) {
        if (frame == null) {
            return;
        }
        cuts.copy(fragments.cuts());
        gathered = frame;
        if (enter(ingress, frame, now)) {
            bridge.forward(ingress, frame, now);
        }
    }

    /** The interface that has the bridge's name; null without one. */
    private NetInterface up() {
        return netfilter.stack() == null ? null : netfilter.stack().find(name());
    }

    /** Another destination than it had: another station of the bridge, or whatever the host's routes say. */
    private void turn(Packet p, Frame frame) {
        IpStack stack = netfilter.stack();
        Route route = stack == null ? null : stack.lookup(p.destination());
        NetInterface self = up();
        Neighbour next = null;
        if (route != null && self != null && route.type() == Route.Type.UNICAST && route.device() == self.index()) {
            next = stack.neighbourTable().find(self.index(), route.nextHop(p.destination()));
        }
        boolean known = next != null && next.mac() != 0;
        if (known || self != null) {
            eth.wrap(frame).destination(known ? next.mac() : self.mac());
        }
        if (frame.traced()) {
            bridge.node().remark("for " + Ipv4Address.text(p.destination()) + " by now");
        }
    }

    /** FORWARD and POSTROUTING; false where the frame, or this copy of it, goes no further. */
    boolean passes(Port ingress, Port egress, Frame frame, long now) {
        Packet p = netfilter.passing();
        int at = frame.start() + Ethernet.LENGTH;
        if (flooding) {
            original.tell(netfilter.hooks().copy(p, frame.bytes(), at));
        } else {
            netfilter.hooks().again(p, frame.bytes(), at);
        }
        p.from(name()).to(name()).bridge(ingress.name(), egress.name());
        if (!settled(p, netfilter.hooks().forward(p), ingress, frame, now)) {
            return false;
        }
        p.from(null);
        return settled(p, netfilter.hooks().postrouting(p), ingress, frame, now);
    }

    /** The copies that follow share a connection, which lasts as long as one of them. */
    void flood() {
        if (active) {
            flooding = true;
            original.note(netfilter.passing());
            netfilter.hooks().hold(netfilter.passing());
        }
    }

    /** The last copy has gone. */
    void flooded() {
        if (flooding) {
            flooding = false;
            Packet p = netfilter.passing();
            original.tell(p);
            netfilter.hooks().release(p);
            netfilter.hooks().abandon(p);
        }
    }

    private boolean settled(Packet p, Verdict verdict, Port ingress, Frame frame, long now) {
        return verdict == Verdict.ACCEPT && !frame.traced() || netfilter.settle(p, verdict, up(), ingress, frame, now);
    }

    /** Out of a port: in pieces again if it came in pieces, and no larger ones (br_nf_dev_queue_xmit). */
    void send(Port egress, Frame frame) {
        if (cuts.whole()) {
            egress.transmit(frame);
            return;
        }
        int most = Math.min(cuts.largest(), egress.mtu());
        ip.wrap(frame, frame.start() + Ethernet.LENGTH).df(false).seal();
        Cuts again = frame == gathered ? cuts : null;
        for (Frame each = splitter.cut(bridge.node(), frame, most, again); each != null; ) {
            Frame following = each.next;
            each.next = null;
            egress.transmit(each);
            each = following;
        }
    }

    /** What leaves with a tag is no IPv4 to the hooks; and nobody cuts what they have put together. */
    void tagged(Port ingress, Port egress, Frame frame) {
        if (!cuts.whole() && frame.length() > egress.mtu() + Ethernet.LENGTH + 2 * Vlan.LENGTH) {
            ingress.drop(frame, BridgeVlans.Drop.TOO_BIG);
        } else {
            egress.transmit(frame);
        }
    }

    /** Up to the host's stack: what was found goes along. */
    void carry(Port ingress, Frame frame) {
        if (active) {
            Packet p = netfilter.passing();
            if (flooding) {
                original.tell(p);
            }
            frame.context = passages.take().of(netfilter.hooks(), p).bridge(ingress.name(), cuts);
        }
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
}
