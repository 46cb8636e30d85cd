package io.hopscope.protocols.stp;

import static io.hopscope.protocols.stp.Bridges.MILLI;
import static io.hopscope.protocols.stp.Bridges.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StpTest {
    private final Bridges net = new Bridges();

    /** Three bridges in a triangle, b1 the root, a host on the third port of each. */
    private void triangle() {
        for (int i = 1; i <= 3; i++) {
            int priority = i * 4096;
            net.add("b" + i, 3, (owner, mac) -> new Stp(TreeSettings.of(priority, mac), owner, Pace.EXACT));
        }
        net.join("b1", 0, "b2", 0);
        net.join("b1", 1, "b3", 0);
        net.join("b2", 1, "b3", 1);
        for (int i = 1; i <= 3; i++) {
            net.host("b" + i, 2);
        }
    }

    @Test
    void aTriangleBlocksOnePortAndForwardsAfterTwiceTheForwardDelay() {
        triangle();
        net.run(29 * SECOND);
        assertThat(net.ports("b1")).isEqualTo("designated learning, designated learning, designated learning");
        net.run(31 * SECOND);
        assertThat(net.ports("b1")).isEqualTo("designated forwarding, designated forwarding, designated forwarding");
        assertThat(net.ports("b2")).isEqualTo("root forwarding, designated forwarding, designated forwarding");
        assertThat(net.ports("b3")).isEqualTo("root forwarding, alternate blocking, designated forwarding");
    }

    @Test
    void theBlockedPortTakesOverThirtySecondsAfterTheRootPortIsLost() {
        triangle();
        net.run(60 * SECOND);
        net.cut("b1", 1);
        assertThat(net.ports("b3")).isEqualTo("disabled disabled, root listening, designated forwarding");
        net.run(89 * SECOND);
        assertThat(net.ports("b3")).contains("root learning");
        net.run(91 * SECOND);
        assertThat(net.ports("b3")).contains("root forwarding");
    }

    @Test
    void theRootTellsOfAChangeForMaxAgeAndForwardDelayAndStationsAreForgottenFaster() {
        triangle();
        net.run(80 * SECOND);
        assertThat(net.fast("b2")).as("since the ports forward, 35 s are over").isFalse();
        net.cut("b1", 1);
        net.run(113 * SECOND);
        assertThat(net.fast("b1")).isTrue();
        assertThat(net.fast("b3")).isTrue();
        net.run(150 * SECOND);
        assertThat(net.fast("b1")).isFalse();
        assertThat(net.fast("b3")).isFalse();
    }

    @Test
    void aRootThatFallsSilentIsForgottenAfterMaxAge() {
        triangle();
        net.run(60 * SECOND);
        net.cut("b1", 0);
        net.cut("b1", 1);
        net.run(61 * SECOND);
        assertThat(net.ports("b3")).as("b2 still says what b1 said").contains("root");
        net.run(140 * SECOND);
        assertThat(net.ports("b2")).isEqualTo("disabled disabled, designated forwarding, designated forwarding");
        assertThat(net.ports("b3")).isEqualTo("disabled disabled, root forwarding, designated forwarding");
    }

    @Test
    void theKernelsTimersAreLateByTheirBucket() {
        assertThat(Pace.LINUX.after(0, 15 * SECOND)).isEqualTo(15_104 * MILLI);
        assertThat(Pace.LINUX.after(0, 4 * SECOND)).isEqualTo(4_096 * MILLI);
        assertThat(Pace.LINUX.after(0, SECOND)).isEqualTo(1_024 * MILLI);
        assertThat(Pace.LINUX.aligned(7_516 * MILLI, SECOND))
                .as("9 s, in a bucket of 32 ms")
                .isEqualTo(9_024 * MILLI);
        assertThat(Pace.LINUX.aligned(2_016 * MILLI, SECOND)).as("rounded down").isEqualTo(3_008 * MILLI);
    }

    @Test
    void rapidBpdusAreNotUnderstood() {
        triangle();
        byte[] bytes = new byte[36];
        var bpdu = new io.hopscope.encap.Bpdu().wrap(bytes, 0);
        bpdu.start(io.hopscope.encap.Bpdu.RAPID);
        net.run(SECOND);
        SpanningTree alone = net.add("b4", 1, (owner, mac) -> new Stp(TreeSettings.of(61440, mac), owner, Pace.EXACT));
        net.host("b4", 0);
        alone.receive(0, bpdu.root(1), net.now);
        assertThat(net.ports("b4")).isEqualTo("designated listening");
    }
}
