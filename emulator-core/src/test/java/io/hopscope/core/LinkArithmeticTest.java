package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hopscope.core.TestDevices.Repeater;
import io.hopscope.core.TestDevices.Sink;
import io.hopscope.core.TestDevices.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Links against exact figures: the design's own, and tables that ns-3 wrote at picosecond resolution. */
class LinkArithmeticTest {
    private static final long GIGA = 1_000_000_000L;
    private static final long MICRO = 1_000_000L;

    /** A chain of repeaters, one node each, joined by the given cables. */
    private static final class Chain {
        final Network network = new Network(1, Costs.NONE);
        final TestDevices.Log log = new TestDevices.Log();
        final Source source;
        final Sink sink;

        Chain(CableSpec... cables) {
            source = new Source(network.node("node0"));
            Port from = source.port;
            for (int i = 1; i < cables.length; i++) {
                Repeater next = new Repeater(network.node("node" + i), "", "none");
                network.cable(from, next.left, cables[i - 1]);
                from = next.right;
            }
            sink = new Sink(network.node("node" + cables.length));
            network.cable(from, sink.port, cables[cables.length - 1]);
        }

        Totals run() {
            Engine engine = new Engine(network, new Engine.Options().capture(log));
            engine.run(Long.MAX_VALUE);
            return engine.finish();
        }
    }

    private static CableSpec[] links(CableSpec spec, int count) {
        CableSpec[] all = new CableSpec[count];
        java.util.Arrays.fill(all, spec);
        return all;
    }

    @Test
    void carriesSixtyBytesOverNineteenCablesInExactlyTwentyMicrosecondsAndABit() {
        Chain chain = new Chain(links(CableSpec.DEFAULT, 19));
        chain.source.send(0, 60);
        chain.run();
        assertThat(chain.sink.times).containsExactly(20_276_800L);
    }

    @Test
    void padsInTimeButNotInBytes() {
        Chain chain = new Chain(links(CableSpec.DEFAULT, 19));
        chain.source.send(0, 42);
        chain.run();
        assertThat(chain.sink.times).containsExactly(20_276_800L);
        assertThat(chain.sink.lengths).containsExactly(42);
    }

    @Test
    void carriesTheRemainderAtRatesWhereAByteIsNoWholeNumberOfPicoseconds() {
        // 3 Gb/s: a byte takes 2,666 and two thirds of a picosecond; three frames of 84 bytes exactly 672,000.
        Chain chain = new Chain(CableSpec.DEFAULT.rate(3 * GIGA));
        for (int i = 0; i < 3; i++) {
            chain.source.send(0, 60);
        }
        chain.run();
        assertThat(chain.sink.times).containsExactly(1_224_000L, 1_448_000L, 1_672_000L);
    }

    @Test
    void countsTheBitsThatHaveGoneOutToTheInstant() {
        Chain chain = new Chain(CableSpec.DEFAULT.rate(GIGA).queue(2));
        for (int i = 0; i < 5; i++) {
            chain.source.send(0, 101);
        }
        // A frame of 101 bytes takes 125 with preamble, FCS and gap: a microsecond. Three of the five are sent.
        List<Long> seen = new ArrayList<>();
        for (long at : new long[] {0, MICRO / 4, MICRO, 5 * MICRO / 2, 3 * MICRO, 9 * MICRO}) {
            chain.source.node().at(at, now -> seen.add(chain.source.port.carriedBits(now)));
        }
        chain.run();
        assertThat(seen).containsExactly(0L, 250L, 1000L, 2500L, 3000L, 3000L);
        assertThat(chain.sink.port.carriedBits(9 * MICRO)).isZero();
    }

    @Test
    void dropsAtAFullQueueAndSaysWhere() {
        Chain chain = new Chain(CableSpec.DEFAULT.queue(2));
        for (int i = 0; i < 5; i++) {
            chain.source.send(0, 60);
        }
        Totals totals = chain.run();
        assertThat(chain.sink.times).hasSize(3);
        assertThat(totals.dropped()).isEqualTo(2);
        assertThat(totals.drops()).hasSize(1);
        assertThat(totals.drops().get(0).port()).isSameAs(chain.source.port);
        assertThat(totals.drops().get(0).reason().text()).isEqualTo("queue full");
        assertThat(chain.log.lines)
                .filteredOn(line -> line.endsWith("drop: queue full"))
                .hasSize(2);
    }

    @Test
    @Tag("oracle")
    void matchesNs3ToThePicosecond() throws IOException {
        // The tables lie beside the checkout, not in it.
        assumeTrue(Files.isDirectory(Path.of("../../shared/golden/ns3")), "no tables of ns-3");
        CableSpec ten = raw(10 * GIGA, MICRO);
        CableSpec one = raw(GIGA, MICRO);
        check("lat_19links_64B", 0, new int[] {48}, 1, links(ten, 19));
        check("lat_19links_1500B", 0, new int[] {1502}, 1, links(ten, 19));
        check("lat_burst20_bottleneck1G", 0, new int[] {1502, 48}, 20, ten, ten, one, ten);
        check(
                "lat_burst40_bottleneck1G_queue10_drops",
                1_300_000,
                new int[] {1502},
                40,
                ten.queue(10),
                ten.queue(10),
                one.queue(10),
                ten.queue(10));
        check(
                "lat_mixed",
                200_000,
                new int[] {130, 1030, 48},
                10,
                raw(10 * GIGA, 5 * MICRO),
                raw(GIGA, 5 * MICRO),
                raw(GIGA / 10, 5 * MICRO));
    }

    private static CableSpec raw(long rate, long delay) {
        return CableSpec.DEFAULT.rate(rate).delay(delay).framing(0, 0);
    }

    /** The bytes on ns-3's medium are the frame's length here, since overhead and minimum are 0. */
    private static void check(String table, long gap, int[] sizes, int packets, CableSpec... cables)
            throws IOException {
        Path file = golden().resolve("ns3").resolve(table + ".csv");
        Chain chain = new Chain(cables);
        for (int i = 0; i < packets; i++) {
            chain.source.send(i * gap, sizes[i % sizes.length]);
        }
        chain.run();
        List<String> expected = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("rx,")) {
                String[] c = line.split(",");
                expected.add(c[5] + " " + c[2] + " " + c[3] + " " + c[4]);
            }
        }
        assertThat(arrivals(chain)).as(table).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<String> arrivals(Chain chain) {
        List<String> arrivals = new ArrayList<>();
        for (String line : chain.log.lines) {
            String[] c = line.split("[ :]");
            if (c[3].equals("in")) {
                long nodes = chain.network.nodes().size();
                arrivals.add(c[0] + " " + c[1] + " " + (Long.parseLong(c[4]) - 1) / nodes + " " + c[5]);
            }
        }
        return arrivals;
    }

    static Path golden() {
        String given = System.getProperty("hopscope.golden");
        Path folder = given == null ? Path.of("..", "..", "shared", "golden") : Path.of(given);
        boolean required = "required".equals(System.getProperty("hopscope.oracles"));
        Assumptions.assumeTrue(required || Files.isDirectory(folder), "no golden captures beside the checkout");
        return folder;
    }
}
