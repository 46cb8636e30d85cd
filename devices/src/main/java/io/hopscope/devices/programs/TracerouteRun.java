package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;

/**
 * One traceroute under way. Like the real one it goes round: looks at the probes from the first that is not printed on,
 * sends until enough are under way, then sleeps until something is heard or the first one's time is up.
 */
final class TracerouteRun implements TracerouteProbes.Listener {
    /** What a probe takes the real one: 30 to 50 us with a socket of its own, less with one for all. */
    private static final long SENDING = 40_000_000L;

    private static final long SENDING_RAW = 25_000_000L;

    /** What is added to an answer's time before it is multiplied. */
    private static final long PRECISION = 1_000_000_000L;

    private record Answer(
            TracerouteProbes.Probe probe, int from, String mark, boolean last, boolean again, long when) {}

    private final IpStack stack;
    private final Task task;
    private final TraceroutePlan plan;
    private final TracerouteProbes wire;
    private final Deque<Answer> unread = new ArrayDeque<>();
    private TracerouteProbes.Probe[] probes;
    private ReverseNames names;
    /** The first probe that is not printed, and the first that is not needed any more. */
    private int start;

    private int end;
    /** Where this round is, when it began, and how many probes it has met that are under way. */
    private int at;

    private long round;
    private int underWay;
    private long wake;
    private boolean sleeping;
    /** Which sleep it is: a call from an earlier one comes too late. */
    private int sleep;

    private long sentLast = -1;
    private boolean finished;

    TracerouteRun(Host host, Task task, TraceroutePlan plan) {
        this.task = task;
        this.plan = plan;
        stack = host.stack();
        wire = new TracerouteProbes(stack, host.node().network().seed().stream(host + " " + task), plan, this);
    }

    /**
     * @param address whom it is to
     */
    void begin(int address, long now) {
        boolean named = !plan.numeric && !stack.names().settings().servers().isEmpty();
        names = new ReverseNames(named ? stack.names() : null, task);
        task.line("traceroute to " + plan.target + " (" + Ipv4Address.text(address) + "), " + plan.hops + " hops max, "
                + plan.length + " byte packets");
        String refusal = wire.open(address);
        if (refusal != null) {
            task.line(refusal);
            task.exit(1);
            return;
        }
        probes = new TracerouteProbes.Probe[(plan.hops - plan.first + 1) * plan.queries];
        for (int i = 0; i < probes.length; i++) {
            probes[i] = new TracerouteProbes.Probe();
        }
        end = probes.length;
        round(now);
    }

    private void round(long now) {
        at = start;
        round = now;
        underWay = 0;
        wake = TraceroutePlan.NEVER;
        look(now);
    }

    /** Goes on with a round, up to the next probe that is sent. */
    private void look(long now) {
        while (underWay < plan.simultaneous && at < end && !task.ended()) {
            TracerouteProbes.Probe probe = probes[at];
            expire(probe);
            if (probe.done) {
                done(probe, now);
                continue;
            }
            boolean fresh = probe.sent < 0;
            if (fresh) {
                if (plan.pause > 0 && sentLast >= 0 && round - sentLast < plan.pause) {
                    wake = Math.min(wake, sentLast + plan.pause);
                    break;
                }
                sentLast = now;
                wire.send(probe, plan.first + at / plan.queries, now);
            }
            wake = wake == TraceroutePlan.NEVER ? now + timeout(at) : wake;
            at++;
            underWay++;
            if (fresh) {
                boolean raw = plan.method == TraceroutePlan.Method.ICMP || plan.method == TraceroutePlan.Method.TCP;
                stack.at(now + (raw ? SENDING_RAW : SENDING), this::look);
                return;
            }
        }
        if (start >= end) {
            finish(now);
        } else {
            sleep(now);
        }
    }

    /** Only the one that would be printed next is given up. */
    private void expire(TracerouteProbes.Probe probe) {
        if (at != start || probe.done || probe.sent < 0) {
            return;
        }
        long expires = probe.sent + timeout(at);
        if (round >= expires) {
            probe.done = true;
            wire.forget(probe);
        } else {
            wake = expires;
        }
    }

    private void done(TracerouteProbes.Probe probe, long now) {
        if (probe.last) {
            end = Math.min(end, (at / plan.queries + 1) * plan.queries);
        }
        if (at == start) {
            start++;
            if (start % plan.queries == 0) {
                print(start - plan.queries, now);
            }
        }
        at++;
    }

    /** -w: as long as an answer of the same hop, or of one behind it, lets expect. */
    private long timeout(int index) {
        int hop = index - index % plan.queries;
        for (int i = hop; plan.here > 0 && i < hop + plan.queries; i++) {
            if (probes[i].rtt > 0) {
                return expected(probes[i], plan.here);
            }
        }
        for (int i = index + 1; plan.near > 0 && i < probes.length && probes[i].sent >= 0; i++) {
            if (probes[i].rtt > 0) {
                return expected(probes[i], plan.near);
            }
        }
        return plan.patience;
    }

    private long expected(TracerouteProbes.Probe answered, double times) {
        return Math.min(plan.patience, StrictMath.round((answered.rtt + PRECISION) * times));
    }

    private void sleep(long now) {
        if (!unread.isEmpty()) {
            read(now);
            return;
        }
        sleeping = true;
        int which = ++sleep;
        if (wake < TraceroutePlan.NEVER) {
            stack.at(Math.max(now, wake), then -> {
                if (sleeping && sleep == which && !task.ended()) {
                    sleeping = false;
                    round(then);
                }
            });
        }
    }

    @Override
    public void heard(TracerouteProbes.Probe probe, int from, String mark, boolean last, long now) {
        if (finished || task.ended()) {
            return;
        }
        unread.add(new Answer(probe, from, mark, last, probe.sent < 0, now));
        if (sleeping) {
            sleeping = false;
            read(now);
        }
    }

    /** Each socket gives one answer a round: who has one for all probes reads them one by one. */
    private void read(long now) {
        boolean one = plan.method == TraceroutePlan.Method.ICMP || plan.method == TraceroutePlan.Method.TCP;
        do {
            Answer next = unread.poll();
            if (!next.again() && !next.probe().done) {
                next.probe().done = true;
                next.probe().rtt = next.when() - next.probe().sent;
                next.probe().from = next.from();
                next.probe().mark = next.mark();
                next.probe().last = next.last();
            }
        } while (!one && !unread.isEmpty());
        round(now);
    }

    @Override
    public void denied(long now) {
        task.line("send: Operation not permitted");
        wire.close();
        task.exit(1);
    }

    private void finish(long now) {
        finished = true;
        wire.close();
        names.print(() -> null, () -> task.exit(0), now);
    }

    private void print(int from, long now) {
        int[] addresses = new int[plan.queries];
        int count = 0;
        for (int i = from; i < from + plan.queries; i++) {
            if (probes[i].rtt >= 0 && probes[i].from != 0) {
                addresses[count++] = probes[i].from;
            }
        }
        names.print(() -> line(from), () -> {}, now, Arrays.copyOf(addresses, count));
    }

    private String line(int from) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%2d ", plan.first + from / plan.queries));
        int shown = 0;
        for (int i = from; i < from + plan.queries; i++) {
            TracerouteProbes.Probe probe = probes[i];
            if (probe.rtt < 0 || probe.from == 0) {
                line.append(" *");
            } else if (probe.from != shown) {
                String number = Ipv4Address.text(probe.from);
                line.append(' ').append(plan.numeric ? number : names.name(probe.from) + " (" + number + ")");
                shown = probe.from;
            }
            if (probe.rtt >= 0) {
                long nanos = probe.rtt / 1000;
                line.append(String.format(
                        Locale.ROOT,
                        "  %d.%03d ms%s%s",
                        nanos / 1_000_000,
                        nanos % 1_000_000 / 1000,
                        probe.size,
                        probe.mark));
            }
        }
        return line.toString();
    }
}
