package io.hopscope.devices;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Vlan;

/**
 * The VLANs of one port of a Linux bridge, or of the bridge itself (net/bridge/br_vlan.c): which it carries, which of them
 * leave untagged, and to which what comes in without one belongs, the PVID.
 */
public final class VlanMembership {
    /** The first VLAN id that is none. */
    public static final int END = 4095;

    private final Ethernet eth = new Ethernet();
    private final long[] carried = new long[END + 1 >>> 6];
    private final long[] untagged = new long[END + 1 >>> 6];
    private int pvid;

    VlanMembership copy() {
        var copy = new VlanMembership();
        System.arraycopy(carried, 0, copy.carried, 0, carried.length);
        System.arraycopy(untagged, 0, copy.untagged, 0, untagged.length);
        copy.pvid = pvid;
        return copy;
    }

    /** {@code bridge vlan add vid FIRST-LAST [pvid] [untagged]}: what is not said of a VLAN is taken from it. */
    public VlanMembership add(int first, int last, boolean asPvid, boolean bare) {
        for (int vlan = first; vlan <= last; vlan++) {
            long bit = 1L << vlan;
            carried[vlan >>> 6] |= bit;
            untagged[vlan >>> 6] = bare ? untagged[vlan >>> 6] | bit : untagged[vlan >>> 6] & ~bit;
            if (asPvid) {
                pvid = vlan;
            } else if (pvid == vlan) {
                pvid = 0;
            }
        }
        return this;
    }

    /** {@code bridge vlan del vid FIRST-LAST}; what is not there is no mistake. */
    public void remove(int first, int last) {
        for (int vlan = first; vlan <= last; vlan++) {
            carried[vlan >>> 6] &= ~(1L << vlan);
            untagged[vlan >>> 6] &= ~(1L << vlan);
            pvid = pvid == vlan ? 0 : pvid;
        }
    }

    public boolean carries(int vlan) {
        return (carried[vlan >>> 6] & 1L << vlan) != 0;
    }

    /** Whether frames of the VLAN leave without a tag. */
    public boolean bare(int vlan) {
        return (untagged[vlan >>> 6] & 1L << vlan) != 0;
    }

    /** The VLAN of what comes in without one; 0 for none. */
    public int pvid() {
        return pvid;
    }

    /** Whether it has a VLAN just as the bridge's default gives it. */
    boolean standard(int vlan) {
        return pvid == vlan && bare(vlan);
    }

    /** The VLAN that a frame belongs to as it stands; what has no tag, or one of priority only, is of the PVID. */
    int vlan(Frame frame) {
        int vid = eth.wrap(frame).type() == Ethernet.VLAN ? eth.vid() : 0;
        return vid == 0 ? pvid : vid;
    }

    /** Gives a frame of the VLAN that goes out here the tag it must have. */
    void dress(Frame frame, int vlan) {
        boolean tagged = eth.wrap(frame).type() == Ethernet.VLAN;
        if (bare(vlan)) {
            if (tagged) {
                Vlan.pop(frame);
            }
        } else if (!tagged) {
            Vlan.push(frame, vlan);
        }
    }

    /** What {@link #dress} is going to do, for people; null for nothing. */
    String dressing(Frame frame, int vlan) {
        boolean tagged = eth.wrap(frame).type() == Ethernet.VLAN;
        if (bare(vlan)) {
            return tagged ? "VLAN " + vlan + " is untagged here: tag taken off" : null;
        }
        return tagged ? null : "tag " + vlan + " pushed";
    }

    @Override
    public String toString() {
        var text = new StringBuilder("VLANs");
        for (int first = 1; first < END; first++) {
            if (!carries(first)) {
                continue;
            }
            int last = last(first);
            text.append(text.length() > 5 ? ", " : " ").append(first).append(last > first ? "-" + last : "");
            text.append(first == pvid ? " PVID" : "").append(bare(first) ? " untagged" : "");
            first = last;
        }
        return text.length() > 5 ? text.toString() : "no VLAN";
    }

    /** The last of the VLANs that follow one another and are alike, as {@code bridge -c vlan} joins them. */
    public int last(int first) {
        int last = first;
        while (first != pvid
                && last + 1 < END
                && carries(last + 1)
                && last + 1 != pvid
                && bare(last + 1) == bare(first)) {
            last++;
        }
        return last;
    }
}
