package io.hopscope.core;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the workers' observations into one order at window edges and hands them to the sinks, batch by batch: on a thread
 * of their own, through a ring, where there is a core for it, otherwise at once. A slow sink holds the run back here and
 * nowhere else.
 */
final class Recorder {
    private static final int BATCH_BYTES = 1 << 17;
    private static final int BATCH_RECORDS = 1 << 11;
    private static final int GROUP = 32;

    /** Chunks full of bytes, and the order in which to read them. */
    private static final class Batch {
        private final Chunk[] chunks;
        private long[] order = new long[1024];
        private int count;

        Batch(int workers, Port[] ports, int snapLength) {
            chunks = new Chunk[workers];
            for (int i = 0; i < workers; i++) {
                chunks[i] = new Chunk(ports, snapLength);
            }
        }

        void add(long[] references, int n) {
            if (count + n > order.length) {
                order = Arrays.copyOf(order, Math.max(order.length * 2, count + n));
            }
            System.arraycopy(references, 0, order, count, n);
            count += n;
        }
    }

    private final Worker[] workers;
    private final List<CaptureSink> sinks;
    private final RingBuffer<Batch> ring;
    private final Sequence written = new Sequence(-1);
    private final SequenceBarrier barrier;
    /** Null where sinks are called at once. */
    private final Thread writer;

    private final CaptureRecord record = new CaptureRecord();
    private final Chunk[] chunks;
    private final int[] seen;
    private final RunOrder pending;
    private long[] order = new long[1024];
    private int ordered;
    private volatile Throwable failure;
    private boolean closed;
    /** Keeps the compiler from leaving out loads whose values nobody needs. */
    private long touched;

    Recorder(Worker[] workers, List<CaptureSink> sinks, List<Port> ports, int snapLength) {
        this.workers = workers;
        this.sinks = sinks;
        Port[] table = ports.toArray(new Port[0]);
        chunks = new Chunk[workers.length];
        for (int i = 0; i < workers.length; i++) {
            chunks[i] = workers[i].chunk = new Chunk(table, snapLength);
        }
        seen = new int[workers.length];
        pending = new RunOrder(chunks);
        ring = RingBuffer.createSingleProducer(
                () -> new Batch(workers.length, table, snapLength), 4, new BlockingWaitStrategy());
        ring.addGatingSequences(written);
        barrier = ring.newBarrier();
        sinks.forEach(sink -> sink.start(ports));
        // A thread more than there are cores makes the others wait for it: on two cores, with an output that hashes on
        // one
        // of them, a captured port took 120 ns so and takes 78 without.
        boolean spare = Runtime.getRuntime().availableProcessors() > workers.length + 1;
        writer = spare ? new Thread(this::write, "hopscope-capture") : null;
        if (writer != null) {
            writer.setDaemon(true);
            writer.start();
        }
    }

    /**
     * All windows before this edge have run.
     *
     * @param watermark nothing earlier will be recorded any more
     */
    void edge(long watermark) {
        int bytes = 0;
        for (int w = 0; w < workers.length; w++) {
            Chunk chunk = chunks[w];
            for (int i = seen[w]; i < chunk.count; i++) {
                pending.add(w, i, chunk.time(i));
            }
            seen[w] = chunk.count;
            bytes += chunk.bytesUsed;
        }
        if (pending.count > 0) {
            settle(watermark);
        }
        if (bytes > BATCH_BYTES || ordered > BATCH_RECORDS) {
            publish();
        }
    }

    private void settle(long watermark) {
        pending.sort();
        int n = pending.before(watermark);
        if (ordered + n > order.length) {
            order = Arrays.copyOf(order, Math.max(order.length * 2, ordered + n));
        }
        System.arraycopy(pending.references, 0, order, ordered, n);
        ordered += n;
        pending.removeFirst(n);
    }

    private void publish() {
        if (failure != null) {
            return;
        }
        long sequence = ring.next();
        Batch batch = ring.get(sequence);
        batch.count = 0;
        batch.add(order, ordered);
        ordered = 0;
        for (int w = 0; w < workers.length; w++) {
            Chunk fresh = batch.chunks[w];
            fresh.clear();
            batch.chunks[w] = chunks[w];
            chunks[w] = workers[w].chunk = fresh;
        }
        keepPending(batch);
        for (int w = 0; w < workers.length; w++) {
            seen[w] = chunks[w].count;
        }
        ring.publish(sequence);
        if (writer == null) {
            writeNow(batch, sequence);
        }
    }

    private void writeNow(Batch batch, long sequence) {
        try {
            write(batch);
            sinks.forEach(CaptureSink::flush);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        written.set(sequence);
    }

    private void keepPending(Batch batch) {
        for (int i = 0; i < pending.count; i++) {
            int w = (int) (pending.references[i] >>> 32);
            int index = chunks[w].adopt(batch.chunks[w], (int) pending.references[i]);
            pending.references[i] = (long) w << 32 | index;
        }
    }

    /** The last observation is made: writes what is left and waits for the sinks. */
    void close() {
        if (!closed) {
            closed = true;
            edge(Long.MAX_VALUE);
            publish();
            if (writer == null) {
                end();
            } else {
                await();
            }
        }
        check();
    }

    /** Ends every sink, whatever happened to another: what a capture has taken is to be found in its file. */
    private void end() {
        for (CaptureSink sink : sinks) {
            try {
                sink.end();
            } catch (RuntimeException | Error e) {
                failure = failure == null ? e : failure;
            }
        }
    }

    private void await() {
        barrier.alert();
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Raises what stopped a sink, if anything did. */
    void check() {
        Throwable reason = failure;
        if (reason instanceof RuntimeException e) {
            throw e;
        } else if (reason != null) {
            throw new IllegalStateException(reason);
        }
    }

    private void write() {
        long next = 0;
        try {
            while (true) {
                long available = await(next);
                if (available < next) {
                    break;
                }
                while (next <= available) {
                    write(ring.get(next));
                    written.set(next++);
                }
                sinks.forEach(CaptureSink::flush);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            written.set(Long.MAX_VALUE - 1);
        }
        end();
    }

    private long await(long next) {
        while (true) {
            try {
                return barrier.waitFor(next);
            } catch (AlertException e) {
                // The alert stays on: what is left is read without waiting, then the end is reported.
                return ring.getCursor() < next ? -1 : ring.getCursor();
            } catch (InterruptedException | TimeoutException e) {
                // Nobody interrupts this thread, and the strategy has no time-out: look again.
                Thread.onSpinWait();
            }
        }
    }

    /**
     * In groups: what another core wrote comes over a line at a time, and many lines that are asked for one after the
     * other come together, where each would be waited for if it were asked for when needed.
     */
    private void write(Batch batch) {
        for (int from = 0; from < batch.count; from += GROUP) {
            int to = Math.min(from + GROUP, batch.count);
            long sum = 0;
            for (int i = from; i < to; i++) {
                long reference = batch.order[i];
                sum += batch.chunks[(int) (reference >>> 32)].touchWords((int) reference);
            }
            for (int i = from; i < to; i++) {
                long reference = batch.order[i];
                sum += batch.chunks[(int) (reference >>> 32)].touchBytes((int) reference);
            }
            touched += sum;
            write(batch, from, to);
        }
    }

    private void write(Batch batch, int from, int to) {
        for (int i = from; i < to; i++) {
            long reference = batch.order[i];
            batch.chunks[(int) (reference >>> 32)].read((int) reference, record);
            for (int s = 0; s < sinks.size(); s++) {
                sinks.get(s).packet(record);
            }
        }
    }
}
