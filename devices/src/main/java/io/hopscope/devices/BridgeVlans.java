package io.hopscope.devices;

import io.hopscope.core.DropReason;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Vlan;
import java.util.Arrays;

/**
 * VLAN filtering of one Linux bridge (net/bridge/br_vlan.c): {@code vlan_filtering}, {@code vlan_default_pvid}, and the VLANs
 * of its ports and of its own interface. 802.1Q tags only; no state or options of a single VLAN, no mapping to tunnels.
 */
public final class BridgeVlans {
    /** Why a frame goes no further. */
    public enum Drop implements DropReason {
        NO_PVID("untagged frame on a port without a PVID (vlan_filtering)"),
        VLAN_NOT_ALLOWED("VLAN not allowed on this port (vlan_filtering)"),
        EGRESS_VLAN("VLAN not allowed on the port to the destination (vlan_filtering)"),
        TOO_BIG("put together by netfilter, and too large to go out with a tag");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private final LinuxBridge bridge;
    private final Ethernet eth = new Ethernet();
    private boolean filtering;
    private int defaultPvid = 1;
    /** By the port's number; null as long as nobody has asked. */
    private VlanMembership[] members = {};

    BridgeVlans(LinuxBridge bridge) {
        this.bridge = bridge;
    }

    BridgeVlans copy() {
        var copy = new BridgeVlans(bridge);
        copy.filtering = filtering;
        copy.defaultPvid = defaultPvid;
        copy.members = new VlanMembership[members.length];
        for (int i = 0; i < members.length; i++) {
            copy.members[i] = members[i] == null ? null : members[i].copy();
        }
        return copy;
    }

    /** Whether frames are sorted by VLAN; the VLANs of ports are kept all the same. */
    public boolean filtering() {
        return filtering;
    }

    /** {@code ip link set BRIDGE type bridge vlan_filtering}. */
    public void filtering(boolean on) {
        settle();
        filtering = on;
    }

    /** The VLAN that a port has from the start, as PVID and untagged; 0 for none. */
    public int defaultPvid() {
        return defaultPvid;
    }

    /** Ports, and the bridge itself, that still have the old default get the new one (__br_vlan_set_default_pvid). */
    public void defaultPvid(int vlan) {
        settle();
        int old = defaultPvid;
        defaultPvid = vlan;
        for (Port port : bridge.ports()) {
            VlanMembership of = of(port);
            if ((old == 0 || of.standard(old)) && old != vlan && (vlan == 0 || !of.carries(vlan))) {
                of.remove(old, old);
                if (vlan != 0) {
                    of.add(vlan, vlan, true, true);
                }
            }
        }
    }

    /** Every port has its VLANs by now: nothing is made while frames pass. */
    void settle() {
        bridge.ports().forEach(this::of);
    }

    /** Of a port, or of the bridge's own interface. */
    public VlanMembership of(Port port) {
        if (port.tag >= members.length) {
            members = Arrays.copyOf(members, port.tag + 1);
        }
        VlanMembership there = members[port.tag];
        if (there == null) {
            there = new VlanMembership();
            if (defaultPvid != 0) {
                there.add(defaultPvid, defaultPvid, true, true);
            }
            members[port.tag] = there;
        }
        return there;
    }

    /** {@code bridge vlan del}: stations heard in those VLANs at the port are forgotten (nbp_vlan_delete). */
    public void remove(Port port, int first, int last) {
        of(port).remove(first, last);
        for (int vlan = first; vlan <= last; vlan++) {
            bridge.fdb().flush(port.tag, vlan);
        }
    }

    /**
     * The VLAN of a frame that comes in (__allowed_ingress); -1 where it ended here. A priority tag becomes one of the PVID,
     * so that its priority goes on where the frame goes out tagged.
     */
    int admit(Port ingress, Frame frame) {
        VlanMembership of = of(ingress);
        int vlan = of.vlan(frame);
        if (vlan == 0 || vlan >= VlanMembership.END || !of.carries(vlan)) {
            if (frame.traced()) {
                ingress.because((vlan == 0 ? "no VLAN" : "VLAN " + vlan) + "; port has " + of);
            }
            ingress.drop(frame, vlan == 0 ? Drop.NO_PVID : Drop.VLAN_NOT_ALLOWED);
            return -1;
        }
        if (eth.wrap(frame).type() == Ethernet.VLAN && eth.vid() == 0) {
            Vlan.rewrite(frame, vlan);
        }
        return vlan;
    }

    /** The VLAN that a station may be learned in though its frame goes no further (br_should_learn); -1 for none. */
    int learns(Port ingress, Frame frame) {
        int vlan = of(ingress).vlan(frame);
        return vlan > 0 && vlan < VlanMembership.END && of(ingress).carries(vlan) ? vlan : -1;
    }

    boolean carries(Port port, int vlan) {
        return of(port).carries(vlan);
    }

    /** Whether frames of the VLAN leave by the port with a tag. */
    boolean tags(Port port, int vlan) {
        return !of(port).bare(vlan);
    }

    /** Gives a frame the tag it has at that port. */
    void dress(Port egress, Frame frame, int vlan) {
        VlanMembership of = of(egress);
        if (frame.traced() && !bridge.isSelf(egress)) {
            String dressing = of.dressing(frame, vlan);
            if (dressing != null) {
                egress.remark(dressing);
            }
        }
        of.dress(frame, vlan);
    }
}
