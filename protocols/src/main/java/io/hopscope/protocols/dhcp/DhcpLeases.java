package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The leases of a server, and its lease file. */
final class DhcpLeases {
    private static final long SECOND = 1_000_000_000_000L;

    /** One address given away. */
    static final class Lease {
        final int address;
        long mac;
        byte[] clientId = {};
        String name;
        long expiry;

        Lease(int address) {
            this.address = address;
        }
    }

    private record End(long instant, Lease lease) {}

    private final Map<Integer, Lease> byAddress = new LinkedHashMap<>();
    private final Map<Long, Lease> byMac = new HashMap<>();
    private final Map<String, Lease> byId = new HashMap<>();
    /** An entry that a renewal has overtaken is passed over. */
    private final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::instant));

    int size() {
        return byAddress.size();
    }

    Lease at(int address) {
        return byAddress.get(address);
    }

    /** By client identifier, or else by MAC where either side has none. */
    Lease of(long mac, byte[] clientId) {
        Lease found = clientId.length == 0 ? null : byId.get(hex(clientId));
        if (found == null) {
            found = byMac.get(mac);
            found = found == null || clientId.length > 0 && found.clientId.length > 0 ? null : found;
        }
        return found;
    }

    /** Gives an address, for the first time or again. */
    Lease give(int address, long mac, byte[] clientId) {
        Lease lease = byAddress.computeIfAbsent(address, Lease::new);
        forgetNames(lease);
        lease.mac = mac;
        lease.clientId = clientId;
        byMac.put(mac, lease);
        if (clientId.length > 0) {
            byId.put(hex(clientId), lease);
        }
        return lease;
    }

    void until(Lease lease, long expiry) {
        lease.expiry = expiry;
        if (expiry != Long.MAX_VALUE) {
            ends.add(new End(expiry, lease));
        }
    }

    void remove(Lease lease) {
        byAddress.remove(lease.address);
        forgetNames(lease);
        lease.expiry = 0;
    }

    private void forgetNames(Lease lease) {
        byMac.remove(lease.mac, lease);
        byId.remove(hex(lease.clientId), lease);
    }

    long nextExpiry() {
        return ends.isEmpty() ? Long.MAX_VALUE : ends.peek().instant;
    }

    void expire(long now) {
        while (!ends.isEmpty() && ends.peek().instant <= now) {
            End end = ends.poll();
            if (end.lease.expiry == end.instant) {
                remove(end.lease);
            }
        }
    }

    /** One line a lease: end in seconds (0 for never), MAC, address, name, client identifier. */
    List<String> file() {
        List<String> lines = new ArrayList<>();
        for (Lease each : byAddress.values()) {
            String id = each.clientId.length == 0 ? "*" : hex(each.clientId);
            long end = each.expiry == Long.MAX_VALUE ? 0 : each.expiry / SECOND;
            lines.add(end + " " + MacAddress.text(each.mac) + " " + Ipv4Address.text(each.address) + " "
                    + (each.name == null ? "*" : each.name) + " " + id);
        }
        return lines;
    }

    /** Addresses by the names of those who have them. */
    Map<String, Integer> names() {
        Map<String, Integer> names = new LinkedHashMap<>();
        for (Lease each : byAddress.values()) {
            if (each.name != null) {
                names.put(each.name, each.address);
            }
        }
        return names;
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            text.append(text.length() == 0 ? "" : ":");
            text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        return text.toString();
    }
}
