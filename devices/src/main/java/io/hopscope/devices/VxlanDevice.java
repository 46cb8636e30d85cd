package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Outer;
import io.hopscope.encap.Udp;
import io.hopscope.encap.Vxlan;
import io.hopscope.encap.VxlanTunnel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Linux's {@code vxlan} device (RFC 7348) with a static FDB, as flanneld programs it ({@code nolearning}); no multicast
 * groups, no learning from the data plane.
 */
public final class VxlanDevice extends Device {
    enum Drop implements DropReason {
        NO_REMOTE("no FDB entry for this MAC, and no default remote"),
        OTHER_VNI("VXLAN with another VNI"),
        TOO_BIG("larger than an IPv4 packet can carry"),
        MALFORMED("malformed VXLAN packet"),
        INNER_TAG("VXLAN with an inner VLAN tag");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** Of the frames that fit into an outer packet. */
    private static final int LARGEST = 0xffff + Ethernet.LENGTH - Vxlan.OVERHEAD;

    private final int vni;
    private final Outer common;
    private final Port overlay;
    private final Port underlay;
    private long[] macs = {};
    private Outer[] remotes = {};
    private Outer[] flood = {};
    private final VxlanTunnel tunnel;
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private final Vxlan vxlan = new Vxlan();

    /**
     * @param port UDP destination port: 4789 (IANA), Linux's own default 8472, or another
     * @param local address of the outer packets' source
     * @param checksum whether the outer UDP checksum is computed ({@code udpcsum}, Linux's default) or sent as 0
     */
    public VxlanDevice(Node node, String name, int vni, int port, int local, boolean checksum) {
        super(node, name, "vxlan");
        this.vni = vni;
        common = Outer.between(0, 0, local, 0).key(vni).port(port).udpChecksum(checksum);
        tunnel = new VxlanTunnel(port);
        overlay = addPort("overlay").hide();
        underlay = addPort("underlay").hide();
    }

    /** Where frames go in that are to be carried: wire it to the interface or bridge port of the same name. */
    public Port overlay() {
        return overlay;
    }

    /** Where VXLAN packets go out: wire it to {@link Host#addUnderlay}. */
    public Port underlay() {
        return underlay;
    }

    public int vni() {
        return vni;
    }

    public int udpPort() {
        return common.port();
    }

    /** {@code bridge fdb append MAC dev NAME dst REMOTE}; MAC 0 is for whatever has no entry. */
    public VxlanDevice remote(long mac, int remote) {
        Outer outer =
                new Outer(0, 0, common.source(), remote, common.ttl(), false, vni, common.port(), common.udpChecksum());
        if (mac == 0) {
            flood = Arrays.copyOf(flood, flood.length + 1);
            flood[flood.length - 1] = outer;
        } else {
            int at = at(mac);
            if (at < 0) {
                at = macs.length;
                macs = Arrays.copyOf(macs, at + 1);
                remotes = Arrays.copyOf(remotes, at + 1);
            }
            macs[at] = mac;
            remotes[at] = outer;
        }
        return this;
    }

    /** Where frames for a MAC go; MAC 0 is whatever has no entry. */
    public record Remote(long mac, int address) {}

    /** In order of their making, the flood list last. */
    public List<Remote> remotes() {
        var all = new ArrayList<Remote>();
        for (int i = 0; i < macs.length; i++) {
            all.add(new Remote(macs[i], remotes[i].destination()));
        }
        for (Outer outer : flood) {
            all.add(new Remote(0, outer.destination()));
        }
        return all;
    }

    private int at(long mac) {
        for (int i = 0; i < macs.length; i++) {
            if (macs[i] == mac) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (ingress == overlay) {
            encapsulate(frame);
        } else {
            decapsulate(frame);
        }
    }

    private void encapsulate(Frame frame) {
        if (!Ethernet.fits(frame)) {
            entrance().drop(frame, Drop.MALFORMED);
            return;
        }
        if (frame.length() > LARGEST) {
            entrance().drop(frame, Drop.TOO_BIG);
            return;
        }
        long destination = eth.wrap(frame).destination();
        int at = at(destination);
        if (at >= 0) {
            carry(frame, remotes[at], destination);
        } else if (flood.length == 0) {
            entrance().drop(frame, Drop.NO_REMOTE);
        } else {
            for (int i = 1; i < flood.length; i++) {
                carry(node().copy(frame), flood[i], destination);
            }
            carry(frame, flood[0], destination);
        }
    }

    /** Where a frame that cannot be carried is seen to die: the interface of the same name, for the overlay port is hidden. */
    private Port entrance() {
        return overlay.peer() != null ? overlay.peer() : overlay;
    }

    private void carry(Frame frame, Outer outer, long destination) {
        tunnel.encapsulate(frame, outer);
        if (frame.traced()) {
            int port = udp.wrap(frame, frame.start() + Ethernet.LENGTH + Ipv4.LENGTH)
                    .sourcePort();
            overlay.because("FDB " + MacAddress.text(destination) + " dst " + Ipv4Address.text(outer.destination())
                    + "; VXLAN vni " + vni + ", entropy port " + port);
        }
        underlay.transmit(frame);
    }

    /** Why a datagram to this device's UDP port is none of its own; null if it is one. */
    DropReason refusal(Frame frame, Udp datagram) {
        int at = datagram.end();
        int end = datagram.at() + datagram.length();
        if (!Vxlan.fits(frame.bytes(), at, end) || end - at < Vxlan.LENGTH + Ethernet.LENGTH) {
            return Drop.MALFORMED;
        } else if (vxlan.wrap(frame, at).vni() != vni) {
            return Drop.OTHER_VNI;
        }
        // RFC 7348, section 6.1.
        return eth.wrap(frame, vxlan.end()).type() == Ethernet.VLAN ? Drop.INNER_TAG : null;
    }

    private void decapsulate(Frame frame) {
        int at = frame.start() + Ethernet.LENGTH;
        int remote = ip.wrap(frame, at).source();
        long found = tunnel.decapsulate(frame);
        if (found < 0) {
            underlay.drop(frame, Drop.MALFORMED);
        } else if (found != vni) {
            underlay.drop(frame, Drop.OTHER_VNI);
        } else if (eth.wrap(frame).type() == Ethernet.VLAN) {
            // RFC 7348, section 6.1.
            underlay.drop(frame, Drop.INNER_TAG);
        } else {
            if (frame.traced()) {
                underlay.because("VXLAN vni " + vni + " from " + Ipv4Address.text(remote) + " decapsulated");
            }
            overlay.transmit(frame);
        }
    }
}
