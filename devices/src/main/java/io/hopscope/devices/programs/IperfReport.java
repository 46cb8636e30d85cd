package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import java.util.ArrayList;
import java.util.List;

/** What iperf prints of a group of streams that began together: intervals, results, sums. */
final class IperfReport {
    private final IpStack stack;
    private final Task task;
    private final IperfPlan plan;
    private final List<IperfStream> streams = new ArrayList<>(1);
    private final Runnable whenOver;
    private String headed = "";
    private long start = -1;
    private int intervals;
    private boolean ended;
    /** Streams that are still to begin or to be closed. */
    private int expected;

    private boolean closing;

    /**
     * @param whenOver called when all streams have ended
     */
    IperfReport(IpStack stack, Task task, IperfPlan plan, Runnable whenOver) {
        this.stack = stack;
        this.task = task;
        this.plan = plan;
        this.whenOver = whenOver;
    }

    /**
     * So many streams will begin.
     *
     * @param closed whether each is over only when it is {@link #closed}
     */
    void expect(int count, boolean closed) {
        expected = count;
        closing = closed;
    }

    /** A stream that was to begin does not. */
    void failed() {
        expected--;
        settle();
    }

    /** A stream has nothing more to tell. */
    void closed() {
        expected--;
        settle();
    }

    private void settle() {
        if (expected <= 0 && streams.stream().allMatch(each -> each.over)) {
            whenOver.run();
        }
    }

    void add(IperfStream stream) {
        streams.add(stream);
        if (start < 0) {
            start = stream.tally.start;
            if (plan.interval > 0) {
                stack.at(start + plan.interval, this::tick);
            }
        }
    }

    /** A daemon's output goes nowhere. */
    private void say(String text) {
        if (!task.ended()) {
            task.line(text);
        }
    }

    private void head(IperfStream of) {
        String wanted = of.udp && of.receives ? IperfText.UDP_HEAD : IperfText.HEAD;
        if (!headed.equals(wanted)) {
            headed = wanted;
            say(wanted);
        }
    }

    private void tick(long now) {
        if (ended) {
            return;
        }
        long from = intervals * plan.interval;
        long to = ++intervals * plan.interval;
        List<IperfStream> going = streams.stream().filter(each -> !each.over).toList();
        IperfTally sum = new IperfTally(0);
        for (IperfStream each : going) {
            IperfTally since = each.tally.interval();
            head(each);
            line(each.id(), from, to, since, each.udp && each.receives);
            sum.bytes += since.bytes;
            sum.reported(sum.lost() + since.lost(), 0, sum.datagrams() + since.datagrams(), 0);
        }
        if (going.size() > 1) {
            sum(from, to, sum);
        }
        stack.at(now + plan.interval, this::tick);
    }

    private void line(String id, long from, long to, IperfTally tally, boolean losses) {
        String line = IperfText.transfer(id, from, to, tally.bytes, plan.format);
        say(line + (losses ? IperfText.loss(tally.jitter, tally.lost(), tally.datagrams()) : ""));
    }

    private void sum(long from, long to, IperfTally tally) {
        String line = IperfText.transfer(IperfText.SUM, from, to, tally.bytes, plan.format);
        say(line + (tally.datagrams() > 0 ? "   " + IperfText.lost(tally.lost(), tally.datagrams()) : ""));
    }

    /** A stream is over: its result, and that of all if it was the last. */
    void result(IperfStream stream) {
        if (stream.over) {
            return;
        }
        stream.over = true;
        IperfTally tally = stream.tally;
        head(stream);
        boolean losses = stream.udp && stream.receives;
        long last = tally.end - tally.start;
        line(stream.id(), 0, last, tally, losses);
        if (losses && tally.outOfOrder > 0) {
            say(String.format(
                    java.util.Locale.ROOT,
                    "%s%6.4f-%6.4f sec  %d datagrams received out-of-order",
                    stream.id(),
                    0.0,
                    last / 1e12,
                    tally.outOfOrder));
        }
        if (stream.udp && !stream.receives) {
            say(stream.id() + "Sent " + tally.sent + " datagrams");
        }
        if (!closing) {
            expected--;
        }
        boolean begun = closing || expected <= 0;
        if (begun && streams.stream().allMatch(each -> each.over)) {
            all();
        }
    }

    private void all() {
        ended = true;
        if (streams.size() > 1) {
            IperfTally sum = new IperfTally(0);
            for (IperfStream each : streams) {
                sum.end = Math.max(sum.end, each.tally.end - start);
                sum.bytes += each.tally.bytes;
                sum.sent += each.tally.sent;
                sum.reported(sum.lost() + each.tally.lost(), 0, sum.datagrams() + each.tally.datagrams(), 0);
            }
            sum(0, sum.end, sum);
            if (sum.sent > 0) {
                say("[SUM-" + streams.size() + "] Sent " + sum.sent + " datagrams");
            }
        }
        settle();
    }

    /** What the server says of a stream. */
    void serverReport(IperfStream stream, IperfTally tally) {
        say(stream.id() + "Server Report:");
        say(IperfText.UDP_HEAD);
        line(stream.id(), 0, tally.end, tally, true);
    }
}
