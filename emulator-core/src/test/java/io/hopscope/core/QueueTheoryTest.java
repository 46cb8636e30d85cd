package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hopscope.encap.Frame;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** A queue fed at random agrees with theory: Pollaczek-Khinchine for M/D/1, and M/M/1. */
class QueueTheoryTest {
    private static final int FRAMES = 4_000_000;

    /** Poisson arrivals; each frame bears its instant, so that the far end knows how long it took. */
    private static final class Poisson extends Device {
        private final Port port = addPort("eth0");
        private final RandomStream gaps;
        private final RandomStream sizes;
        private final double mean;
        private final boolean exponential;
        private int left = FRAMES;

        Poisson(Node node, double mean, boolean exponential) {
            super(node, "", "none");
            this.mean = mean;
            this.exponential = exponential;
            gaps = node.network().seed().stream("gaps");
            sizes = node.network().seed().stream("sizes");
        }

        @Override
        protected void start(long now) {
            wakeAt(now + (long) gaps.nextExponential(mean));
        }

        @Override
        protected void wake(long now) {
            int size = exponential ? 1 + (int) StrictMath.min(60_000, sizes.nextExponential(1000)) : 1000;
            Frame frame = node().originate(size);
            frame.stamp = now;
            port.transmit(frame);
            if (--left > 0) {
                wakeAt(now + (long) gaps.nextExponential(mean));
            }
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            ingress.consume(frame);
        }
    }

    /** Sums up the time from sending to arrival. Frame.stamp travels with the frame while no ring is outgrown. */
    private static final class Meter extends Device {
        private final Port port = addPort("eth0");
        private double sum;
        private long count;

        Meter(Node node) {
            super(node, "", "none");
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            sum += now - frame.stamp;
            count++;
            ingress.consume(frame);
        }
    }

    private static double meanWait(double load, boolean exponential) {
        Network network = new Network(42, Costs.NONE);
        long rate = 10_000_000_000L;
        double service = 1000 * 8e12 / rate;
        Poisson source = new Poisson(network.node("source"), service / load, exponential);
        Meter meter = new Meter(network.node("meter"));
        long delay = 1_000_000;
        network.cable(source.port, meter.port, new CableSpec(rate, delay, Integer.MAX_VALUE, 0, 0));
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        engine.finish();
        assertThat(meter.count).isEqualTo(FRAMES);
        return (meter.sum / meter.count - delay) / service;
    }

    @Test
    void agreesWithTheTheoryOfAQueueWithEqualServiceTimes() {
        double load = 0.7;
        double expected = 1 + load / (2 * (1 - load));
        assertThat(meanWait(load, false)).isCloseTo(expected, Percentage.withPercentage(1));
    }

    @Test
    void agreesWithTheTheoryOfAQueueWithExponentialServiceTimes() {
        double load = 0.6;
        // Sizes are 1 + floor(Exp(1000)): the mean is 1000.5 to three digits.
        double expected = 1.0005 / (1 - load * 1.0005);
        assertThat(meanWait(load, true)).isCloseTo(expected, Percentage.withPercentage(1));
    }

    @Test
    void drawsTheSameFromStreamsOfOneNameAndOtherNumbersFromAnother() {
        Seed seed = new Seed(3);
        assertThat(seed.stream("a").nextLong())
                .isEqualTo(new Seed(3).stream("a").nextLong());
        assertThat(seed.stream("a").nextLong()).isNotEqualTo(seed.stream("b").nextLong());
        assertThat(seed.stream("a").nextDouble()).isCloseTo(0.5, within(0.5));
    }
}
