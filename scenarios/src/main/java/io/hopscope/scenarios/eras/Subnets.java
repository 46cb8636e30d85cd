package io.hopscope.scenarios.eras;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;

/**
 * Equal subnets one after the other, each a VLAN: the first three addresses are the virtual gateway's and the two cores',
 * the rest are for hosts. A server's endpoints share a subnet as far as they fit.
 */
final class Subnets {
    /** Virtual gateway and two cores. */
    private static final int ROUTERS = 3;

    private static final int LAST_VLAN = 4094;

    private final int base;
    private final int length;
    private final int firstVlan;
    private final int perServer;
    private final int usable;
    /** Servers a subnet, or -subnets a server where one is not enough. */
    private final int share;

    private final int count;

    /**
     * @param base where the first subnet begins
     * @param length of their prefixes
     * @throws IllegalArgumentException if there are not enough VLANs
     */
    Subnets(int base, int length, int firstVlan, int servers, int perServer) {
        this.base = base;
        this.length = length;
        this.firstVlan = firstVlan;
        this.perServer = perServer;
        usable = (1 << 32 - length) - 2 - ROUTERS;
        if (usable < 1) {
            throw new IllegalArgumentException("a /" + length + " has no room for hosts beside three routers");
        }
        share = perServer <= usable ? usable / perServer : -((perServer + usable - 1) / usable);
        count = share > 0 ? (servers + share - 1) / share : servers * -share;
        if (firstVlan + count - 1 > LAST_VLAN) {
            throw new IllegalArgumentException(count + " subnets of /" + length + ", one VLAN each, when there are "
                    + (LAST_VLAN - firstVlan + 1) + " VLANs");
        }
    }

    int count() {
        return count;
    }

    int length() {
        return length;
    }

    /** The subnet's number of an endpoint. */
    int of(int server, int endpoint) {
        return share > 0 ? server / share : server * -share + endpoint / usable;
    }

    /** A server's number, so that neighbours are of different subnets: dealt out like cards. */
    int dealt(int server) {
        return share > 0 ? server % count * share + server / count : server;
    }

    int vlan(int subnet) {
        return firstVlan + subnet;
    }

    Prefix prefix(int subnet) {
        return new Prefix(base + (subnet << 32 - length), length);
    }

    /** The gateway that hosts use. */
    int gateway(int subnet) {
        return prefix(subnet).address() + 1;
    }

    /** Address of a core itself. */
    int router(int subnet, int core) {
        return gateway(subnet) + 1 + core;
    }

    int address(int server, int endpoint) {
        int place = share > 0 ? server % share * perServer + endpoint : endpoint % usable;
        return prefix(of(server, endpoint)).address() + 1 + ROUTERS + place;
    }

    /** The first address that hosts are lent. */
    int first(int subnet) {
        return router(subnet, 1) + 1;
    }

    /** The last one; what is above is for servers' further addresses. */
    int last(int subnet) {
        return share > 0 ? prefix(subnet).broadcast() - 1 - share * (perServer - 1) : first(subnet);
    }

    /** A server's address, not its first one, out of reach of what is lent. */
    int further(int server, int endpoint) {
        if (share < 0) {
            return address(server, endpoint);
        }
        return last(of(server, 0)) + server % share * (perServer - 1) + endpoint;
    }

    @Override
    public String toString() {
        return count + " subnets of /" + length + " from " + Ipv4Address.text(base);
    }
}
