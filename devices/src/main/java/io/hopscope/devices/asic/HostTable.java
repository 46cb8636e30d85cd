package io.hopscope.devices.asic;

import io.hopscope.devices.IpStack;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.HashTableSpec;

/**
 * Addresses to VLAN and MAC, programmed from the CPU's neighbours. One that finds no room is not there, and the CPU forwards
 * what is for it. One VRF.
 */
final class HostTable {
    final HashTable entries;
    private final IpStack stack;
    private final AsicSwitch owner;
    private int neighbours;

    HostTable(AsicSwitch owner, HashTableSpec spec, long ageing) {
        this.owner = owner;
        stack = owner.stack();
        entries = new HashTable(spec, ageing);
    }

    /** VRF 0 in the upper bits. */
    static long key(int address) {
        return address & 0xffff_ffffL;
    }

    /** Writes what the CPU knows and has not tried yet: at the start, and after a reboot. */
    void program(long now) {
        for (Neighbour each : stack.neighbourTable().entries(now)) {
            if (each.resolved() && each.stamp < 0) {
                known(each, now);
            }
        }
    }

    /** Forgets everything but what was counted. */
    void clear(long now) {
        entries.clear();
        neighbours = 0;
        stack.neighbourTable().entries(now).forEach(each -> each.stamp = -1);
    }

    /** A neighbour's MAC is known: it becomes an entry. Returns whether it is one. */
    boolean known(Neighbour neighbour, long now) {
        neighbours += neighbour.stamp < 0 ? 1 : 0;
        long key = key(neighbour.address());
        HashTable.Outcome outcome = neighbour.state() == Neighbour.State.PERMANENT
                ? entries.insertFixed(key, owner.adjacency(neighbour), now)
                : entries.insert(key, owner.adjacency(neighbour), now);
        if (outcome == HashTable.Outcome.FULL) {
            owner.full();
        }
        neighbour.stamp = stamp();
        return outcome != HashTable.Outcome.FULL;
    }

    /** Changes whenever there may be room again; never negative. */
    private int stamp() {
        return (int) entries.removals() & Integer.MAX_VALUE;
    }

    void lost(Neighbour neighbour) {
        neighbours -= neighbour.stamp < 0 ? 0 : 1;
        neighbour.stamp = -1;
        entries.remove(key(neighbour.address()));
    }

    /**
     * A packet came to the CPU for want of an entry: if the neighbour is known, and there may be room now, it gets one.
     *
     * @param by the route to it, or one of several equal ones
     */
    void missed(int destination, Route by, long now) {
        NeighbourTable table = stack.neighbourTable();
        int next = by.nextHop(destination);
        Neighbour neighbour = by.gateway() == 0 ? table.find(by.device(), next) : table.use(by.device(), next, now);
        if (neighbour != null && neighbour.resolved() && neighbour.stamp != stamp()) {
            known(neighbour, now);
        }
    }

    /** Neighbours whose MAC the CPU knows, and that have no entry. */
    int missing(long now) {
        return Math.max(0, neighbours - entries.size(now));
    }
}
