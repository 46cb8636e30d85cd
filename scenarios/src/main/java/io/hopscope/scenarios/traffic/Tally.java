package io.hopscope.scenarios.traffic;

import io.hopscope.scenarios.traffic.TrafficReport.Band;
import io.hopscope.scenarios.traffic.TrafficReport.Count;
import io.hopscope.scenarios.traffic.TrafficReport.FlowLoss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Adds up what the nodes have counted. */
final class Tally {
    private static final int WORST = 10;
    private static final String[] BANDS = {"0 %", "under 1 %", "1 to 10 %", "10 to 50 %", "50 to 100 %", "100 %"};

    private static final Comparator<FlowLoss> BETTER_FIRST = Comparator.comparingDouble(FlowLoss::lossPercent)
            .thenComparingInt(FlowLoss::lost)
            .thenComparing(FlowLoss::flow, Comparator.reverseOrder());

    private final Traffic traffic;
    private final Sender[] senders;
    private final Receiver[] receivers;

    Tally(Traffic traffic, Sender[] senders, Receiver[] receivers) {
        this.traffic = traffic;
        this.senders = senders;
        this.receivers = receivers;
    }

    TrafficReport report(long now) {
        TrafficSpec spec = traffic.spec();
        List<String> names = traffic.categories().names();
        List<Count> counts = new ArrayList<>();
        Delays all = new Delays();
        for (int i = 0; i < names.size(); i++) {
            Delays delays = new Delays();
            counts.add(count(names.get(i), i, delays));
            all.add(delays);
        }
        Count total = new Count(
                "all",
                counts.stream().mapToLong(Count::sent).sum(),
                counts.stream().mapToLong(Count::received).sum(),
                counts.stream().mapToLong(Count::sentBits).sum(),
                counts.stream().mapToLong(Count::receivedBits).sum(),
                all.latency());
        long begun = 0;
        for (Sender each : senders) {
            begun += each == null ? 0 : each.begun;
        }
        long[] answers = new long[2];
        Delays roundTrips = new Delays();
        long strangers = 0;
        long latest = spec.start();
        for (Receiver each : receivers) {
            if (each != null) {
                answers[0] += each.replied;
                strangers += each.strangers;
                latest = Math.max(latest, each.latest);
                roundTrips.add(each.roundTrips);
            }
        }
        for (int each : traffic.flows().answered) {
            answers[1] += each;
        }
        return new TrafficReport(
                spec.name(),
                traffic.flows().sent.length,
                begun,
                Math.max(0, Math.min(now, spec.end()) - spec.start()),
                Math.max(latest, Math.min(now, spec.end())) - spec.start(),
                total,
                counts,
                reordered(),
                answers[0],
                answers[1],
                roundTrips.latency(),
                bands(),
                worst(),
                strangers);
    }

    private Count count(String name, int category, Delays delays) {
        long[] sums = new long[4];
        for (Sender each : senders) {
            if (each != null) {
                sums[0] += each.sent[category];
                sums[1] += each.sentBits[category];
            }
        }
        for (Receiver each : receivers) {
            if (each != null) {
                sums[2] += each.received[category];
                sums[3] += each.receivedBits[category];
                delays.add(each.delays[category]);
            }
        }
        return new Count(name, sums[0], sums[2], sums[1], sums[3], delays.latency());
    }

    private long reordered() {
        long sum = 0;
        for (int each : traffic.flows().reordered) {
            sum += each;
        }
        return sum;
    }

    private List<Band> bands() {
        long[] flows = new long[BANDS.length];
        for (int i = 0; i < traffic.flows().sent.length; i++) {
            if (traffic.flows().sent[i] > 0) {
                flows[band(traffic.flows().sent[i], traffic.flows().received[i])]++;
            }
        }
        List<Band> bands = new ArrayList<>();
        for (int i = 0; i < flows.length; i++) {
            bands.add(new Band(BANDS[i], flows[i]));
        }
        return bands;
    }

    private static int band(int sent, int received) {
        double lost = 100.0 * (sent - received) / sent;
        if (lost <= 0) {
            return 0;
        }
        return lost < 1 ? 1 : lost < 10 ? 2 : lost < 50 ? 3 : lost < 100 ? 4 : 5;
    }

    /** The flows that lost most, worst first. */
    private List<FlowLoss> worst() {
        PriorityQueue<FlowLoss> queue = new PriorityQueue<>(BETTER_FIRST);
        for (int i = 0; i < traffic.flows().sent.length; i++) {
            if (traffic.flows().sent[i] > traffic.flows().received[i]) {
                queue.add(flow(i));
                if (queue.size() > WORST) {
                    queue.poll();
                }
            }
        }
        List<FlowLoss> worst = new ArrayList<>(queue);
        worst.sort(BETTER_FIRST.reversed());
        return worst;
    }

    FlowLoss flow(int flow) {
        Part part = traffic.part(flow);
        int to = part.steady() ? part.destination(flow, null) : -1;
        Flows flows = traffic.flows();
        return new FlowLoss(
                flow,
                traffic.host(part.senders[flow - part.base]).toString(),
                to < 0 ? null : traffic.host(to).toString(),
                flows.sent[flow],
                flows.received[flow],
                flows.reordered.length == 0 ? 0 : flows.reordered[flow]);
    }
}
