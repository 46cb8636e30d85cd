package io.hopscope.scenarios.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.hopscope.core.CableSpec;
import io.hopscope.core.Engine;
import io.hopscope.core.RandomStream;
import io.hopscope.core.ScenarioError;
import io.hopscope.core.Seed;
import io.hopscope.core.Totals;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Udp;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final CableSpec GIGABIT = CableSpec.DEFAULT.rate(CableSpec.GIGABIT);

    private static TrafficReport run(Star star, Traffic traffic, int workers) {
        Engine engine = new Engine(star.network, new Engine.Options().workers(workers));
        engine.run(traffic.spec().end() + SECOND / 10);
        TrafficReport report = traffic.report(engine.now());
        engine.finish();
        return report;
    }

    @Test
    void allToAllLosesNothingWhereThereIsRoom() {
        Star star = new Star(1, 12, GIGABIT);
        Traffic traffic = Traffic.install(
                star.network, TrafficSpec.of("t", Matrix.ALL_TO_ALL, 1000).sizes(FrameSizes.IMIX), star.endpoints);
        TrafficReport report = run(star, traffic, 1);
        assertThat(report.total().sent()).isEqualTo(report.total().received());
        assertThat((double) report.total().sent()).isCloseTo(12_000, within(4 * Math.sqrt(12_000)));
        assertThat(report.senders()).isEqualTo(12);
        assertThat(report.losses().get(0).flows()).isEqualTo(12);
        assertThat(report.worst()).isEmpty();
        double mean = report.total().sentBits() / 8.0 / report.total().sent();
        assertThat(mean).isCloseTo(FrameSizes.IMIX.mean(), within(10.0));
    }

    @Test
    void everyPacketIsReceivedOrDroppedUnderAName() {
        Star star = new Star(1, 9, GIGABIT.queue(20));
        Traffic traffic = Traffic.install(
                star.network,
                TrafficSpec.of("t", Matrix.INCAST, 20_000)
                        .sizes(FrameSizes.fixed(1514))
                        .during(0, SECOND / 5),
                star.endpoints(1, 9),
                star.endpoints(0, 1),
                Categories.NONE);
        Engine engine = new Engine(star.network, new Engine.Options());
        LinkUtilisation links = LinkUtilisation.between(star.network, SECOND / 10, SECOND / 5);
        engine.run(traffic.spec().end() + SECOND / 10);
        TrafficReport report = traffic.report(engine.now());
        Totals totals = engine.finish();
        assertThat(totals.inFlight()).isZero();
        assertThat(totals.drops()).hasSize(1);
        assertThat(totals.drops().get(0).port()).isSameAs(star.down(0));
        assertThat(report.total().lost()).isEqualTo(totals.dropped()).isPositive();
        assertThat(report.worst()).hasSize(8).allMatch(flow -> flow.to().equals("h0"));
        assertThat(report.worst().stream()
                        .mapToInt(TrafficReport.FlowLoss::lost)
                        .sum())
                .isEqualTo((int) totals.dropped());

        LinkUtilisation.Direction fullest = links.busiest(1).get(0);
        assertThat(fullest.from()).isSameAs(star.down(0));
        assertThat(fullest.percent()).isEqualTo(100.0);
        // 1,538 bytes on the wire at a gigabit: 81,274 frames a second.
        assertThat(report.throughput()).isCloseTo(1e9 * 1514 / 1538, within(2e6));
    }

    @Test
    void theLatencyOfAnIdlePathIsItsLinkArithmetic() {
        Star star = new Star(1, 2, CableSpec.DEFAULT);
        Traffic traffic = Traffic.install(
                star.network,
                TrafficSpec.of("t", Matrix.PAIRS, 1000)
                        .arrivals(Arrivals.CONSTANT)
                        .sizes(FrameSizes.fixed(200)),
                star.endpoints);
        TrafficReport.Latency latency = run(star, traffic, 1).total().latency();
        // Twice 224 bytes at 800 ps and a microsecond of cable.
        long once = 2 * (224 * 800 + 1_000_000);
        assertThat(latency.count()).isBetween(1999L, 2001L);
        assertThat(latency.min()).isEqualTo(once);
        assertThat(latency.max()).isEqualTo(once);
        assertThat(latency.mean()).isEqualTo(once);
        assertThat(latency.p50()).isEqualTo(once);
        assertThat(latency.p999()).isEqualTo(once);
    }

    @Test
    void percentilesAreWithinOnePartInAHundred() {
        Delays delays = new Delays();
        for (int i = 1; i <= 100_000; i++) {
            delays.record(i * 1_000L);
        }
        TrafficReport.Latency latency = delays.latency();
        assertThat((double) latency.p50()).isCloseTo(50_000_000, within(500_000.0));
        assertThat((double) latency.p99()).isCloseTo(99_000_000, within(990_000.0));
        assertThat((double) latency.p999()).isCloseTo(99_900_000, within(999_000.0));
        assertThat(latency.max()).isEqualTo(100_000_000);
    }

    @Test
    void repliesComeBackAndTakeAsLongAsThereAndBack() {
        Star star = new Star(1, 8, CableSpec.DEFAULT);
        Traffic traffic = Traffic.install(
                star.network,
                TrafficSpec.of("t", Matrix.NORTH_SOUTH, 10)
                        .sizes(FrameSizes.fixed(100))
                        .replies(FrameSizes.fixed(1400)),
                star.endpoints(0, 4),
                star.endpoints(4, 8),
                Categories.NONE);
        TrafficReport report = run(star, traffic, 1);
        assertThat(report.senders()).isEqualTo(4);
        assertThat(report.total().sent()).isPositive();
        assertThat(report.replies()).isEqualTo(report.total().sent());
        assertThat(report.answered()).isEqualTo(report.replies());
        assertThat(report.roundTrip().min()).isEqualTo(2 * (124 + 1424) * 800 + 4_000_000);
    }

    @Test
    void aMixSharesThePacketsOut() {
        Star star = new Star(3, 12, CableSpec.DEFAULT);
        Traffic traffic = Traffic.install(
                star.network,
                TrafficSpec.of("t", Matrix.EAST_WEST, 2000)
                        .mix(new TrafficSpec.Share(Matrix.NORTH_SOUTH, 3), new TrafficSpec.Share(Matrix.EAST_WEST, 1)),
                star.endpoints(0, 4),
                star.endpoints(4, 12),
                new Categories(List.of("outside", "inside"), end -> end.group() == 0 ? 0 : 1));
        TrafficReport report = run(star, traffic, 1);
        assertThat((double) report.total().sent()).isCloseTo(24_000, within(700.0));
        // Of the north-south part, 4 of 12 senders send in and 8 send out.
        assertThat((double) report.categories().get(0).sent()).isCloseTo(24_000 * 0.75 * 8 / 12, within(500.0));
        assertThat(report.total().lost()).isZero();
        assertThat(report.categories()).allMatch(count -> count.lost() == 0);
    }

    @Test
    void localTrafficStaysInItsGroup() {
        Star star = new Star(3, 12, CableSpec.DEFAULT);
        List<Integer> all = new ArrayList<>();
        int[] everybody = new int[12];
        for (int i = 0; i < 12; i++) {
            everybody[i] = i;
        }
        Part part = Part.random(Matrix.EAST_WEST, everybody, everybody, star.endpoints, 0.75);
        var random = star.network.seed().stream("test");
        int stayed = 0;
        for (int i = 0; i < 12_000; i++) {
            int from = i % 12;
            int to = part.destination(from, random);
            assertThat(to).isNotEqualTo(from).isBetween(0, 11);
            stayed += from / 4 == to / 4 ? 1 : 0;
            all.add(to);
        }
        assertThat(stayed).isBetween(8_800, 9_200);
        assertThat(all).contains(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void pairsAreAPermutationWithoutFixedPoints() {
        int[] everybody = new int[50];
        for (int i = 0; i < 50; i++) {
            everybody[i] = i;
        }
        Star star = new Star(3, 2, CableSpec.DEFAULT);
        Part part = Part.pairs(everybody, everybody, star.network.seed().stream("test"));
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            assertThat(part.destination(i, null)).isNotEqualTo(i);
            targets.add(part.destination(i, null));
        }
        assertThat(targets).doesNotHaveDuplicates();
    }

    @Test
    void theMeanOfExponentialArrivalsIsTheRate() {
        Star star = new Star(5, 4, CableSpec.DEFAULT);
        Traffic traffic = Traffic.install(
                star.network, TrafficSpec.of("t", Matrix.PAIRS, 100_000).during(SECOND, SECOND / 4), star.endpoints);
        TrafficReport report = run(star, traffic, 1);
        // A Poisson count of 100,000: four standard deviations are 1,265.
        assertThat((double) report.total().sent()).isCloseTo(100_000, within(1_265.0));
    }

    @Test
    void flowsOfSeveralPacketsGoToOneDestinationAtTheirPace() {
        Star star = new Star(5, 6, CableSpec.DEFAULT);
        Traffic traffic = Traffic.install(
                star.network,
                TrafficSpec.of("t", Matrix.ALL_TO_ALL, 50)
                        .sizes(FrameSizes.fixed(1514))
                        .flows(FlowSizes.pareto(1, 10_000, 1.2), CableSpec.GIGABIT),
                star.endpoints);
        TrafficReport report = run(star, traffic, 1);
        assertThat((double) report.flowsBegun()).isCloseTo(300, within(70.0));
        assertThat(report.total().sent()).isGreaterThan(2 * report.flowsBegun());
        assertThat(report.total().lost()).isZero();
    }

    @Test
    void theSameSeedGivesTheSameReportWithAnyNumberOfWorkers() {
        List<TrafficReport> reports = new ArrayList<>();
        for (int workers : new int[] {1, 2, 4, 1}) {
            Star star = new Star(7, 16, GIGABIT.queue(2).delay(50 * CableSpec.MICROSECOND));
            Traffic traffic = Traffic.install(
                    star.network,
                    TrafficSpec.of("t", Matrix.ALL_TO_ALL, 20_000)
                            .sizes(FrameSizes.DATA_CENTRE)
                            .replies(FrameSizes.IMIX)
                            .during(0, SECOND / 20),
                    star.endpoints);
            reports.add(run(star, traffic, workers));
        }
        assertThat(reports.get(0).total().lost()).isPositive();
        assertThat(reports.get(1)).isEqualTo(reports.get(0));
        assertThat(reports.get(2)).isEqualTo(reports.get(0));
        assertThat(reports.get(3)).isEqualTo(reports.get(0));
    }

    @Test
    void aPacketAllocatesNothingOnceWarm() {
        Star star = new Star(1, 8, CableSpec.DEFAULT);
        Traffic traffic = Traffic.install(
                star.network,
                TrafficSpec.of("t", Matrix.ALL_TO_ALL, 10_000)
                        .sizes(FrameSizes.IMIX)
                        .replies(FrameSizes.DATA_CENTRE)
                        .during(0, 10 * SECOND),
                star.endpoints);
        Engine engine = new Engine(star.network, new Engine.Options());
        engine.run(SECOND / 2);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // What a round allocates for itself, and now and then what the JVM links late, is not a packet's.
        for (int round = 0; round < 3; round++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            engine.run(engine.now() + SECOND / 4);
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            least = Math.min(least, after - before);
        }
        assertThat(traffic.report(engine.now()).total().sent()).isGreaterThan(90_000);
        assertThat(least).isLessThan(10_000);
        engine.finish();
    }

    @Test
    void whatComesAfterALaterPacketIsReordered() {
        Flows flows = new Flows(1, false, true, false);
        for (int sequence : new int[] {0, 2, 1, 3, 5, 4}) {
            flows.arrived(0, sequence);
        }
        assertThat(flows.received[0]).isEqualTo(6);
        assertThat(flows.reordered[0]).isEqualTo(2);
    }

    @Test
    void theChecksumOfADatagramIsThatOfAllItsBytes() {
        RandomStream random = new Seed(1).stream("test");
        Datagram datagram = new Datagram();
        for (int i = 0; i < 20_000; i++) {
            Frame frame = new Frame(1).reset(60 + random.nextInt(1455));
            int source = (int) random.nextLong();
            int destination = (int) random.nextLong();
            datagram.start(frame, source, destination, random.nextInt(65536), random.nextInt(65536))
                    .set(random.nextInt(1 << 30), random.nextInt(1 << 30), random.nextLong(), 1, random.nextInt(256));
            datagram.seal();
            Udp udp = new Udp().wrap(frame, frame.start() + 34);
            int checksum = udp.checksum();
            assertThat(udp.seal(source, destination).checksum()).isEqualTo(checksum);
        }
    }

    @Test
    void aSecondTrafficMayFollowOnTheSamePort() {
        Star star = new Star(1, 4, CableSpec.DEFAULT);
        TrafficSpec once = TrafficSpec.of("once", Matrix.PAIRS, 100).during(0, SECOND);
        Traffic first = Traffic.install(star.network, once, star.endpoints);
        Engine engine = new Engine(star.network, new Engine.Options());
        engine.run(2 * SECOND);
        assertThatThrownBy(() -> Traffic.install(star.network, once, star.endpoints))
                .isInstanceOf(ScenarioError.class)
                .hasMessageContaining("UDP port 9000 of h0 is in use");
        first.stop();
        Traffic second = Traffic.install(
                star.network, TrafficSpec.of("again", Matrix.PAIRS, 100).during(2 * SECOND, SECOND), star.endpoints);
        engine.run(4 * SECOND);
        assertThat(first.report(engine.now()).total().lost()).isZero();
        assertThat(second.report(engine.now()).total().lost()).isZero();
        assertThat(second.report(engine.now()).total().sent()).isBetween(300L, 500L);
        engine.finish();
    }

    @Test
    void nobodyElseToSendToIsRefused() {
        Star star = new Star(1, 1, CableSpec.DEFAULT);
        assertThatThrownBy(
                        () -> Traffic.install(star.network, TrafficSpec.of("t", Matrix.ALL_TO_ALL, 1), star.endpoints))
                .isInstanceOf(ScenarioError.class)
                .hasMessage("traffic t: all-to-all has nobody to send, or nobody else to send to");
    }
}
