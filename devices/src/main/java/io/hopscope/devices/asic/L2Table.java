package io.hopscope.devices.asic;

import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.HashTableSpec;

/** VLAN and MAC to a port's number. A station that finds no room is not learned: what is sent to it floods. */
final class L2Table {
    final HashTable entries;

    L2Table(HashTableSpec spec, long ageing) {
        entries = new HashTable(spec, ageing);
    }

    /** Also what a host entry holds: whom a routed packet goes to. */
    static long key(int vlan, long mac) {
        return (long) vlan << 48 | mac;
    }

    static int vlan(long key) {
        return (int) (key >>> 48);
    }

    static long mac(long key) {
        return key & 0xffff_ffff_ffffL;
    }

    /** A port's number, or -1. */
    int port(long key, long now) {
        return (int) entries.lookup(key, now);
    }

    static String text(long key) {
        return "(" + vlan(key) + ", " + MacAddress.text(mac(key)) + ")";
    }
}
