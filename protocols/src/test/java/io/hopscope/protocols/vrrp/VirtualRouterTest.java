package io.hopscope.protocols.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualRouterTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final long MILLI = SECOND / 1000;
    private static final int LOW = 0x0a00_0002;
    private static final int HIGH = 0x0a00_0003;

    private final List<String> events = new ArrayList<>();

    private VirtualRouter router(int priority, boolean preempt) {
        return new VirtualRouter(new VrrpSettings(10, priority, SECOND, preempt, LOW), new VirtualRouter.Owner() {
            @Override
            public void advertise(int said, long now) {
                events.add("advertise " + said + " at " + now / MILLI);
            }

            @Override
            public void takeOver(long now) {
                events.add("take over at " + now / MILLI);
            }

            @Override
            public void giveUp(long now) {
                events.add("give up at " + now / MILLI);
            }
        });
    }

    private static void run(VirtualRouter router, long until) {
        while (router.nextDeadline() <= until) {
            router.wake(router.nextDeadline());
        }
    }

    @Test
    void takesOverAfterThreeIntervalsAndASkewByPriority() {
        VirtualRouter router = router(100, true);
        router.startup(0);
        run(router, 5 * SECOND);
        // 3 s and 156/256 of one.
        assertThat(events).containsExactly("advertise 100 at 3609", "take over at 3609", "advertise 100 at 4609");
    }

    @Test
    void theOwnerOfTheAddressesIsMasterAtOnce() {
        router(VrrpSettings.OWNER, true).startup(0);
        assertThat(events).containsExactly("advertise 255 at 0", "take over at 0");
    }

    @Test
    void aBackupStaysOneAsLongAsItHearsABetterMaster() {
        VirtualRouter router = router(100, true);
        router.startup(0);
        for (int i = 1; i < 10; i++) {
            run(router, i * SECOND);
            router.heard(200, SECOND, HIGH, i * SECOND);
        }
        assertThat(events).isEmpty();
        run(router, 13 * SECOND);
        assertThat(events).startsWith("advertise 100 at 12609");
    }

    @Test
    void aMasterThatLeavesIsReplacedAfterTheSkewAlone() {
        VirtualRouter router = router(100, true);
        router.startup(0);
        router.heard(200, SECOND, HIGH, SECOND);
        router.heard(0, SECOND, HIGH, 2 * SECOND);
        run(router, 3 * SECOND);
        assertThat(events).startsWith("advertise 100 at 2609", "take over at 2609");
    }

    @Test
    void preemptsALowerPriorityOnlyWhereItMay() {
        VirtualRouter may = router(100, true);
        VirtualRouter mayNot = router(100, false);
        for (VirtualRouter router : List.of(may, mayNot)) {
            router.startup(0);
            for (int i = 1; i < 6; i++) {
                run(router, i * SECOND);
                router.heard(50, SECOND, HIGH, i * SECOND);
            }
        }
        assertThat(may.state()).isEqualTo(VirtualRouter.State.MASTER);
        assertThat(mayNot.state()).isEqualTo(VirtualRouter.State.BACKUP);
    }

    @Test
    void ofTwoMastersTheOneWithTheHigherPriorityOrAddressStays() {
        VirtualRouter router = router(100, true);
        router.startup(0);
        run(router, 4 * SECOND);
        router.heard(100, SECOND, LOW - 1, 4 * SECOND);
        assertThat(router.state()).isEqualTo(VirtualRouter.State.MASTER);
        router.heard(100, SECOND, HIGH, 4 * SECOND);
        assertThat(router.state()).isEqualTo(VirtualRouter.State.BACKUP);
        assertThat(events).last().isEqualTo("give up at 4000");
    }

    @Test
    void goesByTheMastersInterval() {
        VirtualRouter router = router(100, true);
        router.startup(0);
        router.heard(200, 2 * SECOND, HIGH, 0);
        run(router, 7 * SECOND);
        assertThat(events).isEmpty();
        run(router, 8 * SECOND);
        assertThat(events).startsWith("advertise 100 at 7218");
    }

    @Test
    void saysGoodByeWhenItsInterfaceGoes() {
        VirtualRouter router = router(VrrpSettings.OWNER, true);
        router.startup(0);
        router.shutdown(SECOND);
        assertThat(events).endsWith("advertise 0 at 1000", "give up at 1000");
        assertThat(router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }
}
