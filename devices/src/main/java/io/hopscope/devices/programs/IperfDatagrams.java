package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.encap.Frame;
import java.util.function.LongConsumer;

/** Sends datagrams at a rate for a time, or so many bytes; a full send buffer holds it back, and it catches up. */
final class IperfDatagrams {
    /** Sends a frame of the socket's; returns what is wrong, or null. */
    interface Way {
        String send(Frame frame, long now);
    }

    private final IpStack stack;
    private final IperfPlan plan;
    private final UdpEndpoint socket;
    private final Way way;
    private final byte[] first;
    private final IperfTally tally;
    private final LongConsumer finished;
    private final double gap;
    private int number;
    private boolean stopped;
    private boolean ended;

    /**
     * @param data what every datagram is a copy of
     * @param finished told when the last with data has gone
     */
    IperfDatagrams(
            IpStack stack,
            IperfPlan plan,
            UdpEndpoint socket,
            Way way,
            byte[] data,
            IperfTally tally,
            LongConsumer finished) {
        this.stack = stack;
        this.plan = plan;
        this.socket = socket;
        this.way = way;
        this.tally = tally;
        this.finished = finished;
        first = data;
        gap = data.length * 8e12 / plan.rate;
    }

    void cancel() {
        stopped = true;
    }

    void pump(long now) {
        while (!stopped) {
            long due = tally.start + StrictMath.round(number * gap);
            boolean done = plan.amount > 0 ? tally.bytes >= plan.amount : due - tally.start >= plan.time;
            if (due > now) {
                stack.at(due, this::pump);
                return;
            } else if (done || plan.amount == 0 && now - tally.start >= plan.time) {
                stopped = true;
                tally.end = now;
                finished.accept(now);
                return;
            } else if (!socket.room()) {
                socket.await();
                return;
            }
            send(++number, now);
            tally.bytes += first.length;
            tally.end = now;
        }
    }

    /** The last one has a number below zero, and is sent until somebody says that it has come; it counts once. */
    void last(long now) {
        long before = tally.sent;
        send(-(number + 1), now);
        tally.sent = ended ? before : tally.sent;
        ended = true;
    }

    private void send(int as, long now) {
        Frame frame = socket.start(first.length);
        int at = frame.start() + UdpEndpoint.HEADERS;
        System.arraycopy(first, 0, frame.bytes(), at, first.length);
        IperfHeader.stamp(frame.bytes(), at, as, now);
        way.send(frame, now);
        tally.sent++;
    }
}
