package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.TestDevices.Sink;
import io.hopscope.core.TestDevices.Source;
import io.hopscope.core.qdisc.Chance;
import io.hopscope.core.qdisc.Delay;
import io.hopscope.core.qdisc.Distribution;
import io.hopscope.core.qdisc.Loss;
import io.hopscope.core.qdisc.NetemSpec;
import io.hopscope.core.qdisc.Pace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an impaired cable does to frames, counted over many of them. */
class ImpairmentTest {
    private static final long MICRO = 1_000_000L;
    private static final long MILLI = 1_000_000_000L;
    /** A frame of 125 bytes takes a microsecond. */
    private static final CableSpec GIGABIT =
            CableSpec.DEFAULT.rate(CableSpec.GIGABIT).delay(10 * MICRO).framing(0, 0);

    private Sink sink;
    private Totals totals;

    private static NetemSpec netem(Delay delay, Loss loss, Chance duplicate, Chance corrupt, Chance reorder, int gap) {
        return new NetemSpec(1000, delay, loss, false, duplicate, corrupt, reorder, gap, Pace.NONE);
    }

    private static NetemSpec loss(Loss loss) {
        return netem(Delay.NONE, loss, Chance.NEVER, Chance.NEVER, Chance.NEVER, 0);
    }

    private static NetemSpec delay(Delay delay) {
        return netem(delay, Loss.NONE, Chance.NEVER, Chance.NEVER, Chance.NEVER, 0);
    }

    /** Sends so many frames, one every ten microseconds. */
    private void run(Impairment impairment, int frames) {
        run(impairment, frames, 1);
    }

    private void run(Impairment impairment, int frames, int workers) {
        Network network = new Network(7, Costs.NONE);
        Source source = new Source(network.node("a"));
        sink = new Sink(network.node("b"));
        network.cable(source.port, sink.port, GIGABIT);
        network.impair(source.port, impairment, 0);
        for (int i = 0; i < frames; i++) {
            source.send(i * 10 * MICRO, 125);
        }
        Engine engine = new Engine(network, new Engine.Options().workers(workers));
        engine.run(Long.MAX_VALUE);
        totals = engine.finish();
    }

    private long dropped(String reason) {
        return totals.drops().stream()
                .filter(drop -> drop.reason().name().equals(reason))
                .mapToLong(Drop::frames)
                .sum();
    }

    /** Within five standard deviations of a binomial distribution. */
    private static void binomial(long found, long of, double p) {
        assertThat((double) found)
                .isBetween(of * p - 5 * Math.sqrt(of * p * (1 - p)), of * p + 5 * Math.sqrt(of * p * (1 - p)));
    }

    @Test
    void aCableWithoutImpairmentsIsTheSameWhetherItIsOpenOrNot() {
        run(new Impairment(NetemSpec.NONE), 3);
        assertThat(sink.times).containsExactly(11 * MICRO, 21 * MICRO, 31 * MICRO);
    }

    @Test
    void losesAsManyAsItsChanceSays() {
        run(new Impairment(loss(new Loss.Random(Chance.of(3)))), 100_000);
        binomial(dropped("LOST"), 100_000, 0.03);
        assertThat(sink.times).hasSize(100_000 - (int) dropped("LOST"));
    }

    @Test
    void losesNothingOrEverythingAtTheEnds() {
        run(new Impairment(loss(new Loss.Random(Chance.of(100)))), 1000);
        assertThat(sink.times).isEmpty();
        run(new Impairment(loss(new Loss.Random(Chance.of(0)))), 1000);
        assertThat(sink.times).hasSize(1000);
    }

    private List<Integer> gaps() {
        List<Integer> bursts = new ArrayList<>();
        long before = sink.times.get(0);
        for (long time : sink.times) {
            int lost = (int) ((time - before) / (10 * MICRO)) - 1;
            if (lost > 0) {
                bursts.add(lost);
            }
            before = time;
        }
        return bursts;
    }

    @Test
    void losesInBurstsAsGilbertAndElliottSay() {
        // Bad from 1 % of the frames on, for 5 on average; in the bad state all are lost, as in Gilbert's simple model.
        run(
                new Impairment(loss(
                        new Loss.GilbertElliott(Chance.part(1), Chance.part(20), Chance.part(100), Chance.part(0)))),
                200_000);
        List<Integer> bursts = gaps();
        double mean = bursts.stream().mapToInt(each -> each).average().orElse(0);
        // Geometric with r = 0.2: mean 5, standard deviation sqrt(0.8)/0.2 = 4.47, of some 1,900 bursts.
        assertThat(mean).isBetween(5 - 5 * 4.47 / Math.sqrt(bursts.size()), 5 + 5 * 4.47 / Math.sqrt(bursts.size()));
        double lost = dropped("LOST") / 200_000.0;
        // p / (p + r); bursts make the deviation larger than a binomial one's: sqrt(p q (1 + l) / (1 - l) / n), l = 1 -
        // p - r.
        double expected = 0.01 / 0.21;
        double deviation = Math.sqrt(expected * (1 - expected) * (1.79 / 0.21) / 200_000);
        assertThat(lost).isBetween(expected - 5 * deviation, expected + 5 * deviation);
        // Geometric: one of five ends after its first frame.
        long single = bursts.stream().filter(each -> each == 1).count();
        binomial(single, bursts.size(), 0.2);
    }

    @Test
    void gilbertElliottLosesSomeInTheGoodStateAndSparesSomeInTheBad() {
        run(
                new Impairment(loss(
                        new Loss.GilbertElliott(Chance.part(10), Chance.part(30), Chance.part(50), Chance.part(2)))),
                200_000);
        double expected = 0.25 * 0.5 + 0.75 * 0.02;
        assertThat(dropped("LOST") / 200_000.0).isBetween(expected - 0.006, expected + 0.006);
    }

    @Test
    void theFourStatesLoseAsTheirChainSays() {
        // Two states of it alone, p13 and p31: as Gilbert's.
        run(
                new Impairment(loss(new Loss.FourStates(
                        Chance.part(1), Chance.part(25), Chance.part(0), Chance.part(100), Chance.part(0)))),
                200_000);
        double mean = gaps().stream().mapToInt(each -> each).average().orElse(0);
        assertThat(mean).isBetween(3.5, 4.5);
        assertThat(dropped("LOST") / 200_000.0).isBetween(0.034, 0.043);
    }

    @Test
    void correlatedLossKeepsItsShareOfLikeness() {
        run(new Impairment(loss(new Loss.Random(new Chance(Chance.part(50), Chance.part(80))))), 100_000);
        // Draws are like the one before: losses come together, more than by chance.
        assertThat(gaps().stream().mapToInt(each -> each).average().orElse(0)).isGreaterThan(2.5);
    }

    @Test
    void delaysEachFrameByTheSame() {
        run(new Impairment(delay(new Delay(5 * MILLI, 0, 0, Distribution.UNIFORM))), 3);
        assertThat(sink.times).containsExactly(5 * MILLI + 11 * MICRO, 5 * MILLI + 21 * MICRO, 5 * MILLI + 31 * MICRO);
    }

    private double[] delays(Distribution distribution, int frames) {
        run(new Impairment(delay(new Delay(100 * MILLI, 10 * MILLI, 0, distribution))), frames);
        assertThat(sink.times).hasSize(frames);
        Map<Long, Long> sent = new LinkedHashMap<>();
        double[] delays = new double[frames];
        for (int i = 0; i < frames; i++) {
            // Journeys of one node are numbered in the order they began in.
            long number = (sink.journeys.get(i) - 1) / 2;
            delays[i] = (sink.times.get(i) - number * 10 * MICRO - 11 * MICRO) / (double) MILLI;
            assertThat(sent.put(number, sink.times.get(i))).isNull();
        }
        return delays;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double each : values) {
            sum += each;
        }
        return sum / values.length;
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double each : values) {
            sum += (each - mean) * (each - mean);
        }
        return Math.sqrt(sum / values.length);
    }

    @Test
    void jitterIsDistributedUniformly() {
        double[] delays = delays(Distribution.UNIFORM, 50_000);
        assertThat(mean(delays)).isBetween(99.87, 100.13);
        assertThat(deviation(delays)).isBetween(10 / Math.sqrt(3) - 0.1, 10 / Math.sqrt(3) + 0.1);
        java.util.Arrays.sort(delays);
        assertThat(delays[0]).isBetween(90.0, 90.01);
        assertThat(delays[delays.length - 1]).isBetween(109.99, 110.0);
    }

    @Test
    void jitterIsDistributedNormally() {
        double[] delays = delays(Distribution.NORMAL, 50_000);
        assertThat(mean(delays)).isBetween(99.75, 100.25);
        assertThat(deviation(delays)).isBetween(9.8, 10.2);
        long within = java.util.Arrays.stream(delays)
                .filter(each -> Math.abs(each - 100) < 10)
                .count();
        binomial(within, 50_000, 0.6827);
    }

    @Test
    void jitterHasATailAsPareto() {
        double[] delays = delays(Distribution.PARETO, 50_000);
        java.util.Arrays.sort(delays);
        // Shape 3, scaled: the median is (2^(1/3) - 1.5) * 4/3 of the jitter above the mean.
        assertThat(delays[25_000])
                .isBetween(100 + 10 * (1.2599 - 1.5) * 4 / 3 - 0.2, 100 + 10 * (1.2599 - 1.5) * 4 / 3 + 0.2);
        assertThat(delays[0]).isGreaterThan(93.3);
        assertThat(delays[49_999]).isGreaterThan(139);
    }

    @Test
    void jitterMayMixParetoAndNormal() {
        double[] delays = delays(Distribution.PARETONORMAL, 50_000);
        assertThat(mean(delays)).isBetween(99.0, 101.0);
        java.util.Arrays.sort(delays);
        assertThat(delays[49_999]).isGreaterThan(125);
        assertThat(delays[0]).isLessThan(93.0);
    }

    @Test
    void neverDelaysByLessThanTheCable() {
        run(new Impairment(delay(new Delay(MILLI, 10 * MILLI, 0, Distribution.NORMAL))), 10_000);
        assertThat(sink.times).hasSize(10_000).isSorted();
        for (int i = 0; i < sink.times.size(); i++) {
            long number = (sink.journeys.get(i) - 1) / 2;
            assertThat(sink.times.get(i) - number * 10 * MICRO).isGreaterThanOrEqualTo(11 * MICRO);
        }
    }

    @Test
    void aQuarterGoesAheadOfWhatIsDelayed() {
        run(
                new Impairment(netem(
                        new Delay(5 * MILLI, 0, 0, Distribution.UNIFORM),
                        Loss.NONE,
                        Chance.NEVER,
                        Chance.NEVER,
                        Chance.of(25),
                        1)),
                40_000);
        long early = 0;
        for (int i = 0; i < sink.times.size(); i++) {
            long number = (sink.journeys.get(i) - 1) / 2;
            long took = sink.times.get(i) - number * 10 * MICRO;
            assertThat(took).isIn(11 * MICRO, 5 * MILLI + 11 * MICRO);
            early += took == 11 * MICRO ? 1 : 0;
        }
        binomial(early, 40_000, 0.25);
    }

    @Test
    void everyFifthGoesAheadWithAGap() {
        run(
                new Impairment(netem(
                        new Delay(5 * MILLI, 0, 0, Distribution.UNIFORM),
                        Loss.NONE,
                        Chance.NEVER,
                        Chance.NEVER,
                        Chance.of(100),
                        5)),
                20);
        List<Long> early = sink.journeys.subList(0, 4);
        assertThat(early).containsExactly(1L + 2 * 4, 1L + 2 * 9, 1L + 2 * 14, 1L + 2 * 19);
    }

    @Test
    void doublesAsManyAsItsChanceSays() {
        run(new Impairment(netem(Delay.NONE, Loss.NONE, Chance.of(10), Chance.NEVER, Chance.NEVER, 0)), 40_000);
        binomial(sink.times.size() - 40_000L, 40_000, 0.1);
        assertThat(totals.copied()).isEqualTo(sink.times.size() - 40_000L);
    }

    @Test
    void damagedFramesEndAtTheReceiver() {
        run(new Impairment(netem(Delay.NONE, Loss.NONE, Chance.NEVER, Chance.of(5), Chance.NEVER, 0)), 40_000);
        binomial(dropped("BAD_FCS"), 40_000, 0.05);
        assertThat(totals.drops()).allMatch(drop -> drop.port().toString().equals("b:eth0"));
    }

    @Test
    void damagedFramesPassWhereTheReceiverTakesThem() {
        run(new Impairment(netem(Delay.NONE, Loss.NONE, Chance.NEVER, Chance.of(5), Chance.NEVER, 0), true), 1000);
        assertThat(sink.times).hasSize(1000);
    }

    @Test
    void aLowerRateTakesLongerAndAHigherOneDoesNot() {
        NetemSpec slow = new NetemSpec(
                1000,
                Delay.NONE,
                Loss.NONE,
                false,
                Chance.NEVER,
                Chance.NEVER,
                Chance.NEVER,
                0,
                new Pace(100_000_000, 0, 0, 0));
        run(new Impairment(slow), 3);
        assertThat(sink.times).containsExactly(20 * MICRO, 30 * MICRO, 40 * MICRO);
        NetemSpec fast = new NetemSpec(
                1000,
                Delay.NONE,
                Loss.NONE,
                false,
                Chance.NEVER,
                Chance.NEVER,
                Chance.NEVER,
                0,
                new Pace(10 * CableSpec.GIGABIT, 0, 0, 0));
        run(new Impairment(fast), 3);
        assertThat(sink.times).containsExactly(11 * MICRO, 21 * MICRO, 31 * MICRO);
    }

    private static final NetemSpec EVERYTHING = new NetemSpec(
            1000,
            new Delay(MILLI, MILLI, Chance.part(25), Distribution.NORMAL),
            new Loss.GilbertElliott(Chance.part(5), Chance.part(20), Chance.part(80), Chance.part(1)),
            false,
            Chance.of(5),
            Chance.of(3),
            Chance.of(20),
            3,
            new Pace(500_000_000, 0, 0, 0));

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void theSameHappensWithAnyNumberOfWorkers(int workers) {
        run(new Impairment(EVERYTHING), 5000, 1);
        List<Long> times = sink.times;
        List<Long> journeys = sink.journeys;
        run(new Impairment(EVERYTHING), 5000, workers);
        assertThat(sink.times).isEqualTo(times);
        assertThat(sink.journeys).isEqualTo(journeys);
    }

    @Test
    void anImpairmentThatComesAndGoesLeavesNothingBehind() {
        Network network = new Network(7, Costs.NONE);
        Source source = new Source(network.node("a"));
        sink = new Sink(network.node("b"));
        network.cable(source.port, sink.port, GIGABIT);
        for (int i = 0; i < 2000; i++) {
            // In pairs: the second of them waits for the cable.
            source.send(i / 2 * 3 * MICRO, 125);
        }
        network.impair(source.port, new Impairment(EVERYTHING), MILLI);
        network.impair(source.port, Impairment.NONE, 2 * MILLI);
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        assertThat(source.port.impairment()).isEqualTo(Impairment.NONE);
        totals = engine.finish();
        assertThat(totals.inFlight()).isZero();
        assertThat(totals.originated() + totals.copied()).isEqualTo(totals.delivered() + totals.dropped());
        assertThat(sink.times.get(sink.journeys.indexOf(1 + 2 * 1999L))).isEqualTo(999 * 3 * MICRO + 12 * MICRO);
    }

    @Test
    void whatIsOnItsWayWhenTheCableIsCutIsLostThoughItWouldArriveLater() {
        Network network = new Network(7, Costs.NONE);
        Source source = new Source(network.node("a"));
        sink = new Sink(network.node("b"));
        network.cable(source.port, sink.port, GIGABIT);
        network.impair(source.port, new Impairment(delay(new Delay(5 * MILLI, 0, 0, Distribution.UNIFORM))), 0);
        source.send(0, 125);
        network.link(source.port, false, MILLI);
        network.link(source.port, true, 2 * MILLI);
        source.send(3 * MILLI, 125);
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        totals = engine.finish();
        assertThat(sink.times).containsExactly(8 * MILLI + 11 * MICRO);
        assertThat(dropped("CUT")).isEqualTo(1);
    }
}
