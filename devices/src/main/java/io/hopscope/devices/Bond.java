package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Linux's bonding driver (drivers/net/bonding) in active-backup mode: one of several NICs carries everything, the carrier of
 * all is looked at every so often (miimon), and who has moved to another NIC says so. No ARP monitor, no delays, no
 * balancing, no LACP.
 */
public final class Bond extends Device {
    enum Drop implements DropReason {
        BACKUP_MEMBER("came in through a backup member of the bond"),
        NO_MEMBER("no member of the bond is up");

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
            return this == BACKUP_MEMBER;
        }
    }

    /** What {@code miimon} is in most files, in picoseconds; the driver's own default is never to look. */
    public static final long MIIMON = 100_000_000_000L;

    private static final long MILLI = 1_000_000_000L;

    /** A NIC, and what the driver knows of it: the carrier is what it was when it was looked at last. */
    private static final class Member {
        private final Port port;
        private final long permanent;
        private boolean up;
        private int failures;

        Member(Port port, long permanent) {
            this.port = port;
            this.permanent = permanent;
        }
    }

    private final String bondName;
    private final List<Member> members = new ArrayList<>(2);
    private final Port inner;
    private Member primary;
    private Member active;
    private long miimon = MIIMON;
    private int announcements = 1;
    /** When the driver began to look. */
    private long origin;
    /** Announcements still to be made, one each time the carrier is looked at. */
    private int pending;

    /**
     * @param name of the interface, such as bond0
     */
    public Bond(Node node, String name) {
        super(node, "", "bond");
        bondName = name;
        inner = addPort(name + ".inner").hide().immediate();
    }

    public String bondName() {
        return bondName;
    }

    /**
     * {@code ip link set NIC master BOND}.
     *
     * @param mac what is burnt into the NIC; the bond has that of the first
     * @return the NIC's port, which prints as {@code node:NIC}: where its cable goes
     */
    public Port enslave(String nic, long mac) {
        Port port = addPort(nic).immediate();
        members.add(new Member(port, mac));
        port.tag = members.size() - 1;
        return port.mac(members.get(0).permanent);
    }

    /** The port of a member, where its cable goes; null if there is none of that name. */
    public Port member(String nic) {
        Member found = find(nic);
        return found == null ? null : found.port;
    }

    private Member find(String nic) {
        for (Member each : members) {
            if (each.port.name().equals(nic)) {
                return each;
            }
        }
        return null;
    }

    /** The member that carries whenever its link is up (primary_reselect always). */
    public Bond primary(String nic) {
        primary = find(nic);
        return this;
    }

    /**
     * How often carriers are looked at.
     *
     * @param picoseconds 0 for never: then nothing fails over
     */
    public Bond miimon(long picoseconds) {
        miimon = picoseconds;
        return this;
    }

    /** num_grat_arp: how often addresses are announced after a failover. */
    public Bond announcements(int count) {
        announcements = count;
        return this;
    }

    /** The interface of a host that has the bond's name and the first member's MAC; members come before. */
    public NetInterface under(Host host) {
        return under(host, members.get(0).permanent);
    }

    /** As {@link #under(Host)}, with a MAC of its own. */
    public NetInterface under(Host host, long mac) {
        NetInterface made = host.addInterface(bondName, mac);
        members.forEach(each -> each.port.mac(mac));
        node().network().wire(inner, made.port());
        return made;
    }

    /** What a bridge is wired to where no host has the bond. */
    public Port inner() {
        return inner;
    }

    /** The port of the member that carries; null where none does. */
    public Port active() {
        return active == null ? null : active.port;
    }

    @Override
    protected void start(long now) {
        origin = now;
        pending = 0;
        active = null;
        members.forEach(each -> each.up = each.port.up());
        active = best();
        carry(active != null, now);
    }

    @Override
    protected void forget() {
        members.forEach(each -> each.failures = 0);
    }

    /** bond_find_best_slave: the primary, or who carries already, or the first whose link is up. */
    private Member best() {
        if (primary != null && primary.up) {
            return primary;
        } else if (active != null && active.up) {
            return active;
        }
        for (Member each : members) {
            if (each.up) {
                return each;
            }
        }
        return null;
    }

    /** What is above the bond sees its carrier. */
    private void carry(boolean on, long now) {
        inner.carrier(on, now);
        if (inner.peer() != null) {
            inner.peer().carrier(on, now);
        }
    }

    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (port != inner && miimon > 0) {
            // Polling without an event where nothing changes.
            wakeAt(now + (miimon - (now - origin) % miimon) % miimon);
        }
    }

    /** bond_mii_monitor: looks at every carrier, changes over, and announces. */
    @Override
    protected void wake(long now) {
        for (Member each : members) {
            boolean up = each.port.up();
            each.failures += each.up && !up ? 1 : 0;
            each.up = up;
        }
        boolean carried = active != null;
        Member next = best();
        if (next != active) {
            active = next;
            pending = next == null ? 0 : announcements;
            carry(next != null, now);
            if (!carried) {
                // The carrier was seen too late for an announcement at this look (bond_should_notify_peers).
                again(now);
                return;
            }
        }
        if (pending > 0) {
            pending--;
            announce();
            again(now);
        }
    }

    private void again(long now) {
        if (pending > 0) {
            wakeAt(now + miimon);
        }
    }

    /** NETDEV_NOTIFY_PEERS: switches learn where the host is now. */
    private void announce() {
        if (inner.peer() != null && inner.peer().attachment instanceof NetInterface via) {
            announce(via);
        }
    }

    /** VLAN devices hear of it too (vlan_device_event). */
    private void announce(NetInterface via) {
        GratuitousArp.announce(via, via.mac(), bondName + " has moved to " + active.port.name());
        via.above().forEach(this::announce);
    }

    @Override
    protected Port foresee(Port ingress, Frame frame, int pass) {
        return ingress != inner ? inner : active == null ? null : active.port;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (ingress == inner) {
            send(frame);
        } else if (active == null || ingress != active.port) {
            ingress.drop(frame, Drop.BACKUP_MEMBER);
        } else {
            inner.transmit(frame);
        }
    }

    private void send(Frame frame) {
        if (active == null) {
            inner.drop(frame, Drop.NO_MEMBER);
            return;
        }
        if (frame.traced()) {
            active.port.remark(bondName + ": " + active.port.name() + " is active");
        }
        active.port.transmit(frame);
    }

    /** What {@code /proc/net/bonding/BOND} says. */
    public List<String> status() {
        List<String> lines = new ArrayList<>(List.of(
                "Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)",
                "",
                "Bonding Mode: fault-tolerance (active-backup)",
                "Primary Slave: " + (primary == null ? "None" : primary.port.name() + " (primary_reselect always)"),
                "Currently Active Slave: " + (active == null ? "None" : active.port.name()),
                "MII Status: " + (active == null ? "down" : "up"),
                "MII Polling Interval (ms): " + miimon / MILLI,
                "Up Delay (ms): 0",
                "Down Delay (ms): 0",
                "Peer Notification Delay (ms): 0"));
        for (Member each : members) {
            long rate = each.port.rate();
            boolean known = rate > 0 && each.port.up();
            lines.addAll(List.of(
                    "",
                    "Slave Interface: " + each.port.name(),
                    "MII Status: " + (each.up ? "up" : "down"),
                    "Speed: " + (known ? rate / 1_000_000 + " Mbps" : "Unknown"),
                    "Duplex: " + (known ? "full" : "Unknown"),
                    "Link Failure Count: " + each.failures,
                    "Permanent HW addr: " + MacAddress.text(each.permanent),
                    "Slave queue ID: 0"));
        }
        return lines;
    }
}
