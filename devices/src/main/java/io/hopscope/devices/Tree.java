package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Port;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.View;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.Stations;
import io.hopscope.protocols.stp.PortState;
import io.hopscope.protocols.stp.SpanningTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A bridge's side of its spanning tree: BPDUs in and out, what each port may do, how fast stations are forgotten. Linux
 * shortens the ageing when the topology changes, but its garbage collector comes when it was going to come.
 */
public final class Tree implements SpanningTree.Owner {
    /** What became of a BPDU that no tree understands. */
    enum Drop implements DropReason {
        NO_BPDU("no BPDU, though sent to the bridges' group address");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** Which protocol, and how paths are rated. */
    public enum Mode {
        /** 802.1D as the Linux bridge runs it. */
        LINUX(true),
        /** 802.1D-1998 to the letter. */
        STP(true),
        /** 802.1D-2004. */
        RSTP(false);

        private final boolean small;

        Mode(boolean small) {
            this.small = small;
        }

        /** 802.1D-1998, table 8-5, and Linux beyond it; 802.1D-2004, table 17-3. */
        int cost(long rate) {
            long mega = rate == 0 ? 10_000 : Math.max(1, rate / 1_000_000);
            if (!small) {
                return (int) Math.max(1, 20_000_000L / mega);
            }
            return mega > 10_000 ? 1 : mega == 10_000 ? 2 : mega >= 1_000 ? 4 : mega >= 100 ? 19 : 100;
        }
    }

    /**
     * What is said of a port.
     *
     * @param cost of the path; 0 for what its rate says
     */
    public record PortSettings(int priority, int cost, boolean edge) {
        static final PortSettings USUAL = new PortSettings(128, 0, false);
    }

    private static final long SECOND = 1_000_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    private final Device owner;
    private final Stations stations;
    private final Mode mode;
    private final Function<SpanningTree.Owner, SpanningTree> maker;
    private final Map<String, PortSettings> settings = new LinkedHashMap<>();
    private final List<Port> ports = new ArrayList<>();
    private final Ethernet eth = new Ethernet();
    private final Bpdu heard = new Bpdu();
    private SpanningTree machine;
    /** By the ports' tags; the bridge's own interface always forwards. */
    private PortState[] states;

    private int[] indexes;
    private final long usualAgeing;
    private long hold;
    private long collectAt = NEVER;
    private long next = NEVER;

    /**
     * @param stations what the owner has learned; for {@link Mode#LINUX} an {@link Fdb}
     */
    public Tree(Device owner, Stations stations, Mode mode, Function<SpanningTree.Owner, SpanningTree> maker) {
        this.owner = owner;
        this.stations = stations;
        this.mode = mode;
        this.maker = maker;
        usualAgeing = stations.ageing();
        hold = usualAgeing;
    }

    public Tree port(String name, PortSettings of) {
        settings.put(name, of);
        return this;
    }

    public SpanningTree machine() {
        return machine;
    }

    /** In the order of the machine's. */
    public List<Port> ports() {
        return ports;
    }

    /** What the port may do now; nothing before the bridge has come up. */
    public PortState state(Port port) {
        return states == null ? PortState.DISABLED : states[port.tag];
    }

    /** Whether a port is kept from forwarding for good, and not just until the tree is sure of it. */
    public boolean aside(Port port) {
        return states != null && machine.aside(indexes[port.tag]);
    }

    /**
     * @param self the bridge's own interface, which takes no part; may be null
     */
    public void start(Port self, long now) {
        machine = maker.apply(this);
        hurry(false, 0, now);
        ports.clear();
        int count = owner.ports().size();
        states = new PortState[count];
        indexes = new int[count];
        Arrays.fill(states, PortState.DISABLED);
        for (Port port : owner.ports()) {
            if (port == self) {
                states[port.tag] = PortState.FORWARDING;
                continue;
            }
            PortSettings of = settings.getOrDefault(port.name(), PortSettings.USUAL);
            indexes[port.tag] = ports.size();
            ports.add(port);
            machine.add(of.priority(), of.cost() > 0 ? of.cost() : mode.cost(port.rate()), of.edge());
        }
        machine.start(now);
        collectAt = mode == Mode.LINUX ? now + SECOND / 10 : NEVER;
        for (Port port : ports) {
            if (port.up()) {
                machine.link(indexes[port.tag], true, now);
            }
        }
        next = machine.nextDeadline();
    }

    public void link(Port port, boolean up, long now) {
        machine.link(indexes[port.tag], up, now);
        next = machine.nextDeadline();
    }

    /** A frame to the bridges' group address: it ends here. */
    public void hear(Port ingress, Frame frame, long now) {
        byte[] bytes = frame.bytes();
        int llc = frame.start() + Ethernet.LENGTH;
        int end = Math.min(frame.end(), llc + View.get16(bytes, llc - 2));
        int at = llc + Bpdu.LLC_LENGTH;
        if (!Bpdu.announced(bytes, llc, end) || !Bpdu.fits(bytes, at, end)) {
            ingress.drop(frame, Drop.NO_BPDU);
            return;
        }
        machine.receive(indexes[ingress.tag], heard.wrap(bytes, at), now);
        if (frame.traced()) {
            ingress.because("port is " + states[ingress.tag]);
        }
        ingress.consume(frame);
        next = machine.nextDeadline();
    }

    public long nextDeadline() {
        return Math.min(next, collectAt);
    }

    public void wake(long now) {
        if (machine.nextDeadline() <= now) {
            machine.wake(now);
            next = machine.nextDeadline();
        }
        if (collectAt <= now) {
            collect(now);
        }
    }

    /** br_fdb_cleanup: the next time is when the next entry is due, at the turn of a second. */
    private void collect(long now) {
        long due = Math.min(((Fdb) stations).sweep(hold, now), now + hold);
        collectAt = (due + SECOND / 100 + SECOND - 1) / SECOND * SECOND;
    }

    @Override
    public void send(int index, Bpdu bpdu, int length, long now) {
        Port port = ports.get(index);
        Frame frame = owner.node().originate(Ethernet.LENGTH + Bpdu.LLC_LENGTH + length);
        eth.wrap(frame).destination(Bpdu.GROUP).source(port.mac()).type(Bpdu.LLC_LENGTH + length);
        Bpdu.announce(frame.bytes(), eth.end());
        bpdu.copyTo(frame.bytes(), eth.end() + Bpdu.LLC_LENGTH, length);
        if (frame.traced()) {
            port.remark("spanning tree: port is " + states[port.tag]);
        }
        port.transmit(frame);
    }

    @Override
    public void changed(int index, PortState state, long now) {
        states[ports.get(index).tag] = state;
    }

    @Override
    public void flush(int index, long now) {
        stations.flush(ports.get(index).tag);
    }

    @Override
    public void hurry(boolean fast, long forwardDelay, long now) {
        hold = fast ? forwardDelay : usualAgeing;
        if (mode != Mode.LINUX) {
            stations.ageing(hold, now);
        }
    }
}
