package io.hopscope.protocols.stp;

import static io.hopscope.protocols.stp.Bridges.MILLI;
import static io.hopscope.protocols.stp.Bridges.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Bpdu;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RstpTest {
    private final Bridges net = new Bridges();

    private SpanningTree rapid(String name, int priority, int ports) {
        return net.add(name, ports, (owner, mac) -> new Rstp(TreeSettings.of(priority, mac), owner));
    }

    /** Three bridges in a triangle, b1 the root, a host on the third port of each. */
    private void triangle() {
        for (int i = 1; i <= 3; i++) {
            rapid("b" + i, i * 4096, 3);
        }
        net.join("b1", 0, "b2", 0);
        net.join("b1", 1, "b3", 0);
        net.join("b2", 1, "b3", 1);
        for (int i = 1; i <= 3; i++) {
            net.host("b" + i, 2);
        }
    }

    @Test
    void proposalAndAgreementOpenATriangleInMilliseconds() {
        triangle();
        net.run(20 * MILLI);
        assertThat(net.ports("b1")).startsWith("designated forwarding, designated forwarding");
        assertThat(net.ports("b2")).startsWith("root forwarding, designated");
        assertThat(net.ports("b3")).startsWith("root forwarding, alternate blocking");
    }

    @Test
    void aPortWhereNobodyAnswersIsAnEdgeAfterThreeSeconds() {
        triangle();
        net.run(2900 * MILLI);
        assertThat(net.ports("b1")).endsWith("designated blocking");
        net.run(3100 * MILLI);
        assertThat(net.ports("b1")).endsWith("designated forwarding");
    }

    @Test
    void theAlternatePortTakesOverAtOnceAndStationsAreFlushed() {
        triangle();
        net.run(60 * SECOND);
        int flushes = net.flushes("b2");
        net.cut("b1", 1);
        assertThat(net.ports("b3")).isEqualTo("disabled disabled, root forwarding, designated forwarding");
        net.run(60 * SECOND + 10 * MILLI);
        assertThat(net.flushes("b2")).isGreaterThan(flushes);
    }

    @Test
    void aBetterRootThatArrivesIsFollowedWithoutALoopAndWithinMilliseconds() {
        triangle();
        net.run(10 * SECOND);
        rapid("b4", 0, 2);
        net.join("b4", 0, "b3", 2);
        net.run(10 * SECOND + 50 * MILLI);
        assertThat(net.ports("b3")).endsWith("root forwarding");
        assertThat(net.ports("b1")).contains("root forwarding");
    }

    @Test
    void aNeighbourOfTheOldKindIsSpokenToInItsWords() {
        rapid("new", 4096, 1);
        net.add("old", 2, (owner, mac) -> new Stp(TreeSettings.of(32768, mac), owner, Pace.EXACT));
        net.join("new", 0, "old", 0);
        net.run(2 * SECOND);
        assertThat(net.lastVersion("new")).isEqualTo(2);
        net.run(60 * SECOND);
        assertThat(net.lastVersion("new")).isZero();
        assertThat(net.ports("old")).startsWith("root forwarding");
        assertThat(net.ports("new")).isEqualTo("designated forwarding");
    }

    @Test
    void twoPortsJoinedToOneAnotherAreDesignatedAndBackup() {
        rapid("b1", 4096, 3);
        net.join("b1", 0, "b1", 1);
        net.run(30 * SECOND);
        assertThat(net.ports("b1")).startsWith("designated forwarding, backup blocking");
    }

    @Test
    void informationThatIsNotRepeatedThreeTimesIsGivenUp() {
        triangle();
        net.run(60 * SECOND);
        net.deafen("b1", 1);
        net.run(63 * SECOND);
        assertThat(net.ports("b3")).startsWith("root forwarding, alternate");
        net.run(67 * SECOND);
        assertThat(net.ports("b3")).contains("root forwarding").startsWith("designated");
        net.run(80 * SECOND);
        assertThat(net.ports("b1"))
                .as("hears that b3 learns where it should not")
                .contains("designated blocking");
    }

    @Test
    void noMoreThanSixMessagesASecondBesideOneASecond() {
        triangle();
        net.run(SECOND);
        assertThat(net.sent("b1")).isLessThanOrEqualTo(3 * 6);
    }

    @Test
    void anyBytesLeaveTheMachineStanding() {
        SpanningTree tree = rapid("b1", 4096, 3);
        for (int i = 0; i < 3; i++) {
            net.host("b1", i);
        }
        SplittableRandom random = new SplittableRandom(17);
        byte[] bytes = new byte[Bpdu.RAPID_LENGTH];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            Bpdu bpdu = new Bpdu().wrap(bytes, 0);
            int kind = random.nextInt(3);
            int flags = bpdu.flags();
            bpdu.start(kind == 0 ? Bpdu.RAPID : kind == 1 ? Bpdu.CONFIGURATION : Bpdu.TOPOLOGY_CHANGE);
            bpdu.flags(flags);
            if (random.nextBoolean()) {
                bpdu.times(0, 20 * SECOND, 2 * SECOND, 15 * SECOND)
                        .root(bpdu.root() & 0xffff)
                        .cost(random.nextInt(3));
            }
            net.run(net.now + random.nextInt(700) * MILLI);
            tree.receive(random.nextInt(3), bpdu, net.now);
        }
        assertThat(net.ports("b1")).isNotEmpty();
    }

    /** Meshes drawn by chance, links cut by chance: one tree, never a loop. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyMeshBecomesOneTreeAndHealsWithoutALoop(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int bridges = 4 + random.nextInt(4);
        int[] used = new int[bridges];
        for (int i = 0; i < bridges; i++) {
            rapid("b" + i, 4096 * (1 + random.nextInt(8)), 16);
        }
        List<int[]> links = new ArrayList<>();
        for (int i = 1; i < bridges; i++) {
            link(links, used, i, random.nextInt(i));
        }
        for (int i = 0; i < bridges; i++) {
            link(links, used, random.nextInt(bridges), i);
        }
        net.run(40 * SECOND);
        assertThat(forwarding()).as("roots").isEqualTo(bridges - 1);
        for (int i = bridges - 1; i < links.size(); i++) {
            if (links.get(i) != null && random.nextInt(3) == 0) {
                net.cut("b" + links.get(i)[0], links.get(i)[1]);
                net.run(net.now + SECOND);
            }
        }
        net.run(net.now + 40 * SECOND);
        assertThat(forwarding()).as("roots").isEqualTo(bridges - 1);
    }

    private void link(List<int[]> links, int[] used, int a, int b) {
        if (a == b) {
            links.add(null);
            return;
        }
        links.add(new int[] {a, used[a]});
        net.join("b" + a, used[a]++, "b" + b, used[b]++);
    }

    private int forwarding() {
        int roots = 0;
        for (String bridge : net.names()) {
            roots += net.ports(bridge).contains("root forwarding") ? 1 : 0;
        }
        return roots;
    }
}
