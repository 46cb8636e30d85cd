package io.hopscope.devices;

import io.hopscope.protocols.netfilter.Hooks;
import io.hopscope.protocols.netfilter.Packet;

/** What a bridge's netfilter has found of a packet, on its way up to the stack of the same namespace. */
final class Passage {
    private int connection;
    private int serial;
    private int direction;
    private int state;
    private int mark;
    private String bridgeIn;
    private final Cuts cuts = new Cuts();
    private Passage next;
    private Passages home;

    /** Those that are free. */
    static final class Passages {
        private Passage free;

        Passage take() {
            Passage taken = free == null ? new Passage() : free;
            free = taken.next;
            taken.next = null;
            taken.home = this;
            return taken;
        }
    }

    Passage of(Hooks hooks, Packet p, String port, Cuts cut) {
        connection = p.connection();
        serial = connection < 0 ? 0 : hooks.conntrack().serial(connection);
        direction = p.direction();
        state = p.state();
        mark = p.mark();
        bridgeIn = port;
        cuts.copy(cut);
        // What has begun with it is no longer the bridge's to forget.
        p.known(-1, 0, 0, Packet.INVALID);
        return this;
    }

    /** Gives the packet back what is known of it; false if its connection is gone. */
    boolean resume(Hooks hooks, Packet p) {
        boolean there = connection < 0 || hooks.conntrack().holds(connection, serial);
        if (there) {
            p.known(connection, serial, direction, state).mark(mark).bridge(bridgeIn, null);
        }
        next = home.free;
        home.free = this;
        return there;
    }

    Cuts cuts() {
        return cuts;
    }
}
