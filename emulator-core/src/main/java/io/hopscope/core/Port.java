package io.hopscope.core;

import io.hopscope.core.qdisc.Discipline;
import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.List;

/** A named attachment of a device; frames are observed here, in and out, and nowhere else. */
public final class Port {
    enum Drop implements DropReason {
        NOT_CONNECTED("not connected"),
        NO_CARRIER("the link is down"),
        CUT("lost on the way: the link was cut"),
        BAD_FCS("frame check sequence wrong: damaged on the cable"),
        UNPLUGGED("unplugged: what was behind this port is not there");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** How often a reason struck at a port. */
    public static final class Count {
        private final DropReason reason;
        private long frames;

        Count(DropReason reason) {
            this.reason = reason;
        }

        public DropReason reason() {
            return reason;
        }

        public long frames() {
            return frames;
        }
    }

    private static final int HIDDEN = -2;

    /** The link has never been down. */
    static final short STEADY = 0;

    /** Why a link is down; there may be more than one reason. */
    private static final int SEVERED = 1;

    private static final int FAR_DARK = 2;
    private static final int DARK = 4;
    /** What was at the other end of the wire is not there. */
    private static final int PULLED = 8;

    /** Its owner has taken it down, as {@code ip link set down} does. */
    private static final int SHUT = 128;

    private static final int FAR_SHUT = 256;

    private static final int DOWN = SEVERED | FAR_DARK | DARK | PULLED | SHUT | FAR_SHUT;
    /** It was down: what arrives may have been under way then. */
    private static final int RESTORED = 16;

    /** What arrives may be damaged. */
    private static final int WARY = 32;
    /** What is sent goes through an {@link Outlet}. */
    private static final int SHAPED = 64;

    private final Device device;
    private final String name;
    private final int ordinal;
    private Port peer;
    private Transmitter transmitter;
    private List<Count> drops = List.of();
    private long mac;
    /** Two bytes, so that a port fits a line of the cache. */
    private char mtu = 1500;
    /** Free for the owning device, its own index of the port for instance. */
    public int tag;

    /** Free for the owning device: what it keeps for the port. */
    public Object attachment;

    /** Whether frames are captured here. */
    boolean tapped;
    /** Reached without lane time: a patch port, or the inner side of a NIC. */
    boolean direct;
    /** {@link #STEADY}, or bits of the above. */
    short link;

    /** Whether what is flooded to here may be lent. */
    boolean borrows;

    /** Position among the captured ports, or {@link #HIDDEN}. */
    int captureIndex = -1;

    Port(Device device, String name, int ordinal) {
        this.device = device;
        this.name = name;
        this.ordinal = ordinal;
    }

    public Node node() {
        return device.node();
    }

    public Device device() {
        return device;
    }

    public String name() {
        return name;
    }

    /** Position among all ports of the device.node(). */
    public int ordinal() {
        return ordinal;
    }

    public long mac() {
        return mac;
    }

    /**
     * @param bits the address in the low 48 bits
     */
    public Port mac(long bits) {
        mac = bits;
        return this;
    }

    /** Largest network-layer packet, in bytes. */
    public int mtu() {
        return mtu;
    }

    public Port mtu(int bytes) {
        mtu = (char) bytes;
        return this;
    }

    /** No observation is made here: the far end shows the same frame at the same place. */
    public Port hide() {
        captureIndex = HIDDEN;
        return this;
    }

    public boolean hidden() {
        return captureIndex == HIDDEN;
    }

    /** The device {@link Device#ignores ignores} most of what is flooded to here. */
    public Port borrow() {
        borrows = true;
        return this;
    }

    /** Frames reach the device here without lane time: the cable side of a NIC. */
    public Port immediate() {
        direct = true;
        return this;
    }

    public boolean connected() {
        return peer != null || transmitter != null;
    }

    /** Whether there is a link, and it is not cut. */
    public boolean up() {
        return (link & DOWN) == 0 && connected();
    }

    /** The link comes or goes, as seen from this end: to be called at both ends, at one instant. */
    public void carrier(boolean on, long now) {
        change(SEVERED, on, now);
    }

    /** The node at the other end of the cable has lost its power, or has it again: then all its ports are up. */
    void farPower(boolean on, long now) {
        change(on ? FAR_DARK | FAR_SHUT : FAR_DARK, on, now);
    }

    /** The port is taken down, or up again, at its own node; the far end sees its carrier, by {@link #farShut}. */
    void shut(boolean down, long now) {
        if (!down) {
            device.shut(this, false, now);
        }
        change(SHUT, !down, now);
        if (down) {
            device.shut(this, true, now);
        }
    }

    void farShut(boolean down, long now) {
        change(FAR_SHUT, !down, now);
    }

    /** Whether its owner has taken it down. */
    public boolean shut() {
        return (link & SHUT) != 0;
    }

    private void change(int reason, boolean on, long now) {
        if (reckon(reason, on, Drop.NO_CARRIER, now)) {
            device.carrier(this, on, now);
        }
    }

    /** This end's own node has lost its power, or has it again; its devices know without being told. */
    void power(boolean on, long now) {
        if (transmitter == null) {
            link &= PULLED | SHAPED;
        } else {
            reckon(on ? DARK | SHUT : DARK, on, Node.Drop.POWER_LOST, now);
        }
    }

    /** Returns whether the link has come or gone; what waited for the cable has gone with it. */
    private boolean reckon(int reason, boolean on, DropReason loss, long now) {
        boolean before = (link & DOWN) == 0;
        link = (short) (on ? link & ~reason : link | reason | RESTORED);
        if (before == ((link & DOWN) == 0)) {
            return false;
        }
        if (transmitter != null && on) {
            transmitter.restore(now);
        } else if (transmitter != null) {
            for (Frame frame = transmitter.cut(); frame != null; frame = transmitter.abandon()) {
                device.node().dropped(this, frame, loss, -1);
            }
        }
        if ((link & SHAPED) != 0 && on) {
            outlet().serve(now);
        } else if ((link & SHAPED) != 0) {
            outlet().cut(loss, now);
        }
        return true;
    }

    /** Never null; made at first use. */
    Outlet outlet() {
        return device.node().outlet(this);
    }

    void shaped(boolean on) {
        link = (short) (on ? link | SHAPED : link & ~SHAPED);
    }

    /** Before the run: what arrives here may be damaged. */
    void beWary() {
        link |= WARY;
    }

    /** What is at one end of a wire goes away, as a virtual machine does: neither end takes frames until {@link #plug}. */
    public void unplug(long now) {
        for (Port end : new Port[] {this, peer}) {
            end.change(PULLED, false, now);
        }
    }

    /** Whether what was at the other end of the wire has gone away. */
    public boolean unplugged() {
        return (link & PULLED) != 0;
    }

    /** It is there: both ends of the wire work. */
    public void plug(long now) {
        change(PULLED, true, now);
        peer.change(PULLED, true, now);
    }

    /** Why a frame that arrives is lost all the same: damaged, or under way when the link was cut; null if it is not. */
    DropReason lost(Frame frame, long arrival) {
        if ((link & DOWN) != 0 || transmitter.begunBeforeRestored(frame.length(), arrival)) {
            return Drop.CUT;
        } else if (frame.mark != 0) {
            return frame.mark == Outlet.DAMAGED ? Drop.BAD_FCS : Drop.CUT;
        }
        return null;
    }

    /** The root of the queue disciplines that frames wait in before they go out; null where there is none. */
    public Discipline qdisc() {
        return (link & SHAPED) == 0 ? null : outlet().discipline();
    }

    /**
     * Puts a queue discipline before the wire or cable. What waits in one that was there comes to nothing. To be called in
     * an event of the node, or before the run.
     *
     * @param spec null for none
     * @param handle its major number; see {@link Node#nextHandle}
     */
    public void qdisc(QdiscSpec spec, int handle, long now) {
        outlet().discipline(spec, handle, now);
    }

    /** Has the port look again for what may go out: a discipline within another has changed. */
    public void serve(long now) {
        if ((link & SHAPED) != 0) {
            outlet().serve(now);
        }
    }

    /** What this end's direction of the cable does to frames. */
    public Impairment impairment() {
        return (link & SHAPED) == 0 ? Impairment.NONE : outlet().impairment();
    }

    /** Bits per second of the cable; 0 for a wire, and where there is no limit. */
    public long rate() {
        return transmitter == null ? 0 : transmitter.rate();
    }

    /**
     * Bits that this end of a cable has sent, with preamble, padding, FCS and gap; of the frame in transmission, what has
     * gone out by then. 0 for a wire.
     *
     * @param now the instant up to which everything has happened here
     */
    public long carriedBits(long now) {
        return transmitter == null ? 0 : transmitter.carriedBits(now);
    }

    /** How long a frame of so many bytes occupies this end of a cable, in picoseconds; 0 for a wire. */
    public long duration(int length) {
        return transmitter == null ? 0 : transmitter.duration(length);
    }

    /** The port at the other end of the wire or cable, or null. */
    public Port peer() {
        return peer;
    }

    /** Whether a cable to another node ends here. */
    public boolean cabled() {
        return transmitter != null;
    }

    void wire(Port to) {
        peer = to;
    }

    void cable(Port to, Transmitter out) {
        peer = to;
        transmitter = out;
    }

    /** Position among the captured ports, as {@link CaptureSink#start} lists them; -1 if it is not captured. */
    public int captureIndex() {
        return Math.max(-1, captureIndex);
    }

    /** Whether a capture looks at this port. */
    public boolean captured() {
        return tapped;
    }

    Transmitter transmitter() {
        return transmitter;
    }

    /** Puts the frame on the wire or cable; it is no longer yours. */
    public void transmit(Frame frame) {
        int record = -1;
        if (tapped) {
            record = (link & SHAPED) == 0
                    ? device.node().observe(this, false, frame, device.node().now)
                    : device.node().setAside(this, frame);
        } else if (frame.traced()) {
            device.node().carryOn(this, frame);
        }
        if (transmitter != null) {
            if (!transmitter.accept(frame, device.node().now)) {
                refused(frame, record);
            }
        } else if (peer != null && (link & (DOWN | SHAPED)) == 0) {
            device.node().handOver(peer, frame);
        } else {
            refused(frame, record);
        }
    }

    /** The fast path does not take the frame. */
    private void refused(Frame frame, int record) {
        if ((link & SHAPED) != 0) {
            outlet().accept(frame, device.node().now);
        } else {
            device.node().dropped(this, frame, up() ? Transmitter.Drop.QUEUE_FULL : missing(), record);
        }
    }

    Drop missing() {
        if (peer == null) {
            return Drop.NOT_CONNECTED;
        }
        return (link & PULLED) != 0 ? Drop.UNPLUGGED : Drop.NO_CARRIER;
    }

    /** Whether {@link #lend} may take the place of {@link #transmit} of a copy: by wire, nobody sees it, and few want it. */
    public boolean lends() {
        return peer != null
                && transmitter == null
                && peer.borrows
                && !tapped
                && !peer.tapped
                && !peer.direct
                && (link & (DOWN | SHAPED)) == 0;
    }

    /**
     * Transmits a copy of a frame, which is made only if the far end has a use for it. Where a broadcast reaches a hundred
     * containers of a server, it is what the copies cost that counts.
     *
     * @param master from {@link Node#master}, not traced; it is still yours
     */
    public void lend(Frame master) {
        device.node().lend(peer, master);
    }

    /** An observation without a link, of a frame that comes in: the port of a bond. */
    public void observeIn(Frame frame) {
        if (tapped) {
            device.node().observeInside(this, frame);
        }
    }

    /**
     * An observation of a frame that passes by and does not come in here: what a capture sees on a promiscuous interface.
     *
     * @param why said of it where the frame is traced
     */
    public void overhear(Frame frame, String why) {
        if (tapped) {
            device.node().overhear(this, frame, why);
        }
    }

    /** An observation without a link, of a frame that goes out. */
    public void observeOut(Frame frame) {
        if (tapped) {
            device.node().observe(this, false, frame, device.node().now);
        }
    }

    /** The frame ends here, under a named reason. */
    public void drop(Frame frame, DropReason reason) {
        device.node().dropped(this, frame, reason, -1);
    }

    /** The frame ends here before it went out, under a named reason. */
    public void withhold(Frame frame, DropReason reason) {
        device.node().withheld(this, frame, reason);
    }

    /** The frame has arrived where it was going. */
    public void consume(Frame frame) {
        device.node().worker.consume(frame);
    }

    /** Says why the frame being handled goes where it goes; call it only for a traced frame. */
    public void because(String text) {
        device.node().because(text);
    }

    /** Says why the next frame out of this port goes out; call it only for a traced frame. */
    public void remark(String text) {
        if (tapped) {
            device.node().remark(this, text);
        }
    }

    void count(DropReason reason) {
        for (Count count : drops) {
            if (count.reason == reason) {
                count.frames++;
                return;
            }
        }
        if (drops.isEmpty()) {
            drops = new ArrayList<>(1);
        }
        Count count = new Count(reason);
        count.frames = 1;
        drops.add(count);
    }

    /** Frames that came in damaged. */
    public long damaged() {
        for (Count each : drops) {
            if (each.reason == Drop.BAD_FCS) {
                return each.frames;
            }
        }
        return 0;
    }

    /** In order of first occurrence. */
    public List<Count> drops() {
        return drops;
    }

    /** The whole name, {@code compute1/br-int:int-br-bond}. */
    @Override
    public String toString() {
        return device + ":" + name;
    }
}
