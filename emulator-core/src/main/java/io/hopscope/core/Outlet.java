package io.hopscope.core;

import io.hopscope.core.qdisc.Discipline;
import io.hopscope.core.qdisc.Exit;
import io.hopscope.core.qdisc.FrameHeap;
import io.hopscope.core.qdisc.FrameQueue;
import io.hopscope.core.qdisc.Netem;
import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.encap.Frame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The sending side of a port that has a queue discipline, or whose cable is impaired; other ports have none that is open.
 * Frames wait in the discipline, are observed when they leave it, and then are on the wire; on an impaired cable that is
 * where they are lost, doubled and delayed. What is on its way stays in a heap here for as long as something sent later
 * could still arrive before it. That ends when the receiver may have to know of it, so no window is shortened.
 */
final class Outlet implements Exit {
    /** What {@link Frame#mark} says of a frame that arrives but is lost all the same. */
    static final int CUT = 1;

    static final int DAMAGED = 2;

    enum Drop implements DropReason {
        LOST("lost on the cable"),
        QDISC_FULL("the queue discipline's limit is reached"),
        CODEL("waited too long: CoDel"),
        FQ_CODEL_FULL("fq_codel's limit is reached: from the longest queue"),
        LARGER_THAN_BURST("larger than the token bucket"),
        NETEM_LOSS("lost by netem"),
        NETEM_LIMIT("netem's limit is reached"),
        QDISC_REMOVED("waited in a queue discipline that was taken away");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private final Port port;
    private final Node node;
    /** Null at a wire, which takes whatever comes. */
    private final Transmitter transmitter;
    /** Picoseconds that the cable takes at least. */
    private final long shortest;

    private final Timer timer;
    private final Map<String, LongSupplier> streams = new LinkedHashMap<>();
    /** The cable's own queue; with a discipline, what is left in it. */
    private final FrameQueue queue = new FrameQueue();
    /** How many at its head were observed before the outlet was opened. */
    private int observed;

    private final FrameHeap underWay = new FrameHeap();
    private Discipline discipline;
    /** Null for none. */
    private Discipline remembered;

    private Impairment impairment = Impairment.NONE;
    /** Made when the cable is impaired first. */
    private Netem netem;

    private boolean open;

    Outlet(Port port) {
        this.port = port;
        node = port.node();
        transmitter = port.transmitter();
        shortest = transmitter == null ? 0 : transmitter.shortest();
        timer = new Timer(node, this::serve);
    }

    /** Null where there is none. */
    Discipline discipline() {
        return discipline;
    }

    Impairment impairment() {
        return impairment;
    }

    /**
     * Another discipline, or none; what waits in the one before comes to nothing.
     *
     * @param spec null for none
     */
    void discipline(QdiscSpec spec, int handle, long now) {
        open();
        Discipline old = discipline;
        discipline = spec == null ? null : spec.make(this, handle);
        if (old != null) {
            old.purge();
        }
        serve(now);
    }

    void impair(Impairment by, long now) {
        open();
        impairment = by;
        if (netem == null) {
            netem = new Netem(by.netem(), this::stream);
        } else {
            netem.become(by.netem());
        }
        transmitter.pace(by.netem().pace());
        serve(now);
    }

    /** Takes the cable's queue over from the fast path. */
    private void open() {
        if (open) {
            return;
        }
        open = true;
        port.shaped(true);
        if (transmitter != null) {
            transmitter.close();
            for (Frame frame = transmitter.abandon(); frame != null; frame = transmitter.abandon()) {
                queue.add(frame);
                observed++;
            }
        }
    }

    /** Nothing was asked for any more, and nothing is left inside. */
    private void closeIfIdle() {
        if (open
                && discipline == null
                && queue.frames() == 0
                && underWay.size() == 0
                && impairment.equals(Impairment.NONE)) {
            open = false;
            port.shaped(false);
            if (transmitter != null) {
                transmitter.open();
            }
        }
    }

    /** Takes a frame that the device transmits, not yet observed. */
    void accept(Frame frame, long now) {
        if (!port.up()) {
            drop(frame, port.missing());
            return;
        } else if (discipline != null) {
            discipline.enqueue(frame, now);
        } else if (transmitter == null || queue.frames() < transmitter.capacity() || transmitter.freeAt() <= now) {
            queue.add(frame);
        } else {
            drop(frame, Transmitter.Drop.QUEUE_FULL);
        }
        serve(now);
    }

    /** Lets out what may go, and asks to be woken when more may. */
    void serve(long now) {
        boolean up = port.up();
        while (up && freeAt() <= now && begin(now)) {
            // One at a time: each takes the cable for as long as it lasts.
        }
        depart(now);
        arm(up, now);
        closeIfIdle();
    }

    private long freeAt() {
        return transmitter == null ? Long.MIN_VALUE : transmitter.freeAt();
    }

    /** The next transmission begins; returns false if nothing may go. */
    private boolean begin(long now) {
        Frame frame = queue.poll();
        boolean unseen = observed == 0;
        if (frame == null) {
            frame = discipline == null ? null : discipline.dequeue(now);
        } else if (!unseen) {
            observed--;
        }
        if (frame != null) {
            begin(frame, unseen ? observe(frame, now) : -1, now);
        }
        return frame != null;
    }

    private void arm(boolean up, long now) {
        long next = underWay.size() == 0 ? Long.MAX_VALUE : underWay.time() - shortest;
        if (up) {
            long wanted = queue.frames() > 0 ? now : discipline == null ? Long.MAX_VALUE : discipline.deadline(now);
            next = Math.min(next, Math.max(wanted, freeAt()));
        }
        timer.arm(next);
    }

    private int observe(Frame frame, long now) {
        if (!port.tapped) {
            return -1;
        } else if (frame.traced()) {
            node.takeUp(frame);
        }
        return node.observe(port, false, frame, now);
    }

    private void begin(Frame frame, int record, long now) {
        if (transmitter == null) {
            node.handOver(port.peer(), frame);
            return;
        }
        long arrival = transmitter.occupy(frame, now);
        if (netem == null) {
            underWay.add(frame, arrival);
        } else {
            pass(frame, record, arrival);
        }
    }

    /** On the cable. The fate of a copy is drawn before it is made: one that is lost need not be. */
    private void pass(Frame frame, int record, long arrival) {
        boolean twice = netem.duplicates();
        boolean first = survives(frame);
        boolean second = twice && survives(frame);
        if (!first && !second) {
            node.dropped(port, frame, Drop.LOST, record);
            return;
        }
        Frame copy = first && second ? copy(frame) : null;
        go(frame, arrival);
        if (copy != null) {
            go(copy, arrival);
        }
    }

    private boolean survives(Frame frame) {
        return !netem.loses() || netem.spares(frame);
    }

    private void go(Frame frame, long arrival) {
        if (netem.corrupts()) {
            netem.corrupt(frame);
            frame.mark = impairment.damagedPass() ? 0 : DAMAGED;
        }
        underWay.add(frame, arrival + (netem.ahead() ? 0 : Math.max(0, netem.delay())));
    }

    /** Into the medium with what nothing can overtake any more. */
    private void depart(long now) {
        while (underWay.size() > 0 && underWay.time() - shortest <= now) {
            long arrival = underWay.time();
            transmitter.medium.publish(underWay.poll(), arrival);
        }
    }

    /** The link is down: what waits ends here, what is on its way is lost where it would have arrived. */
    void cut(DropReason loss, long now) {
        while (queue.frames() > 0) {
            boolean unseen = observed == 0;
            observed -= unseen ? 0 : 1;
            if (unseen) {
                drop(queue.poll(), loss);
            } else {
                node.dropped(port, queue.poll(), loss, -1);
            }
        }
        for (Frame frame = inDiscipline(); frame != null; frame = inDiscipline()) {
            drop(frame, loss);
        }
        for (int i = 0; i < underWay.size(); i++) {
            underWay.get(i).mark = CUT;
        }
        serve(now);
    }

    private Frame inDiscipline() {
        return discipline == null ? null : discipline.abandon();
    }

    /** This is the discipline to boot with. */
    void remember() {
        remembered = discipline == null ? null : discipline.twin();
    }

    /** Power is lost with all that waits. */
    void forget(DropReason loss, long now) {
        cut(loss, now);
        if (discipline != null || remembered != null) {
            open();
            discipline = remembered;
            remember();
            serve(now);
        }
    }

    /** At the end of a run: what waits, and what is on its way. */
    Frame abandon() {
        Frame frame = queue.poll();
        frame = frame == null ? inDiscipline() : frame;
        return frame == null ? underWay.poll() : frame;
    }

    @Override
    public void drop(Frame frame, Reason reason) {
        drop(
                frame,
                switch (reason) {
                    case FULL -> Drop.QDISC_FULL;
                    case CODEL -> Drop.CODEL;
                    case FQ_CODEL_FULL -> Drop.FQ_CODEL_FULL;
                    case LARGER_THAN_BURST -> Drop.LARGER_THAN_BURST;
                    case NETEM_LOSS -> Drop.NETEM_LOSS;
                    case NETEM_LIMIT -> Drop.NETEM_LIMIT;
                    case REMOVED -> Drop.QDISC_REMOVED;
                });
    }

    private void drop(Frame frame, DropReason reason) {
        node.dropped(port, frame, reason, observe(frame, node.now));
    }

    @Override
    public Frame copy(Frame frame) {
        return node.copy(frame);
    }

    @Override
    public LongSupplier stream(String purpose) {
        return streams.computeIfAbsent(purpose, this::random);
    }

    private LongSupplier random(String purpose) {
        return node.network().seed().stream(port + " " + purpose)::nextLong;
    }

    @Override
    public int mtu() {
        return port.mtu();
    }
}
