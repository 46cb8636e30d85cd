package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.protocols.tcp.ByteSource;
import io.hopscope.protocols.tcp.TcpSocket;
import java.util.function.LongConsumer;

/** Fills a TCP connection for a time, or with so many bytes, as fast as it goes or as -b says. */
final class IperfSource {
    /** iperf's pattern. */
    private static final ByteSource PATTERN = (offset, to, at, length) -> {
        for (int i = 0; i < length; i++) {
            to[at + i] = (byte) ('0' + (offset + i) % 10);
        }
    };

    private final IpStack stack;
    private final IperfPlan plan;
    private final TcpSocket socket;
    private final IperfTally tally;
    private final LongConsumer finished;
    private boolean stopped;
    private boolean paused;
    /** What is left of the buffer being written. */
    private int rest;

    /**
     * @param finished told when there is nothing more to write
     */
    IperfSource(IpStack stack, IperfPlan plan, TcpSocket socket, IperfTally tally, LongConsumer finished) {
        this.stack = stack;
        this.plan = plan;
        this.socket = socket;
        this.tally = tally;
        this.finished = finished;
    }

    void begin(long now) {
        if (plan.amount == 0) {
            stack.at(now + plan.time, this::stop);
        }
        pump(now);
    }

    private void stop(long now) {
        if (!stopped) {
            stopped = true;
            tally.end = now;
            finished.accept(now);
        }
    }

    boolean stopped() {
        return stopped;
    }

    /** Nothing will be written any more, and nobody is to be told. */
    void cancel() {
        stopped = true;
    }

    void pump(long now) {
        while (!stopped && !paused) {
            if (rest == 0) {
                long left = plan.amount == 0 ? Long.MAX_VALUE : plan.amount - tally.bytes;
                rest = (int) Math.min(plan.length, left);
                if (rest == 0) {
                    stop(now);
                    return;
                }
                if (plan.rate > 0 && early(now)) {
                    rest = 0;
                    return;
                }
            }
            int taken = socket.write(PATTERN, tally.bytes, rest, now);
            tally.bytes += taken;
            tally.end = now;
            rest -= taken;
            if (rest > 0) {
                return;
            }
        }
    }

    /** With -b the next buffer has its instant. */
    private boolean early(long now) {
        long due = tally.start + StrictMath.round(tally.bytes * 8e12 / plan.rate);
        if (due <= now) {
            return false;
        }
        paused = true;
        stack.at(due, then -> {
            paused = false;
            pump(then);
        });
        return true;
    }
}
