package io.hopscope.scenarios.traffic;

import io.hopscope.core.Node;
import io.hopscope.core.RandomStream;
import io.hopscope.core.Timer;
import io.hopscope.devices.IpStack;
import io.hopscope.encap.Frame;

/** Sends for all endpoints of a node: a heap of when each is due, and one timer. */
final class Sender implements Timer.Wake {
    private static final int FIRST_PORT = 49_152;
    private static final int PORTS = 16_384;

    private final Traffic traffic;
    private final TrafficSpec spec;
    private final Node node;
    private final RandomStream random;
    private final Timer timer;
    private final Datagram datagram;
    /** A binary heap: instants, and the flows that are due then. */
    private final long[] due;

    private final int[] flows;
    private int size;
    /** By category. */
    final long[] sent;

    final long[] sentBits;
    /** Flows of several packets. */
    long begun;

    Sender(Traffic traffic, Node node, Datagram datagram, RandomStream random, int flows) {
        this.traffic = traffic;
        this.spec = traffic.spec();
        this.node = node;
        this.datagram = datagram;
        this.random = random;
        this.timer = new Timer(node, this);
        node.whenBooted(this::resume);
        this.due = new long[flows];
        this.flows = new int[flows];
        sent = new long[traffic.categories().names().size()];
        sentBits = new long[sent.length];
    }

    /** The flow's first packet is drawn; {@link #begin} when all are there. */
    void add(int flow) {
        double interval = traffic.part(flow).interval;
        double wait = spec.arrivals() == Arrivals.CONSTANT
                ? random.nextDouble() * interval
                : random.nextExponential(interval);
        if (wait < spec.duration()) {
            up(size++, spec.start() + (long) wait, flow);
        }
    }

    void begin() {
        if (size > 0) {
            timer.arm(due[0]);
        }
    }

    void stop() {
        size = 0;
        timer.cancel();
    }

    /** The node has booted again: what was due meanwhile is left out. */
    private void resume(long now) {
        while (size > 0 && due[0] < now) {
            int flow = flows[0];
            if (traffic.flows().left.length > 0) {
                traffic.flows().left[flow] = 0;
                traffic.flows().due[flow] = now;
            }
            long next = now + interval(traffic.part(flow));
            if (next < spec.end()) {
                down(next, flow);
            } else if (--size > 0) {
                down(due[size], flows[size]);
            }
        }
        begin();
    }

    @Override
    public void wake(long now) {
        while (size > 0 && due[0] <= now) {
            int flow = flows[0];
            long next = traffic.flows().left.length > 0 ? burst(flow, now) : single(flow, now);
            if (next < spec.end()) {
                down(next, flow);
            } else if (--size > 0) {
                down(due[size], flows[size]);
            }
        }
        begin();
    }

    private long single(int flow, long now) {
        Part part = traffic.part(flow);
        send(part, flow, part.destination(flow, random), now);
        return now + interval(part);
    }

    /** The next packet of a flow of several, or the first of another: they are sent one after the other. */
    private long burst(int flow, long now) {
        Part part = traffic.part(flow);
        Flows state = traffic.flows();
        if (state.left[flow] == 0) {
            state.left[flow] = spec.flows().next(random);
            state.target[flow] = part.destination(flow, random);
            state.due[flow] = (state.due[flow] == 0 ? now : state.due[flow]) + interval(part);
            begun++;
        }
        int length = send(part, flow, state.target[flow], now);
        if (--state.left[flow] > 0) {
            return now + Math.max(1, length * 8_000_000_000_000L / spec.pace());
        }
        return Math.max(now + 1, state.due[flow]);
    }

    private long interval(Part part) {
        return spec.arrivals() == Arrivals.CONSTANT
                ? Math.max(1, Math.round(part.interval))
                : 1 + (long) random.nextExponential(part.interval);
    }

    private int send(Part part, int flow, int to, long now) {
        int from = part.senders[flow - part.base];
        int length = spec.sizes().next(random);
        int category = traffic.category(to);
        IpStack stack = traffic.stack(from);
        Frame frame = node.originate(length);
        int sequence = traffic.flows().sent[flow]++;
        // An answer comes back to the port it was asked from, where this end's socket is.
        int port = spec.replies() == null ? FIRST_PORT + (flow & PORTS - 1) : spec.port();
        datagram.start(frame, traffic.address(from), traffic.address(to), port, spec.port())
                .set(flow, sequence, now, TrafficHeader.REQUEST, category);
        datagram.seal();
        sent[category]++;
        sentBits[category] += length * 8L;
        stack.sentDatagram();
        if (!stack.transmit(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        }
        return length;
    }

    private void up(int from, long instant, int flow) {
        int at = from;
        while (at > 0 && instant < due[(at - 1) >>> 1]) {
            int parent = (at - 1) >>> 1;
            due[at] = due[parent];
            flows[at] = flows[parent];
            at = parent;
        }
        due[at] = instant;
        flows[at] = flow;
    }

    /** Puts a flow in the place of the first. */
    private void down(long instant, int flow) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && due[child + 1] < due[child]) {
                child++;
            }
            if (instant <= due[child]) {
                break;
            }
            due[at] = due[child];
            flows[at] = flows[child];
            at = child;
        }
        due[at] = instant;
        flows[at] = flow;
    }
}
