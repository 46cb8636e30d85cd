package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.TestDevices.Repeater;
import io.hopscope.core.TestDevices.Sink;
import io.hopscope.core.TestDevices.Source;
import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerTest {
    private static final long MICRO = 1_000_000L;
    /** 1 Gbit/s: a frame of 60 bytes takes 672 ns. */
    private static final CableSpec CABLE = new CableSpec(1_000_000_000L, 10 * MICRO, 100, 24, 60);

    private final Network network = new Network(1);
    private final Source source = new Source(network.node("a"));
    private final Repeater middle = new Repeater(network.node("m"), "", "bridge");
    private final Sink sink = new Sink(network.node("z"));

    PowerTest() {
        network.cable(source.port, middle.left, CABLE);
        network.cable(middle.right, sink.port, CABLE);
    }

    private Totals run() {
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        return engine.finish();
    }

    private static List<String> reasons(Totals totals) {
        List<String> all = new ArrayList<>();
        totals.drops().forEach(drop -> all.add(drop.port() + " " + drop.reason().name() + " " + drop.frames()));
        return all;
    }

    @Test
    void whatIsInsideIsLostAndCounted() {
        // 20 frames arrive at once, 672 ns from one another; each takes 276 ns there and 672 on the next cable.
        for (int i = 0; i < 20; i++) {
            source.send(0, 60);
        }
        network.power(middle.node(), false, 20 * MICRO);
        network.power(middle.node(), true, 21 * MICRO);
        source.send(30 * MICRO, 60);
        Totals totals = run();
        assertThat(totals.originated()).isEqualTo(21);
        assertThat(reasons(totals).toString()).contains("m:left NO_POWER").contains("z:eth0 CUT");
        assertThat(sink.times)
                .as("what had arrived before, and what came after")
                .hasSize(1);
        assertThat(totals.delivered() + totals.dropped()).isEqualTo(21);
    }

    @Test
    void aFrameInServiceAndOneInTheQueueAreLostUnderOneName() {
        Node node = middle.node();
        network.power(node, false, 5 * MICRO);
        node.at(5 * MICRO - 1, now -> {
            middle.receive(middle.left, TestDevices.frame(node, 1500), now);
            middle.receive(middle.left, TestDevices.frame(node, 1500), now);
        });
        source.send(0, 60);
        assertThat(reasons(run())).contains("m:right POWER_LOST 1");
    }

    @Test
    void aLinkNeedsPowerAtBothEndsAndAWholeCable() {
        network.power(middle.node(), false, 10 * MICRO);
        network.link(middle.left, false, 20 * MICRO);
        network.power(source.node(), false, 30 * MICRO);
        network.power(middle.node(), true, 40 * MICRO);
        network.link(middle.left, true, 50 * MICRO);
        network.power(source.node(), true, 60 * MICRO);
        List<String> seen = new ArrayList<>();
        for (int at = 5; at < 70; at += 10) {
            int instant = at;
            middle.node().at(at * MICRO, now -> seen.add(instant + (middle.left.up() ? " up" : " down")));
            source.node().at(at * MICRO, now -> seen.add(instant + (source.port.up() ? " up" : " down")));
        }
        run();
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "5 up", "5 up", "15 down", "15 down", "25 down", "25 down", "35 down", "35 down", "45 down",
                        "45 down", "55 down", "55 down", "65 up", "65 up");
    }

    /** Counts how often it was started and asked to forget, and wakes every microsecond. */
    private static final class Ticker extends Device {
        private int starts;
        private int forgets;
        private int wakes;
        private Frame kept;

        Ticker(Node node) {
            super(node, "ticker", "none");
            addPort("eth0");
        }

        @Override
        protected void start(long now) {
            starts++;
            kept = kept == null ? TestDevices.frame(node(), 60) : kept;
            wakeAt(now + MICRO);
        }

        @Override
        protected void forget() {
            forgets++;
        }

        @Override
        protected void wake(long now) {
            wakes++;
            if (now < 20 * MICRO) {
                wakeAt(now + MICRO);
            }
        }

        @Override
        protected void release() {
            if (kept != null) {
                node().discard(kept);
                kept = null;
            }
        }

        @Override
        protected int held() {
            return kept == null ? 0 : 1;
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            ingress.consume(frame);
        }
    }

    @Test
    void timersStopFramesKeptAreLostAndItStartsAgain() {
        Ticker ticker = new Ticker(network.node("t"));
        network.power(ticker.node(), false, 5_500_000L);
        network.power(ticker.node(), false, 6 * MICRO);
        network.power(ticker.node(), true, 15 * MICRO);
        network.power(ticker.node(), true, 16 * MICRO);
        List<String> words = new ArrayList<>();
        ticker.node().whenPowerIsLost(now -> words.add("lost at " + now / MICRO));
        ticker.node().whenBooted(now -> words.add("booted at " + now / MICRO));
        Totals totals = run();
        assertThat(ticker.starts).isEqualTo(2);
        assertThat(ticker.wakes).as("5 before, 5 after").isEqualTo(10);
        assertThat(ticker.forgets).isPositive();
        assertThat(words).containsExactly("lost at 5", "booted at 15");
        assertThat(reasons(totals)).contains("t/ticker:eth0 POWER_LOST 1");
        assertThat(totals.inFlight()).isEqualTo(1);
    }
}
