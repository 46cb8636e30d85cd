package io.hopscope.devices.asic;

import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.Stations;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.HashTableSpec;

/** VLAN and MAC to a port's number. A station that finds no room is not learned: what is sent to it floods. */
final class L2Table implements Stations {
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

    @Override
    public long ageing() {
        return entries.ageing();
    }

    @Override
    public void ageing(long picoseconds, long now) {
        entries.ageing(picoseconds, now);
    }

    @Override
    public void flush(int port) {
        entries.removeIf(number -> number == port);
    }

    @Override
    public Fdb.Entry[] entries(long now) {
        Fdb.Entry[] all = new Fdb.Entry[entries.size(now)];
        int n = 0;
        for (long key : entries.keys()) {
            all[n++] = new Fdb.Entry(vlan(key), mac(key), port(key, now), 0, false);
        }
        return all;
    }

    static String text(long key) {
        return "(" + vlan(key) + ", " + MacAddress.text(mac(key)) + ")";
    }
}
