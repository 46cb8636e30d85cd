package io.hopscope.devices;

import io.hopscope.encap.Frame;
import io.hopscope.protocols.netfilter.Hooks;
import io.hopscope.protocols.netfilter.Packet;

/**
 * What netfilter has found of a packet and still holds when it comes up from a bridge to the stack of the same namespace, or
 * back to it over {@code lo}.
 */
final class Passage implements Frame.Departure {
    private Hooks hooks;
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

    /** The connection is kept for it until it {@link #resume resumes}: other copies may end before. */
    Passage of(Hooks hooks, Packet p) {
        note(p);
        this.hooks = hooks;
        hooks.hold(p);
        bridgeIn = null;
        cuts.clear();
        return this;
    }

    Passage bridge(String port, Cuts cut) {
        bridgeIn = port;
        cuts.copy(cut);
        return this;
    }

    /** What is known of a packet, to be said of its copies. */
    void note(Packet p) {
        connection = p.connection();
        serial = p.serial();
        direction = p.direction();
        state = p.state();
        mark = p.mark();
    }

    /** Whatever happened to the packet's own since. */
    void tell(Packet p) {
        p.known(connection, serial, direction, state).mark(mark);
    }

    /** The frame died on its way up: nobody takes what was kept for it. */
    @Override
    public void left(Frame frame) {
        hooks.release(connection, serial, state);
        free();
    }

    private void free() {
        next = home.free;
        home.free = this;
    }

    /** Gives the packet back what is known of it; false if its connection is gone. */
    boolean resume(Hooks hooks, Packet p) {
        boolean there = connection < 0 || hooks.conntrack().holds(connection, serial);
        if (there) {
            tell(p);
            hooks.release(p);
        }
        free();
        return there;
    }

    /** The port of the bridge; null where none was passed. */
    String port() {
        return bridgeIn;
    }

    Cuts cuts() {
        return cuts;
    }
}
