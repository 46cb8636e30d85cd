package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.List;

/** Has ports, reacts to frames and timers. One thread at a time runs it; it keeps no clock and does no I/O. */
public abstract class Device {
    /** The last pass of {@link #foresee}. */
    protected static final int FORESIGHT = 2;

    private final Node node;
    private final String name;
    private final String kind;
    /** Most devices of a large network have one port, and no list for it. */
    private Port only;

    private List<Port> ports = List.of();
    private Timer timer;
    /** What the timer was armed for: asked for again and again, and the timer itself is seldom in the cache. */
    private long asked = Long.MAX_VALUE;

    Lane lane;
    /** Time on the lane; nothing in a pipeline, which delays instead. */
    final Cost cost;

    /**
     * @param name within the node; empty for what is the node itself, whose ports print as {@code node:port}
     * @param kind {@code bridge}, {@code host}...: names its cost
     */
    protected Device(Node node, String name, String kind) {
        this.node = node;
        this.name = name;
        this.kind = kind;
        Cost figure = node.network().cost(kind);
        lane = figure.pipelined() ? node.pipeline(figure.frame()) : node.lane();
        cost = figure.pipelined() ? Cost.NONE : figure;
        node.add(this);
    }

    public final Node node() {
        return node;
    }

    public final String name() {
        return name;
    }

    public final String kind() {
        return kind;
    }

    /** In order of their making. */
    public final List<Port> ports() {
        return ports.isEmpty() && only != null ? List.of(only) : ports;
    }

    /** How many there are. */
    public final int portCount() {
        return only == null ? 0 : Math.max(1, ports.size());
    }

    /** Of {@link #ports()}, without making a list: for whoever has a frame in hand. */
    public final Port port(int index) {
        return ports.isEmpty() && index == 0 && only != null ? only : ports.get(index);
    }

    /** Null if there is none of that name. */
    public final Port port(String portName) {
        for (Port port : ports()) {
            if (port.name().equals(portName)) {
                return port;
            }
        }
        return null;
    }

    protected final Port addPort(String portName) {
        Port port = new Port(this, portName, node.nextPortOrdinal());
        if (only == null) {
            only = port;
            return port;
        }
        if (ports.isEmpty()) {
            ports = new ArrayList<>();
            ports.add(only);
        }
        ports.add(port);
        return port;
    }

    /** Gives the device a lane of its own, as a virtual machine has its own processor. */
    public final void ownLane() {
        if (!lane.pipelined()) {
            lane = node.anotherLane();
        }
    }

    /** The run begins, or the node has booted again. */
    protected void start(long now) {}

    /** Before the run, where power may be lost in it: this is the configuration to boot with. */
    protected void remember() {}

    /** Power is lost, and everything that was learned with it; the configuration is the remembered one again. */
    protected void forget() {}

    void lose() {
        asked = Long.MAX_VALUE;
        forget();
    }

    /** A frame arrived and is yours: transmit it, consume it, or drop it with a reason. */
    public abstract void receive(Port ingress, Frame frame, long now);

    /**
     * Whether {@link #receive} would do nothing with a frame but consume it. Asked in its place, of frames that are lent
     * ({@link Port#lend}); changes nothing.
     */
    protected boolean ignores(Port ingress, Frame frame) {
        return false;
    }

    /**
     * Reads what {@link #receive} will read of tables, so that it is in the cache by then; changes nothing that matters.
     * {@link Frame#stamp} is the destination MAC that the frame will have by then, if it will be another one; otherwise 0.
     *
     * <p>Called for many frames, pass by pass. What one pass reads another may go on from: a chain of reads that each need
     * the one before should be a pass a link, so that the processor can wait for the memory of many frames at once.
     *
     * @param pass from 0 to {@link #FORESIGHT}, of which the last alone is asked for the result
     * @return the port the frame would leave by, or null if it ends here, or if that is not worth knowing
     */
    protected Port foresee(Port ingress, Frame frame, int pass) {
        return null;
    }

    /**
     * The same for a device alone in its node, whose frames come straight from cables: many at once, so that it can put its
     * reads side by side. Only where its tables are larger than the caches is that worth its while.
     *
     * @param from the first of the frames
     * @param to behind the last of them
     */
    protected void foresee(Port[] ports, Frame[] frames, int from, int to) {}

    /** Asks for {@link #wake} at an instant; a device has one such deadline. */
    protected final void wakeAt(long deadline) {
        if (deadline == asked) {
            return;
        }
        asked = deadline;
        if (timer == null) {
            if (deadline == Long.MAX_VALUE) {
                return;
            }
            timer = new Timer(node, this::alarm);
        }
        timer.arm(deadline);
    }

    private void alarm(long now) {
        asked = Long.MAX_VALUE;
        wake(now);
    }

    /** The deadline asked for has come. */
    protected void wake(long now) {}

    /** The link of a port came or went. */
    protected void carrier(Port port, boolean on, long now) {}

    /** A port was taken down or up, beside what that did to its {@link #carrier}. */
    protected void shut(Port port, boolean down, long now) {}

    /** Frames kept inside, as in a queue for an unresolved neighbour. */
    protected int held() {
        return 0;
    }

    /** The run is over, or power is lost: give every kept frame to {@link Node#discard}. */
    protected void release() {}

    @Override
    public final String toString() {
        return name.isEmpty() ? node.name() : node.name() + "/" + name;
    }
}
