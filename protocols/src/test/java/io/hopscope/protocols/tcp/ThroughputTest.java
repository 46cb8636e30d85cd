package io.hopscope.protocols.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How fast it is: the whole of a link without loss, and what the models say with it. */
class ThroughputTest {
    private static final double FULL_FRAME = 1538;
    private static final int SEGMENT = 1448;
    private static final long TEN_GIGABIT = 10_000_000_000L;

    private final List<TcpSocket> sources = new ArrayList<>();
    private final List<TcpSocket> sinks = new ArrayList<>();

    /** Writes as long as there is room. */
    private static final class Source implements TcpUser {
        private long written;

        @Override
        public void connected(TcpSocket socket, long now) {
            writable(socket, now);
        }

        @Override
        public void writable(TcpSocket socket, long now) {
            int taken;
            do {
                taken = socket.write((offset, to, at, length) -> {}, written, 131_072, now);
                written += taken;
            } while (taken == 131_072);
        }
    }

    private void flows(Link link, int count, String congestion) {
        link.a.table.settings().congestion = congestion;
        link.b.table.listen(0, 5001, 10, (socket, now) -> sinks.add(socket.sink(true)));
        for (int i = 0; i < count; i++) {
            TcpSocket socket = link.a.table.socket().handler(new Source());
            sources.add(socket);
            link.at(i * Time.MILLI, now -> link.a.table.connect(socket, Link.A, 0, Link.B, 5001, now));
        }
    }

    private static double bits(TcpSocket sink, long before, long span) {
        return (sink.bytesReceived() - before) * 8.0 / (span / (double) Time.SECOND);
    }

    @Test
    void oneFlowFillsTenGigabit() {
        Link link = new Link(1, 50 * Time.MICRO, TEN_GIGABIT);
        flows(link, 1, "cubic");
        link.run(20 * Time.MILLI);
        long before = sinks.get(0).bytesReceived();
        link.run(220 * Time.MILLI);
        double wire = bits(sinks.get(0), before, 200 * Time.MILLI) * FULL_FRAME / SEGMENT;
        assertThat(wire).isBetween(0.95 * TEN_GIGABIT, 1.001 * TEN_GIGABIT);
        assertThat(sources.get(0).info(link.now).retransmitsTotal()).isZero();
    }

    @Test
    void renoIsAsFastAsMathisSays() {
        double expected = Math.sqrt(1.5 / 0.001);
        assertThat(window("reno", 0.001)).isCloseTo(expected, within(0.1 * expected));
    }

    @Test
    void cubicIsAsFastAsItsEquationsSay() {
        // RFC 9438, section 4.3: where a round trip is short, as fast as Reno (alpha 9/17, beta 7/10).
        double expected = Math.sqrt(9.0 / 17 * 1.7 / (2 * 0.3 * 0.001));
        assertThat(window("cubic", 0.001)).isCloseTo(expected, within(0.1 * expected));
    }

    /** The mean window in segments, by the rate and the round trip of 100 us, over a link that loses at random. */
    private double window(String congestion, double loss) {
        double sum = 0;
        int runs = 4;
        for (int seed = 1; seed <= runs; seed++) {
            sources.clear();
            sinks.clear();
            Link link = new Link(seed, 50 * Time.MICRO, 4 * TEN_GIGABIT);
            int one = (int) (1 / loss);
            link.fate = (copy, random) -> copy.times = copy.dataLength > 0 && random.once(one) ? 0 : 1;
            flows(link, 1, congestion);
            link.run(50 * Time.MILLI);
            long before = sinks.get(0).bytesReceived();
            link.run(550 * Time.MILLI);
            double segments = bits(sinks.get(0), before, 500 * Time.MILLI) / 8 / SEGMENT;
            sum += segments * sources.get(0).info(link.now).rtt() / 1e6;
        }
        return sum / runs;
    }

    @Test
    void twoFlowsShareALink() {
        Link link = new Link(1, Time.MILLI, 1_000_000_000L);
        link.queue = 150;
        // Without any jitter it is always the same one whose segment finds the queue full.
        link.fate = (copy, random) -> copy.late = random.below(5) * Time.MICRO;
        flows(link, 2, "cubic");
        link.run(2 * Time.SECOND);
        long first = sinks.get(0).bytesReceived();
        long second = sinks.get(1).bytesReceived();
        link.run(12 * Time.SECOND);
        double a = bits(sinks.get(0), first, 10 * Time.SECOND);
        double b = bits(sinks.get(1), second, 10 * Time.SECOND);
        assertThat(a + b).isGreaterThan(0.9e9);
        assertThat(a / (a + b)).isCloseTo(0.5, within(0.05));
    }
}
