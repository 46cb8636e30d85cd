package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * One chassis: devices, lanes, timers and the near ends of cables. Shares nothing with other nodes.
 *
 * <p>The next event is the earliest of timeline action, cable head, backlog head and timer; at one instant in that
 * order; cable heads of one instant by port; timers by order of arming. Hand-overs that take no lane time (patch ports,
 * the inner side of a NIC) come before anything else.
 */
public final class Node {
    /** More hand-overs than this at one instant are a loop without delay. */
    private static final int LOOP = 1_000_000;

    /** In place of an observation: there is a port to observe, and nobody does. */
    private static final int UNSEEN = -2;

    private static final Inlet[] NO_INLETS = {};
    private static final Outlet[] NO_OUTLETS = {};

    enum Drop implements DropReason {
        POWER_LOST("was inside when the node lost its power"),
        NO_POWER("the node has no power");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private record Scheduled(long instant, long order, Action action) implements Comparable<Scheduled> {
        @Override
        public int compareTo(Scheduled other) {
            int byTime = Long.compare(instant, other.instant);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Free for the devices of the node: what they share. */
    public Object attachment;

    private final Network network;
    private final String name;
    private final int ordinal;
    private final List<Device> devices = new ArrayList<>(2);
    private final PriorityQueue<Scheduled> actions = new PriorityQueue<>(1);
    private long actionOrders;
    final Timers timers = new Timers();
    private Lane[] lanes = {};
    private Lane pipeline;
    private Lane express;
    private long laneNext = Long.MAX_VALUE;
    private int ports;

    private Inlet[] inlets = NO_INLETS;
    private Port[] cabled = {};
    /** By port, of those that ever had one. */
    private Outlet[] outlets = NO_OUTLETS;
    /** Of queue disciplines: Linux counts from 8001. */
    private int handles = 0x8000;

    private long later;

    Cell cell;
    Worker worker;
    long now;
    private int handOvers;
    private long journeys;
    private long sequenceStep;

    private Port current;
    private Frame currentFrame;
    private long serviceStart;
    private int inbound = -1;
    private String carried;
    private Port remarkPort;
    private String remark;

    /** Whether power may be lost in this run. */
    private boolean mortal;

    private boolean dark;
    /** Where what is discarded counts as lost: set while power is lost. */
    private Port losing;

    private List<Action> lastWords = List.of();
    private List<Action> firstWords = List.of();

    Node(Network network, String name, int ordinal) {
        this.network = network;
        this.name = name;
        this.ordinal = ordinal;
    }

    public Network network() {
        return network;
    }

    public String name() {
        return name;
    }

    /** Position among the nodes, in order of their making. */
    public int ordinal() {
        return ordinal;
    }

    /** The instant of the event being handled, in picoseconds. */
    public long now() {
        return now;
    }

    public List<Device> devices() {
        return devices;
    }

    /** Null if there is none of that name. */
    public Device device(String deviceName) {
        for (Device device : devices) {
            if (device.name().equals(deviceName)) {
                return device;
            }
        }
        return null;
    }

    void add(Device device) {
        devices.add(device);
    }

    int nextPortOrdinal() {
        return ports++;
    }

    /** The lane that a node's devices share unless they have their own. */
    Lane lane() {
        return lanes.length == 0 ? anotherLane() : lanes[0];
    }

    Lane anotherLane() {
        return add(new Lane(this, -1));
    }

    Lane pipeline(long latency) {
        if (pipeline == null) {
            pipeline = add(new Lane(this, latency));
        }
        return pipeline;
    }

    private Lane add(Lane lane) {
        lanes = Arrays.copyOf(lanes, lanes.length + 1);
        lanes[lanes.length - 1] = lane;
        return lane;
    }

    void add(Inlet inlet) {
        inlets = Arrays.copyOf(inlets, inlets.length + 1);
        inlets[inlets.length - 1] = inlet;
    }

    Outlet outlet(Port port) {
        int at = port.ordinal();
        if (at >= outlets.length) {
            outlets = Arrays.copyOf(outlets, ports);
        }
        if (outlets[at] == null) {
            outlets[at] = new Outlet(port);
        }
        return outlets[at];
    }

    /** A number for a queue discipline that was given none. */
    public int nextHandle() {
        return ++handles;
    }

    /** Schedules a timeline action; actions of one instant run in the order of these calls. */
    public void at(long instant, Action action) {
        actions.add(new Scheduled(Math.max(instant, now), actionOrders++, action));
    }

    /** A new frame, the start of a journey. Its bytes are whatever was in the pool. */
    public Frame originate(int length) {
        Frame frame = worker.pool.take(length);
        worker.originated++;
        frame.journey(1 + ordinal + journeys++ * sequenceStep);
        frame.traced(network.tracing && journeys <= network.traceLimit);
        return frame;
    }

    /** Takes a frame back that was begun and comes to nothing: it was never sent. */
    public void unmake(Frame frame) {
        worker.originated--;
        worker.pool.give(frame);
    }

    /** A new journey that another one caused, as an ICMP error does. */
    public Frame originate(int length, Frame cause) {
        Frame frame = originate(length);
        if (frame.traced()) {
            carry("caused by journey " + cause.journey());
        }
        return frame;
    }

    /** A branch of the same journey, for flooding. */
    public Frame copy(Frame frame) {
        Frame branch = worker.pool.take(frame.length());
        worker.copied++;
        branch.copyFrom(frame);
        return branch;
    }

    /**
     * A copy of a frame to be lent to many ports ({@link Port#lend}), in {@link Frame#mark} to how many. Whoever floods
     * says when that is done, by {@link #lent}.
     */
    public Frame master(Frame frame) {
        Frame master = worker.pool.take(frame.length());
        master.copyFrom(frame);
        master.mark = 1;
        return master;
    }

    /** Nobody else will be lent the frame: it is given back when the last of those who were is done with it. */
    public void lent(Frame master) {
        returned(master);
    }

    /** Gives a kept frame back: at the end of a run it was still in flight, and when power is lost it is lost. */
    public void discard(Frame frame) {
        if (losing != null) {
            dropped(losing, frame, Drop.POWER_LOST, -1);
        } else {
            worker.pool.give(frame);
        }
    }

    /** Before the run: power may be lost in it, so that devices keep their configuration. */
    void expectPowerLoss() {
        mortal = true;
    }

    /** The run begins: devices remember how they were configured, where that may be needed. */
    void begin(long now) {
        if (mortal) {
            devices.forEach(Device::remember);
            Arrays.stream(outlets).filter(Objects::nonNull).forEach(Outlet::remember);
        }
        devices.forEach(device -> device.start(now));
    }

    /** Whether the node has power. */
    public boolean powered() {
        return !dark;
    }

    /** Calls once when power is lost; of no effect where nobody may take it. */
    public void whenPowerIsLost(Action action) {
        if (mortal) {
            lastWords = lastWords.isEmpty() ? new ArrayList<>(2) : lastWords;
            lastWords.add(action);
        }
    }

    /** Calls each time the node has booted again; of no effect where power cannot be lost. */
    public void whenBooted(Action action) {
        firstWords = firstWords.isEmpty() ? new ArrayList<>(2) : firstWords;
        firstWords.add(action);
    }

    /** Power is lost with everything that is inside, or comes back: then devices start with the configuration they had. */
    void power(boolean on, long now) {
        if (on != dark) {
            return;
        }
        // First of all: a frame that is lost frees room, and nobody is left who could fill it.
        dark = true;
        lose(now);
        if (!on) {
            List<Action> told = lastWords;
            lastWords = List.of();
            told.forEach(each -> each.run(now));
            return;
        }
        dark = false;
        devices.forEach(device -> device.ports().forEach(port -> port.power(true, now)));
        devices.forEach(device -> device.start(now));
        firstWords.forEach(each -> each.run(now));
    }

    /** Frames, timers and what devices have learned. */
    private void lose(long now) {
        carried = null;
        remarkPort = null;
        for (Lane lane : lanes) {
            while (!lane.idle()) {
                Port port = lane.port();
                if (lane.lent()) {
                    droppedLent(port, Drop.POWER_LOST);
                    returned(lane.abandon());
                } else {
                    dropped(port, lane.abandon(), Drop.POWER_LOST, -1);
                }
            }
        }
        laneNext = Long.MAX_VALUE;
        for (Device device : devices) {
            if (!device.ports().isEmpty()) {
                losing = device.ports().get(0);
                device.release();
            }
            device.ports().forEach(port -> port.power(false, now));
        }
        losing = null;
        timers.clear();
        for (Outlet each : outlets) {
            if (each != null) {
                each.forget(Drop.POWER_LOST, now);
            }
        }
        devices.forEach(Device::lose);
    }

    void prepare(int nodes) {
        sequenceStep = nodes;
        Arrays.sort(inlets, Comparator.comparingInt(inlet -> inlet.port.ordinal()));
        cabled = Arrays.stream(inlets).map(inlet -> inlet.port).toArray(Port[]::new);
    }

    /** What a frame that comes in takes at least before this node can send anything for its sake. */
    long transit() {
        long least = Long.MAX_VALUE;
        for (Inlet inlet : inlets) {
            least = Math.min(
                    least, inlet.port.direct ? 0 : inlet.port.device().lane.latency());
        }
        return least;
    }

    /** The earliest instant at which something is to do, cables aside. */
    long nextOwn() {
        long next = actions.isEmpty() ? Long.MAX_VALUE : actions.peek().instant;
        return Math.min(next, Math.min(laneNext, timers.deadline()));
    }

    /** Runs every event before {@code end}; returns the instant of the next one. */
    long run(long end) {
        try {
            gather(end);
            return events(end);
        } catch (ScenarioError | Bug known) {
            throw known;
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            throw new Bug(describe(e), e);
        } finally {
            worker.publish();
        }
    }

    private long events(long end) {
        Agenda agenda = worker.agenda;
        while (true) {
            long a = actions.isEmpty() ? Long.MAX_VALUE : actions.peek().instant;
            long c = Math.min(later, agenda.time());
            long t = timers.deadline();
            long first = Math.min(Math.min(a, c), Math.min(laneNext, t));
            if (first >= end) {
                return first;
            }
            if (first > now) {
                now = first;
                handOvers = 0;
            }
            if (a == first) {
                actions.poll().action.run(now);
            } else if (c == first) {
                arrive(agenda);
            } else if (laneNext == first) {
                serve();
            } else {
                timers.fire(now);
                // What was said of a frame that ended there belongs to no other.
                carried = null;
            }
            if (express != null && !express.idle()) {
                expressWork();
            }
        }
    }

    private void gather(long end) {
        Agenda agenda = worker.agenda;
        boolean crowded = worker.crowded();
        if (crowded && inlets.length > 1) {
            looked(touchInlets());
        }
        agenda.clear();
        later = Long.MAX_VALUE;
        for (Inlet inlet : inlets) {
            later = Math.min(later, inlet.gather(end, agenda));
        }
        agenda.sort();
        if (agenda.count() > 0 && crowded) {
            agenda.readAhead(devices);
            long sum = 0;
            for (Port each : cabled) {
                sum += each.transmitter().medium.readAhead(agenda.count() / cabled.length);
            }
            looked(sum);
        }
    }

    private long touchInlets() {
        long sum = 0;
        for (Inlet inlet : inlets) {
            sum += inlet.touch();
        }
        return sum;
    }

    /** What a run reads of the node itself, step by step: each step reads what the one before has led to. */
    long touch(int step) {
        if (step == 0) {
            return now + inlets.length;
        }
        long sum = timers.deadline() + (actions.isEmpty() ? 0 : 1);
        if (inlets.length > 0) {
            sum += step == 1 ? inlets[0].next : inlets[0].touch();
        }
        if (lanes.length > 0) {
            sum += step == 1 ? lanes[0].due : lanes[0].touch();
        }
        return sum;
    }

    /** Takes values that were read for the sake of the cache, so that the compiler does not leave the reading out. */
    public void looked(long value) {
        worker.looked += value;
    }

    private void arrive(Agenda agenda) {
        Port port = agenda.port();
        Frame frame = agenda.take();
        if (port.link != Port.STEADY) {
            DropReason lost = port.lost(frame, now);
            if (lost != null) {
                refuse(port, frame, dark ? Drop.NO_POWER : lost);
                return;
            }
        }
        Device device = port.device();
        Lane lane = device.lane;
        if (port.direct || (lane.idle() && device.cost.free() && !lane.pipelined())) {
            deliver(port, frame, now);
        } else if (!lane.offer(port, frame, false, now)) {
            refuse(port, frame, Lane.Drop.BACKLOG_FULL);
        }
    }

    /** A frame that dies before it goes out: its end is seen where that would have been. */
    void withheld(Port port, Frame frame, DropReason reason) {
        int record = -1;
        if (port.tapped) {
            record = observe(port, false, frame, now);
            worker.chunk.unseen(record);
        }
        dropped(port, frame, reason, record);
    }

    private void refuse(Port port, Frame frame, DropReason reason) {
        int record = port.tapped ? observe(port, true, frame, now) : -1;
        dropped(port, frame, reason, record);
    }

    void laneDue(long due) {
        if (due < laneNext) {
            laneNext = due;
        }
    }

    private void serve() {
        Lane lane = lanes[0];
        for (int i = 1; lane.due != laneNext; i++) {
            lane = lanes[i];
        }
        laneNext = Long.MAX_VALUE;
        lane.serve(now);
        long next = Long.MAX_VALUE;
        for (Lane each : lanes) {
            next = Math.min(next, each.due);
        }
        laneNext = next;
    }

    private void expressWork() {
        while (!express.idle()) {
            express.serve(now);
        }
    }

    /** Across a wire: a slot in the backlog of the far device's lane, never a call. */
    void handOver(Port to, Frame frame) {
        countHandOver(to);
        if (dark) {
            refuse(to, frame, Drop.NO_POWER);
            return;
        }
        Lane lane = to.device().lane;
        if (to.direct) {
            if (express == null) {
                express = new Lane(this, -1).express();
            }
            lane = express;
        }
        if (!lane.offer(to, frame, false, now)) {
            refuse(to, frame, Lane.Drop.BACKLOG_FULL);
        }
    }

    private void countHandOver(Port to) {
        if (++handOvers > LOOP) {
            throw new ScenarioError("a loop without delay: more than " + LOOP + " frames handed over in node " + name
                    + " at " + now / 1000 + " ns, the last of them into " + to);
        }
    }

    /** A copy that nobody has until somebody asks for it: counted as one, all the same. */
    void lend(Port to, Frame master) {
        countHandOver(to);
        worker.copied++;
        if (dark) {
            droppedLent(to, Drop.NO_POWER);
        } else if (to.device().lane.offer(to, master, true, now)) {
            master.mark++;
        } else {
            droppedLent(to, Lane.Drop.BACKLOG_FULL);
        }
    }

    private void droppedLent(Port port, DropReason reason) {
        port.count(reason);
        worker.dropped++;
    }

    void deliverLent(Port port, Frame master, long start) {
        if (port.device().ignores(port, master)) {
            worker.events++;
            worker.consumed++;
            returned(master);
            return;
        }
        Frame own = worker.pool.take(master.length());
        own.copyFrom(master);
        returned(master);
        deliver(port, own, start);
    }

    void returned(Frame master) {
        if (--master.mark == 0) {
            worker.pool.give(master);
        }
    }

    void deliver(Port port, Frame frame, long start) {
        worker.events++;
        current = port;
        currentFrame = frame;
        serviceStart = start;
        // Few stores: each of a reference costs a card mark, and this is the hottest line there is.
        if (frame.note != null) {
            carried = frame.note;
            frame.note = null;
        }
        if (port.tapped) {
            inbound = observe(port, true, frame, start);
            port.device().receive(port, frame, now);
            inbound = -1;
        } else {
            if (!port.hidden()) {
                // Nobody looks at this port: what was said there is said to nobody, and not of the next port.
                carried = null;
                inbound = UNSEEN;
            }
            port.device().receive(port, frame, now);
            // An observation inside, as of a bond, was of this frame: it says nothing of the next.
            inbound = -1;
        }
        if (carried != null) {
            carried = null;
        }
    }

    int observe(Port port, boolean in, Frame frame, long time) {
        String comment = null;
        if (frame.traced()) {
            comment = in ? takeCarried() : takeRemark(port);
        }
        return worker.chunk.record(port, in, frame, time, comment);
    }

    void observeInside(Port port, Frame frame) {
        inbound = observe(port, true, frame, serviceStart);
    }

    void overhear(Port port, Frame frame, String why) {
        worker.chunk.record(port, true, frame, now, frame.traced() ? why : null);
    }

    private String takeCarried() {
        String text = carried;
        carried = null;
        return text;
    }

    /** Past a hidden port, what was said goes with the frame; at one that nobody looks at it is said to nobody. */
    void carryOn(Port port, Frame frame) {
        String text = takeCarried();
        frame.note = port.hidden() ? text : null;
    }

    private String takeRemark(Port port) {
        String text = takeCarried();
        if (remarkPort == port) {
            text = text == null ? remark : text + "; " + remark;
            remarkPort = null;
            remark = null;
        }
        return text;
    }

    void because(String text) {
        if (inbound >= 0) {
            worker.chunk.comment(inbound, text);
        } else if (inbound != UNSEEN) {
            carry(text);
        }
    }

    /** Says why the next frame of this node goes out, whatever port it takes; call it only for a traced frame. */
    public void remark(String text) {
        carry(text);
    }

    /** As {@link #setAside(Frame)}, with what was said of the next frame of a port; returns -1 for no observation. */
    int setAside(Port port, Frame frame) {
        if (frame.traced()) {
            frame.note = takeRemark(port);
        }
        return -1;
    }

    /** A frame that has to wait takes along what was said of it: what is said next is of other frames. */
    public void setAside(Frame frame) {
        frame.note = takeCarried();
    }

    /** The frame goes on, and what was said of it with it. */
    public void takeUp(Frame frame) {
        carried = frame.note;
        frame.note = null;
    }

    /** Without an observation to go with, a reason goes with the next one of the same frame. */
    private void carry(String text) {
        carried = carried == null ? text : carried + "; " + text;
    }

    void remark(Port port, String text) {
        remark = remarkPort == port ? remark + "; " + text : text;
        remarkPort = port;
    }

    void dropped(Port port, Frame frame, DropReason reason, int record) {
        port.count(reason);
        int where = record >= 0 ? record : frame == currentFrame ? inbound : -1;
        if (where < 0 && port.tapped) {
            // A frame that was kept, or that came in unseen: its end is seen all the same.
            where = observe(port, true, frame, now);
            worker.chunk.unseen(where);
        }
        if (where >= 0) {
            worker.chunk.dropped(where, "drop: " + reason.text());
        }
        worker.drop(frame);
    }

    /** No observation of this node will be earlier than this. */
    long oldest() {
        long oldest = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            oldest = Math.min(oldest, lane.oldest());
        }
        return oldest;
    }

    private String describe(Throwable e) {
        var text = new StringBuilder(256);
        text.append(e.getClass().getSimpleName()).append(": ").append(e.getMessage());
        text.append("\n  at ").append(now).append(" ps of virtual time, node ").append(name);
        if (currentFrame != null) {
            text.append(", port ")
                    .append(current)
                    .append(", device kind ")
                    .append(current.device().kind());
            text.append(", journey ").append(currentFrame.journey()).append('\n');
            HexDump.append(text, currentFrame);
        }
        return text.toString();
    }

    /** Counts the frames in flight and gives them back. */
    long abandon() {
        long frames = 0;
        for (Lane lane : lanes) {
            frames += abandon(lane);
        }
        if (express != null) {
            frames += abandon(express);
        }
        for (Inlet inlet : inlets) {
            for (Frame frame = inlet.abandon(); frame != null; frame = inlet.abandon()) {
                discard(frame);
                frames++;
            }
        }
        for (Device device : devices) {
            frames += device.held();
            device.release();
            for (Port port : device.ports()) {
                frames += port.transmitter() == null ? 0 : abandon(port.transmitter());
            }
        }
        for (Outlet each : outlets) {
            for (Frame frame = each == null ? null : each.abandon(); frame != null; frame = each.abandon()) {
                discard(frame);
                frames++;
            }
        }
        return frames;
    }

    private long abandon(Lane lane) {
        long frames = lane.waiting();
        while (!lane.idle()) {
            if (lane.lent()) {
                returned(lane.abandon());
            } else {
                discard(lane.abandon());
            }
        }
        return frames;
    }

    private long abandon(Transmitter transmitter) {
        long frames = transmitter.queued();
        for (Frame frame = transmitter.abandon(); frame != null; frame = transmitter.abandon()) {
            discard(frame);
        }
        return frames;
    }

    @Override
    public String toString() {
        return name;
    }
}
