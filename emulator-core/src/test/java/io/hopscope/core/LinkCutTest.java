package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.TestDevices.Sink;
import io.hopscope.core.TestDevices.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link that is cut loses what is on it, takes nothing, and is as before when it is joined again. */
class LinkCutTest {
    private static final long MICRO = 1_000_000L;
    /** One microsecond for 125 bytes. */
    private static final CableSpec GIGABIT =
            CableSpec.DEFAULT.rate(CableSpec.GIGABIT).delay(10 * MICRO).framing(0, 0);

    private final Network network = new Network(1, Costs.NONE);
    private final Source source = new Source(network.node("a"));
    private final Sink sink = new Sink(network.node("b"));

    private void set(long at, boolean up) {
        source.node().at(at, now -> source.port.carrier(up, now));
        sink.node().at(at, now -> sink.port.carrier(up, now));
    }

    private Totals run(int workers) {
        network.cable(source.port, sink.port, GIGABIT);
        Engine engine = new Engine(network, new Engine.Options().workers(workers));
        engine.run(Long.MAX_VALUE);
        return engine.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void losesTheQueueTheFrameInTransmissionAndThoseOnTheWay(int workers) {
        source.send(0, 125);
        source.send(5 * MICRO, 125);
        source.send(11 * MICRO, 125);
        source.send(11 * MICRO, 125);
        source.send(11 * MICRO, 125);
        source.send(20 * MICRO, 125);
        source.send(40 * MICRO, 125);
        set(11 * MICRO + MICRO / 2, false);
        set(30 * MICRO, true);
        Totals totals = run(workers);
        assertThat(sink.times).containsExactly(11 * MICRO, 51 * MICRO);
        assertThat(totals.drops())
                .extracting(drop -> drop.port() + " " + drop.reason().name() + " " + drop.frames())
                .containsExactly("a:eth0 NO_CARRIER 3", "b:eth0 CUT 2");
    }

    @Test
    void aFrameSentBeforeAShortCutIsLostThoughTheLinkIsUpWhenItWouldArrive() {
        source.send(0, 125);
        set(2 * MICRO, false);
        set(3 * MICRO, true);
        source.send(3 * MICRO, 125);
        Totals totals = run(1);
        assertThat(sink.times).containsExactly(14 * MICRO);
        assertThat(totals.dropped()).isEqualTo(1);
    }

    @Test
    void aWireThatIsCutTakesNothing() {
        Source inside = new Source(network.node("c"));
        TestDevices.Repeater end = new TestDevices.Repeater(network.node("c"), "end", "none");
        network.wire(inside.port, end.left);
        inside.node().at(0, now -> inside.port.carrier(false, now));
        inside.send(1, 60);
        Totals totals = run(1);
        assertThat(totals.drops()).extracting(drop -> drop.reason().name()).containsExactly("NO_CARRIER");
    }
}
