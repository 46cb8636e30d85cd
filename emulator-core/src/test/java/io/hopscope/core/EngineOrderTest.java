package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.core.TestDevices.Log;
import io.hopscope.core.TestDevices.Repeater;
import io.hopscope.core.TestDevices.Sink;
import io.hopscope.core.TestDevices.Source;
import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineOrderTest {
    /** Forwards each frame to a random neighbour a few times: a busy network whose every decision depends on order. */
    private static final class Wanderer extends Device {
        private final RandomStream random;
        private int toSend;

        Wanderer(Node node, int links, int frames) {
            super(node, "", "wanderer");
            random = node.network().seed().stream(node.name());
            toSend = frames;
            for (int i = 0; i < links; i++) {
                addPort("eth" + i);
            }
        }

        @Override
        protected void start(long now) {
            wakeAt(random.nextInt(1_000_000));
        }

        @Override
        protected void wake(long now) {
            Frame frame = TestDevices.frame(node(), 60 + random.nextInt(1400));
            frame.bytes()[frame.start()] = (byte) (3 + random.nextInt(9));
            anyPort().transmit(frame);
            if (--toSend > 0) {
                wakeAt(now + random.nextInt(700_000));
            }
        }

        private Port anyPort() {
            return ports().get(random.nextInt(ports().size()));
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            int left = --frame.bytes()[frame.start()];
            if (left <= 0) {
                ingress.consume(frame);
            } else {
                if (left == 5) {
                    anyPort().transmit(node().copy(frame));
                }
                anyPort().transmit(frame);
            }
        }
    }

    private static List<String> wander(int workers, long window, boolean shortCables) {
        Network network = new Network(7, Costs.NONE);
        List<Wanderer> all = new ArrayList<>();
        int nodes = 24;
        for (int i = 0; i < nodes; i++) {
            all.add(new Wanderer(network.node("n" + i), 4, 60));
        }
        for (int i = 0; i < nodes; i++) {
            long delay = shortCables && i % 3 == 0 ? 50_000 : 1_000_000 + i * 10_000L;
            CableSpec spec = CableSpec.DEFAULT.delay(delay).queue(8);
            network.cable(
                    all.get(i).ports().get(0), all.get((i + 1) % nodes).ports().get(1), spec);
            network.cable(
                    all.get(i).ports().get(2), all.get((i + 5) % nodes).ports().get(3), spec.delay(900_000));
        }
        Log log = new Log();
        Engine engine = new Engine(
                network,
                new Engine.Options().workers(workers).longestWindow(window).capture(log));
        engine.run(Long.MAX_VALUE);
        engine.finish();
        return log.lines;
    }

    @Test
    void givesTheSameCaptureWithAnyNumberOfWorkersAndAnyWindow() {
        for (boolean shortCables : new boolean[] {false, true}) {
            List<String> one = wander(1, Long.MAX_VALUE, shortCables);
            assertThat(one).hasSizeGreaterThan(10_000);
            assertThat(wander(2, Long.MAX_VALUE, shortCables)).isEqualTo(one);
            assertThat(wander(4, Long.MAX_VALUE, shortCables)).isEqualTo(one);
            assertThat(wander(1, 100_000, shortCables)).isEqualTo(one);
            assertThat(wander(3, 33_333, shortCables)).isEqualTo(one);
        }
    }

    @Test
    void capturesInOrderOfTime() {
        long last = 0;
        for (String line : wander(2, Long.MAX_VALUE, true)) {
            long time = Long.parseLong(line.substring(0, line.indexOf(' ')));
            assertThat(time).isGreaterThanOrEqualTo(last);
            last = time;
        }
    }

    @Test
    void takesCableHeadsOfOneInstantByPort() {
        Network network = new Network(1, Costs.NONE);
        Sink sink = new Sink(network.node("sink"));
        Port second = sink.addPort("eth1");
        Source a = new Source(network.node("a"));
        Source b = new Source(network.node("b"));
        network.cable(a.port, second, CableSpec.DEFAULT);
        network.cable(b.port, sink.port, CableSpec.DEFAULT);
        a.send(0, 60);
        b.send(0, 61);
        b.send(500_000, 62);
        a.send(500_000 + 800, 61);
        b.send(700_000, 60);
        a.send(700_000, 60);
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        engine.finish();
        assertThat(sink.lengths).containsExactly(60, 61, 62, 61, 60, 60);
        assertThat(sink.times).isSorted();
        // The last two arrive at one instant: eth0's frame, b's, comes first though a was made first.
        assertThat(sink.journeys.get(4) % 3).isEqualTo((1 + b.node().ordinal()) % 3);
    }

    @Test
    void makesFramesWaitWhileTheLaneIsBusy() {
        Network network = new Network(1, Costs.defaults());
        Source source = new Source(network.node("source"));
        Repeater bridge = new Repeater(network.node("bridge"), "", "bridge");
        Sink sink = new Sink(network.node("sink"));
        network.cable(source.port, bridge.left, CableSpec.DEFAULT);
        network.cable(bridge.right, sink.port, CableSpec.DEFAULT);
        Log log = new Log();
        for (int i = 0; i < 3; i++) {
            source.send(0, 60);
        }
        Engine engine = new Engine(network, new Engine.Options().capture(log));
        engine.run(Long.MAX_VALUE);
        engine.finish();
        long arrival = 1_067_200;
        long service = 270_000 + 60 * 100;
        assertThat(log.lines)
                .contains(arrival + " bridge:left in 1 60", (arrival + service) + " bridge:right out 1 60");
        assertThat(log.lines)
                .contains(
                        (arrival + service) + " bridge:left in 4 60",
                        (arrival + 2 * service) + " bridge:right out 4 60");
        assertThat(sink.times.get(2)).isEqualTo(arrival + 3 * service + arrival);
    }

    @Test
    void overlapsFramesInAPipeline() {
        Network network = new Network(1, Costs.defaults());
        Source source = new Source(network.node("source"));
        Repeater asic = new Repeater(network.node("switch"), "", "switch");
        Sink sink = new Sink(network.node("sink"));
        network.cable(source.port, asic.left, CableSpec.DEFAULT);
        network.cable(asic.right, sink.port, CableSpec.DEFAULT);
        source.send(0, 60);
        source.send(0, 60);
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        engine.finish();
        long first = 1_067_200 + 800_000 + 1_067_200;
        assertThat(sink.times).containsExactly(first, first + 67_200);
    }

    @Test
    void stopsALoopWithoutDelayAsAnErrorThatNamesIt() {
        Network network = new Network(1, Costs.NONE);
        Node node = network.node("server");
        Source source = new Source(node);
        Repeater one = new Repeater(node, "one", "none");
        Repeater two = new Repeater(node, "two", "none");
        // one:right - two:left and two:right - one:left: a frame inside never gets out.
        network.wire(one.right, two.left);
        network.wire(two.right, one.left);
        node.at(0, now -> one.right.transmit(TestDevices.frame(node, 60)));
        Engine engine = new Engine(network, new Engine.Options());
        assertThatThrownBy(() -> engine.run(Long.MAX_VALUE))
                .isInstanceOf(ScenarioError.class)
                .hasMessageContaining("loop without delay")
                .hasMessageContaining("server/");
        assertThat(source.port.connected()).isFalse();
    }

    @Test
    void reportsABugWithPlaceAndBytesAfterFlushingTheCapture() {
        Network network = new Network(1, Costs.NONE);
        Source source = new Source(network.node("source"));
        Device broken = new Device(network.node("victim"), "", "none") {
            {
                addPort("eth0");
            }

            @Override
            public void receive(Port ingress, Frame frame, long now) {
                throw new IllegalStateException("unexpected");
            }
        };
        network.cable(source.port, broken.ports().get(0), CableSpec.DEFAULT);
        source.send(0, 60);
        Log log = new Log();
        Engine engine = new Engine(network, new Engine.Options().capture(log));
        assertThatThrownBy(() -> engine.run(Long.MAX_VALUE))
                .isInstanceOf(Bug.class)
                .hasMessageContaining("1067200 ps")
                .hasMessageContaining("victim:eth0")
                .hasMessageContaining("journey 1")
                .hasMessageContaining("0x0000: 0000 0000");
        assertThat(log.lines).hasSize(2);
    }

    @Test
    void failsTheRunWhenAFrameIsReleasedTwice() {
        Network network = new Network(1, Costs.NONE);
        Source source = new Source(network.node("source"));
        source.node().at(0, now -> {
            Frame frame = TestDevices.frame(source.node(), 60);
            source.port.consume(frame);
            source.port.consume(frame);
        });
        Engine engine = new Engine(network, new Engine.Options());
        assertThatThrownBy(() -> engine.run(Long.MAX_VALUE))
                .isInstanceOf(Bug.class)
                .hasMessageContaining("twice");
    }

    @Test
    void failsTheRunWhenAFrameIsLost() {
        Network network = new Network(1, Costs.NONE);
        Source source = new Source(network.node("source"));
        source.node().at(0, now -> TestDevices.frame(source.node(), 60));
        Engine engine = new Engine(network, new Engine.Options());
        engine.run(Long.MAX_VALUE);
        assertThatThrownBy(engine::finish).isInstanceOf(Bug.class).hasMessageContaining("leak");
    }

    @Test
    void endsAtAnInstantAndCountsWhatIsInFlight() {
        Network network = new Network(1, Costs.NONE);
        Source source = new Source(network.node("source"));
        Sink sink = new Sink(network.node("sink"));
        network.cable(source.port, sink.port, CableSpec.DEFAULT);
        source.send(0, 60);
        source.send(0, 60);
        Engine engine = new Engine(network, new Engine.Options());
        assertThat(engine.run(1_067_200)).isTrue();
        Totals totals = engine.finish();
        assertThat(sink.times).containsExactly(1_067_200L);
        assertThat(totals.delivered()).isEqualTo(1);
        assertThat(totals.inFlight()).isEqualTo(1);
    }

    @Test
    void keepsEveryFrameInOrderWhileRingsGrowBeforeAnyoneReads() {
        Network network = new Network(1, Costs.NONE);
        Sink sink = new Sink(network.node("sink"));
        Source source = new Source(network.node("source"));
        network.cable(source.port, sink.port, CableSpec.DEFAULT.delay(500_000_000));
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            // Several windows fall into the time on the way, and the ring grows at the edge of each.
            source.send(i * 1_200_000L, 60 + i);
            sent.add(60 + i);
        }
        Engine engine = new Engine(network, new Engine.Options().longestWindow(50_000_000));
        engine.run(Long.MAX_VALUE);
        engine.finish();
        assertThat(sink.lengths).isEqualTo(sent);
        assertThat(sink.times).isSorted();
    }

    @Test
    void refusesACableWithNeitherDelayNorRate() {
        assertThatThrownBy(() -> new CableSpec(0, 0, 1, 24, 60)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesACableInsideOneNode() {
        Network network = new Network(1, Costs.NONE);
        Repeater repeater = new Repeater(network.node("n"), "", "none");
        assertThatThrownBy(() -> network.cable(repeater.left, repeater.right, CableSpec.DEFAULT))
                .isInstanceOf(ScenarioError.class)
                .hasMessageContaining("n:left")
                .hasMessageContaining("wire");
        assertThat(repeater.left.connected()).isFalse();
    }

    @Test
    void putsADropOnTheFrameThatDiedEvenWhereItCameInUnseen() {
        Network network = new Network(1, Costs.NONE);
        Source source = new Source(network.node("source"));
        // As a bond: frames come in through a hidden member and are observed at the bond, unless they are bad.
        Device bond = new Device(network.node("bond"), "", "none") {
            private final Port member = addPort("member").hide();
            private final Port port = addPort("bond0");

            @Override
            public void receive(Port ingress, Frame frame, long now) {
                if (frame.length() < 60) {
                    member.drop(frame, Transmitter.Drop.QUEUE_FULL);
                } else {
                    port.observeIn(frame);
                    port.consume(frame);
                }
            }
        };
        network.cable(source.port, bond.port("member"), CableSpec.DEFAULT);
        source.send(0, 60);
        source.send(0, 10);
        Log log = new Log();
        Engine engine = new Engine(network, new Engine.Options().capture(log));
        engine.run(Long.MAX_VALUE);
        engine.finish();
        assertThat(log.lines).anyMatch(line -> line.contains("bond:bond0 in 1 60"));
        assertThat(log.lines).noneMatch(line -> line.contains("drop"));
    }

    @Test
    void firesTimersArmedForThePastDuringAnotherInOrderOfTheirInstants() {
        Network network = new Network(1, Costs.NONE);
        Node node = network.node("n");
        List<String> fired = new ArrayList<>();
        Timer other = new Timer(node, now -> fired.add("other"));
        Timer[] self = new Timer[1];
        self[0] = new Timer(node, now -> {
            fired.add("self");
            if (fired.size() == 1) {
                other.arm(now - 10);
                self[0].arm(now - 20);
            }
        });
        self[0].arm(50);
        new Engine(network, new Engine.Options()).run(Long.MAX_VALUE);
        assertThat(fired).containsExactly("self", "self", "other");
    }

    @Test
    void endsEverySinkOnceThoughAnotherFails() {
        Network network = new Network(1, Costs.NONE);
        Source source = new Source(network.node("source"));
        Sink sink = new Sink(network.node("sink"));
        network.cable(source.port, sink.port, CableSpec.DEFAULT);
        source.send(0, 60);
        List<String> ends = new ArrayList<>();
        CaptureSink well = new CaptureSink() {
            @Override
            public void packet(CaptureRecord record) {}

            @Override
            public void end() {
                ends.add("well");
            }
        };
        CaptureSink full = record -> {
            throw new IllegalStateException("disk full");
        };
        Engine engine = new Engine(network, new Engine.Options().capture(full).capture(well));
        engine.run(Long.MAX_VALUE);
        assertThatThrownBy(engine::finish).hasMessage("disk full");
        assertThatThrownBy(engine::finish).hasMessage("disk full");
        assertThat(ends).containsExactly("well");
    }
}
