package io.hopscope.devices;

import io.hopscope.core.DropReason;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Vlan;

/**
 * What VLANs a port carries and how it tags them (IEEE 802.1Q-2018, clause 6.9): an access port has one, untagged; a
 * trunk has many, tagged, but for a native one. A tag of VLAN 0 carries priority only and counts as none.
 */
public final class VlanRules {
    /** Why a port takes no frame, and puts none out. */
    public enum Drop implements DropReason {
        TAGGED_ON_ACCESS("tagged frame on an access port"),
        UNTAGGED_ON_TRUNK("untagged frame on a trunk without a native VLAN"),
        VLAN_NOT_ALLOWED("VLAN not allowed on this port");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private final Ethernet eth = new Ethernet();
    private boolean access;
    private int untagged;
    /** A bit for each VLAN; null for all. */
    private long[] allowed;

    /** All VLANs, VLAN 0 for what comes without a tag: a port of OVS as it is made. */
    public static VlanRules open() {
        return new VlanRules();
    }

    public static VlanRules access(int vlan) {
        var rules = new VlanRules();
        rules.access = true;
        rules.untagged = vlan;
        return rules;
    }

    /**
     * @param vlans null for all
     * @param nativeVlan what comes without a tag belongs to it and it goes out without one; -1 for none
     */
    public static VlanRules trunk(int[] vlans, int nativeVlan) {
        var rules = new VlanRules();
        rules.untagged = nativeVlan;
        if (vlans != null) {
            rules.allowed = new long[64];
            for (int vlan : vlans) {
                rules.allowed[vlan >>> 6] |= 1L << vlan;
            }
            if (nativeVlan > 0) {
                rules.allowed[nativeVlan >>> 6] |= 1L << nativeVlan;
            }
        }
        return rules;
    }

    /** The same for a port of another node: rules look at frames, and nodes share nothing. */
    public VlanRules copy() {
        var rules = new VlanRules();
        rules.access = access;
        rules.untagged = untagged;
        rules.allowed = allowed;
        return rules;
    }

    public boolean isAccess() {
        return access;
    }

    /** The access or native VLAN; 0 or -1 for none. */
    public int untagged() {
        return untagged;
    }

    /** Whether frames of the VLAN may pass. */
    public boolean carries(int vlan) {
        return access ? vlan == untagged : allowed == null || (allowed[vlan >>> 6] & 1L << vlan) != 0;
    }

    /**
     * The VLAN of a frame that comes in; -1 where {@link #refusal} says why it may not. A priority tag becomes one of the
     * VLAN, so that its priority goes on where the frame goes out tagged; without a VLAN it is taken off.
     */
    public int classify(Frame frame) {
        eth.wrap(frame);
        int vlan = untagged;
        if (eth.type() == Ethernet.VLAN) {
            int vid = eth.vid();
            if (vid == 0 && untagged > 0) {
                Vlan.rewrite(frame, untagged);
            } else if (vid == 0) {
                Vlan.pop(frame);
            } else if (access) {
                return -1;
            } else {
                vlan = vid;
            }
        }
        return vlan < 0 || !carries(vlan) ? -1 : vlan;
    }

    /** The VLAN that {@link #classify} is likely to find; changes nothing. */
    public int guess(Frame frame) {
        int vid = eth.wrap(frame).type() == Ethernet.VLAN ? eth.vid() : 0;
        return vid > 0 ? vid : Math.max(0, untagged);
    }

    /** After {@link #classify} gave -1. */
    public DropReason refusal(Frame frame) {
        boolean tagged = eth.wrap(frame).type() == Ethernet.VLAN;
        if (!tagged) {
            return Drop.UNTAGGED_ON_TRUNK;
        }
        return access ? Drop.TAGGED_ON_ACCESS : Drop.VLAN_NOT_ALLOWED;
    }

    /** Whether frames of the VLAN go out without a tag. */
    public boolean bare(int vlan) {
        return vlan == untagged || vlan == 0;
    }

    /** Gives a frame that goes out the tag it must have here: pushed, changed, taken off, or left. */
    public void dress(Frame frame, int vlan) {
        boolean tagged = eth.wrap(frame).type() == Ethernet.VLAN;
        if (bare(vlan)) {
            if (tagged) {
                Vlan.pop(frame);
            }
        } else if (!tagged) {
            Vlan.push(frame, vlan);
        } else if (eth.vid() != vlan) {
            Vlan.rewrite(frame, vlan);
        }
    }

    /** What {@link #dress} is going to do, for people; null for nothing. */
    public String dressing(Frame frame, int vlan) {
        boolean tagged = eth.wrap(frame).type() == Ethernet.VLAN;
        if (bare(vlan)) {
            return tagged ? (access ? "access port: tag " : "native VLAN: tag ") + vlan + " taken off" : null;
        }
        return tagged ? null : "trunk: tag " + vlan + " pushed";
    }

    @Override
    public String toString() {
        if (access) {
            return "access, VLAN " + untagged;
        }
        String natively = untagged > 0 ? ", native " + untagged : "";
        if (allowed == null) {
            return "trunk of all VLANs" + natively;
        }
        var list = new StringBuilder("trunk of VLANs");
        for (int vlan = 1; vlan < 4095; vlan++) {
            if (carries(vlan)) {
                list.append(list.length() > 14 ? ", " : " ").append(vlan);
            }
        }
        return list + natively;
    }
}
