package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.protocols.dhcp.DhcpLeases.Lease;
import io.hopscope.protocols.dhcp.DhcpServer.Subnet;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Reservation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which address a client is offered: the one reserved for it, the one it has, the one it asks for, or the first free one
 * from a place that its MAC determines (dnsmasq's hash). An address of nobody is pinged first.
 */
final class AddressPool {
    private static final long SECOND = 1_000_000_000_000L;
    private static final long PING_WAIT = 3 * SECOND;
    /** A ping without an answer is believed for this long. */
    private static final long PING_CACHE = 30 * SECOND;

    private final DhcpServerPlan plan;
    private final DhcpLeases leases;
    private final DhcpServer.Prober prober;
    /** When an address was found silent; in order. */
    private final Map<Integer, Long> silent = new LinkedHashMap<>();

    private int pinged;
    private long deadline = Long.MAX_VALUE;
    private boolean taken;
    private boolean resumed;

    AddressPool(DhcpServerPlan plan, DhcpLeases leases, DhcpServer.Prober prober) {
        this.plan = plan;
        this.leases = leases;
        this.prober = prober;
    }

    boolean waiting() {
        return pinged != 0;
    }

    /** The message in hand was looked at before. */
    boolean resumed() {
        return resumed;
    }

    long nextDeadline() {
        return deadline;
    }

    /** Nobody has answered in time. */
    void silent(long now) {
        silent.put(pinged, now);
        over();
    }

    /** Returns whether it was the ping that is waited for. */
    boolean answered(int address) {
        if (address == 0 || address != pinged) {
            return false;
        }
        over();
        taken = true;
        return true;
    }

    private void over() {
        pinged = 0;
        deadline = Long.MAX_VALUE;
        resumed = true;
    }

    /** The address; 0 for none, or not yet while {@link #waiting}. */
    int choose(Subnet subnet, Reservation host, Lease lease, Dhcp dhcp, int own, long now) {
        int address = reserved(subnet, host, lease, own);
        int asked = dhcp.word(DhcpOption.REQUESTED_ADDRESS);
        if (address == 0
                && lease != null
                && available(subnet, lease.address, own)
                && plan.reserved(lease.address) == null) {
            address = lease.address;
        }
        if (address == 0 && asked != 0 && free(subnet, asked, own) && quiet(subnet, asked, now)) {
            address = asked;
        }
        if (address == 0 && !waiting()) {
            address = search(subnet, dhcp.chaddr(), own, now);
        }
        if (!waiting()) {
            resumed = false;
            taken = false;
        }
        return address;
    }

    private int reserved(Subnet subnet, Reservation host, Lease lease, int own) {
        if (host == null || host.address() == 0 || !subnet.reaches(host.address()) || host.address() == own) {
            return 0;
        }
        Lease other = leases.at(host.address());
        return other == null || other == lease || other.mac == host.mac() ? host.address() : 0;
    }

    private static boolean available(Subnet subnet, int address, int own) {
        return subnet.range.holds(address) && address != own && address != subnet.router;
    }

    /** Windows would not take a class C address that ends in 0 or 255. */
    private static boolean plain(int address) {
        int last = address & 0xff;
        return address >>> 29 != 6 || last != 0 && last != 0xff;
    }

    private boolean free(Subnet subnet, int address, int own) {
        return available(subnet, address, own) && leases.at(address) == null && plan.reserved(address) == null;
    }

    private int search(Subnet subnet, long mac, int own, long now) {
        int first = subnet.range.start();
        long count = (subnet.range.end() & 0xffff_ffffL) - (first & 0xffff_ffffL) + 1;
        long start = plan.sequential ? 0 : ((hash(mac) + subnet.epoch) & 0xffff_ffffL) % count;
        for (long i = 0; i < count; i++) {
            int address = (int) (first + (start + i) % count);
            if (free(subnet, address, own) && plain(address)) {
                if (quiet(subnet, address, now)) {
                    return address;
                } else if (waiting()) {
                    return 0;
                }
            }
        }
        return 0;
    }

    /** The SDBM hash of the MAC's bytes. */
    static int hash(long mac) {
        int hash = 0;
        for (int shift = 40; shift >= 0; shift -= 8) {
            hash = (int) (mac >>> shift & 0xff) + (hash << 6) + (hash << 16) - hash;
        }
        return hash;
    }

    /** Nobody answers at the address as far as is known; if that is not known, a ping is on its way. */
    private boolean quiet(Subnet subnet, int address, long now) {
        Long since = silent.get(address);
        if (!plan.ping || since != null && now - since <= PING_CACHE) {
            return true;
        }
        silent.remove(address);
        if (taken) {
            taken = false;
            subnet.epoch++;
            return false;
        }
        pinged = address;
        deadline = now + PING_WAIT;
        prober.ping(address, now);
        return false;
    }
}
