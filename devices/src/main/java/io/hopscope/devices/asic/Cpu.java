package io.hopscope.devices.asic;

import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.encap.Frame;
import io.hopscope.protocols.asic.PuntClass;
import io.hopscope.protocols.asic.TokenBucket;
import java.util.function.Consumer;

/**
 * The way to a switch's CPU, and the CPU as a server: a policer and a bounded queue a class, served in strict order, so
 * many packets a second. Without policing one queue for all, and whatever comes too fast takes the room of the rest.
 * Packets that are forwarded in software take a while longer, in order.
 */
final class Cpu {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int CLASSES = PuntClass.values().length;

    /** Takes a frame that the CPU has got to; it is the taker's. */
    interface Software {
        void handle(PuntQueue.Punt punt, long now);
    }

    private final Software software;
    private final AsicSpec.Cpu spec;
    private final RandomStream random;
    /** Empty where nothing is policed. */
    private final TokenBucket[] policers;

    private final PuntQueue[] queues;
    private final PuntQueue slow = new PuntQueue(Integer.MAX_VALUE);
    private final PuntQueue.Punt served = new PuntQueue.Punt();
    private final PuntQueue.Punt ready = new PuntQueue.Punt();
    private final long service;
    private int waiting;
    private long done = Long.MAX_VALUE;
    /** Start of the time without a pause that the CPU is in. */
    private long busySince;

    private long lastDue;
    private long busy;
    private long punted;
    private long policed;
    private long overflowed;
    private final long[] handled = new long[CLASSES];
    private final long[] refused = new long[CLASSES];

    Cpu(AsicSpec.Cpu spec, Software software, RandomStream random) {
        this.spec = spec;
        this.software = software;
        this.random = random;
        policers = spec.copp().policers();
        queues = new PuntQueue[policers.length == 0 ? 1 : CLASSES];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new PuntQueue(spec.queue());
        }
        service = SECOND / spec.rate();
    }

    /** The frame is the CPU's: it will be handled, or has been dropped. */
    void punt(PuntClass type, Port ingress, int vlan, Frame frame, long now) {
        punted++;
        if (policers.length > 0 && !policers[type.ordinal()].take(now)) {
            policed++;
            refused[type.ordinal()]++;
            ingress.drop(frame, Drop.POLICED);
            return;
        }
        PuntQueue queue = queues[queues.length == 1 ? 0 : type.ordinal()];
        if (queue.full()) {
            overflowed++;
            refused[type.ordinal()]++;
            ingress.drop(frame, Drop.CPU_QUEUE_FULL);
            return;
        }
        PuntQueue.Punt place = queue.add();
        place.frame = frame;
        place.ingress = ingress;
        place.vlan = vlan;
        place.type = type;
        waiting++;
        if (done == Long.MAX_VALUE) {
            busySince = now;
            begin(now);
        }
    }

    private void begin(long now) {
        for (PuntQueue queue : queues) {
            if (queue.size() > 0) {
                served.set(queue.poll());
                waiting--;
                done = now + service;
                return;
            }
        }
        done = Long.MAX_VALUE;
    }

    long nextDeadline() {
        return slow.size() == 0 ? done : Math.min(done, slow.peek().due);
    }

    /** Handles one frame at most, so that what is said of it stays with it; ask again. */
    void wake(long now) {
        if (slow.size() > 0 && slow.peek().due <= now) {
            software.handle(slow.poll(), now);
        } else if (done <= now) {
            busy += service;
            handled[served.type.ordinal()]++;
            ready.set(served);
            begin(now);
            if (slow(ready.type)) {
                lastDue = Math.max(lastDue, now + delay());
                ready.due = lastDue;
                slow.add().set(ready);
            } else {
                software.handle(ready, now);
            }
        }
    }

    private static boolean slow(PuntClass type) {
        return type.compareTo(PuntClass.NEIGHBOUR) >= 0;
    }

    private long delay() {
        return spec.delay() - spec.jitter() + (long) (random.nextDouble() * 2 * spec.jitter());
    }

    /** How long the CPU has been busy without a pause. */
    long overload(long now) {
        return done == Long.MAX_VALUE ? 0 : now - busySince;
    }

    /** Frames inside. */
    int held() {
        return waiting + slow.size() + (done == Long.MAX_VALUE ? 0 : 1);
    }

    /** Gives everything away that is inside: at a crash, and at the end. */
    void empty(Consumer<PuntQueue.Punt> to) {
        if (done != Long.MAX_VALUE) {
            to.accept(served);
            done = Long.MAX_VALUE;
        }
        for (PuntQueue queue : queues) {
            while (queue.size() > 0) {
                to.accept(queue.poll());
            }
        }
        while (slow.size() > 0) {
            to.accept(slow.poll());
        }
        waiting = 0;
    }

    /** Picoseconds of work done. */
    long busy() {
        return busy;
    }

    /** Frames that were on their way to the CPU. */
    long punted() {
        return punted;
    }

    /** Those that CoPP dropped. */
    long policed() {
        return policed;
    }

    /** Those that found the queue full. */
    long overflowed() {
        return overflowed;
    }

    int waiting() {
        return waiting;
    }

    /** Frames of a class that the CPU got to. */
    long handled(PuntClass type) {
        return handled[type.ordinal()];
    }

    /** Frames of a class that did not reach it. */
    long refused(PuntClass type) {
        return refused[type.ordinal()];
    }
}
