package io.hopscope.devices.asic;

import io.hopscope.core.Port;
import io.hopscope.encap.Frame;
import io.hopscope.protocols.asic.PuntClass;

/** Frames that wait for the CPU, first in, first out; grows up to its limit. */
final class PuntQueue {
    /** A frame with all that is known of it. Reused: a ring of them is made once. */
    static final class Punt {
        Frame frame;
        Port ingress;
        int vlan;
        PuntClass type;
        /** When it is to be handled, for one that is delayed. */
        long due;

        void set(Punt other) {
            frame = other.frame;
            ingress = other.ingress;
            vlan = other.vlan;
            type = other.type;
            due = other.due;
        }
    }

    private final int limit;
    private Punt[] ring = {};
    private int first;
    private int size;

    PuntQueue(int limit) {
        this.limit = limit;
    }

    int size() {
        return size;
    }

    boolean full() {
        return size >= limit;
    }

    /** A place at the end, to be filled in. */
    Punt add() {
        if (size == ring.length) {
            grow();
        }
        return ring[(first + size++) % ring.length];
    }

    private void grow() {
        Punt[] larger = new Punt[Math.max(8, ring.length * 2)];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = i < size ? ring[(first + i) % ring.length] : new Punt();
        }
        ring = larger;
        first = 0;
    }

    Punt peek() {
        return ring[first];
    }

    /** Takes the first out; what it points to stays until the next {@link #add}. */
    Punt poll() {
        Punt head = ring[first];
        first = (first + 1) % ring.length;
        size--;
        return head;
    }
}
