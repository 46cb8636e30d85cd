package io.hopscope.protocols.tcp;

import java.util.Arrays;

/** The connections of a host by addresses and ports: open addressing, with the hashes beside for the cache's sake. */
final class EndpointMap {
    private static final int FIRST_SIZE = 16;

    private Endpoint[] slots = {};
    /** Never 0 where there is an endpoint. */
    private int[] hashes = {};

    private int size;

    int size() {
        return size;
    }

    private static int hash(int local, int remote, int ports) {
        int h = local * 0x9e3779b1 ^ Integer.rotateLeft(remote * 0x85ebca6b, 13) ^ ports * 0xc2b2ae35;
        h ^= h >>> 15;
        h *= 0x2c1b3c6d;
        h ^= h >>> 13;
        return h == 0 ? 1 : h;
    }

    Endpoint find(int local, int remote, int ports) {
        if (size == 0) {
            return null;
        }
        int hash = hash(local, remote, ports);
        int mask = slots.length - 1;
        for (int i = hash & mask; hashes[i] != 0; i = i + 1 & mask) {
            if (hashes[i] == hash) {
                Endpoint e = slots[i];
                if (e.ports == ports && e.remote == remote && e.local == local) {
                    return e;
                }
            }
        }
        return null;
    }

    void add(Endpoint e) {
        if (2 * size >= slots.length) {
            grow();
        }
        insert(e, hash(e.local, e.remote, e.ports));
        size++;
    }

    private void insert(Endpoint e, int hash) {
        int mask = slots.length - 1;
        int i = hash & mask;
        while (hashes[i] != 0) {
            i = i + 1 & mask;
        }
        slots[i] = e;
        hashes[i] = hash;
    }

    private void grow() {
        Endpoint[] old = slots;
        int[] oldHashes = hashes;
        slots = new Endpoint[Math.max(FIRST_SIZE, old.length * 2)];
        hashes = new int[slots.length];
        for (int i = 0; i < old.length; i++) {
            if (oldHashes[i] != 0) {
                insert(old[i], oldHashes[i]);
            }
        }
    }

    /** Takes one out; those behind it move up, so that none is lost sight of. */
    void remove(Endpoint e) {
        if (size == 0) {
            return;
        }
        int mask = slots.length - 1;
        int i = hash(e.local, e.remote, e.ports) & mask;
        while (hashes[i] != 0 && slots[i] != e) {
            i = i + 1 & mask;
        }
        if (hashes[i] == 0) {
            return;
        }
        size--;
        int hole = i;
        for (int k = i + 1 & mask; hashes[k] != 0; k = k + 1 & mask) {
            if ((k - (hashes[k] & mask) & mask) >= (k - hole & mask)) {
                slots[hole] = slots[k];
                hashes[hole] = hashes[k];
                hole = k;
            }
        }
        slots[hole] = null;
        hashes[hole] = 0;
    }

    /** All of them, in no order that means anything. */
    Endpoint[] all() {
        Endpoint[] all = new Endpoint[size];
        int n = 0;
        for (Endpoint each : slots) {
            if (each != null) {
                all[n++] = each;
            }
        }
        return all;
    }

    void clear() {
        Arrays.fill(slots, null);
        Arrays.fill(hashes, 0);
        size = 0;
    }
}
