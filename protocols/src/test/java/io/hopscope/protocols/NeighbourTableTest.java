package io.hopscope.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instants in seconds; what Linux does with its defaults (net/core/neighbour.c). */
class NeighbourTableTest implements NeighbourTable.Solicitor {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int IP = 0x0a000002;
    private static final long MAC = 0x0200_0000_0002L;

    private final List<String> events = new ArrayList<>();
    private final NeighbourTable table = new NeighbourTable(this);

    @Override
    public void solicit(Neighbour neighbour, boolean unicast, long now) {
        events.add((unicast ? "ask it at " : "ask all at ") + now / SECOND);
    }

    @Override
    public void resolved(Neighbour neighbour, long now) {
        events.add("resolved at " + now / SECOND);
    }

    @Override
    public void failed(Neighbour neighbour, long now) {
        events.add("failed at " + now / SECOND);
    }

    @Override
    public long reachableTime() {
        return 30 * SECOND;
    }

    private void runTo(long seconds) {
        while (table.nextDeadline() <= seconds * SECOND) {
            table.expire(table.nextDeadline());
        }
    }

    private Neighbour.State state(long seconds) {
        return table.entries(seconds * SECOND).get(0).state();
    }

    private void reply(long seconds, long mac) {
        table.heard(2, IP, mac, false, true, false, seconds * SECOND);
    }

    @Test
    void asksThreeTimesASecondApartAndGivesUp() {
        table.use(2, IP, 0);
        assertThat(state(0)).isEqualTo(Neighbour.State.INCOMPLETE);
        runTo(10);
        assertThat(events).containsExactly("ask all at 0", "ask all at 1", "ask all at 2", "failed at 3");
        assertThat(state(10)).isEqualTo(Neighbour.State.FAILED);
        assertThat(table.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aReplyMakesItReachableAndTimeMakesItStale() {
        table.use(2, IP, 0);
        reply(1, MAC);
        assertThat(table.find(2, IP).mac()).isEqualTo(MAC);
        assertThat(state(31)).isEqualTo(Neighbour.State.REACHABLE);
        runTo(31);
        assertThat(table.nextDeadline()).as("an idle entry has no timer").isEqualTo(Long.MAX_VALUE);
        assertThat(state(32)).isEqualTo(Neighbour.State.STALE);
    }

    @Test
    void aStaleEntryThatIsUsedIsProbedAfterFiveSeconds() {
        table.use(2, IP, 0);
        reply(0, MAC);
        table.use(2, IP, 40 * SECOND);
        assertThat(state(40)).isEqualTo(Neighbour.State.DELAY);
        events.clear();
        runTo(45);
        assertThat(state(45)).isEqualTo(Neighbour.State.PROBE);
        reply(45, MAC);
        assertThat(state(46)).isEqualTo(Neighbour.State.REACHABLE);
        assertThat(events).containsExactly("ask it at 45");
    }

    /** neigh_confirm, as TCP does for whoever acknowledges something new. */
    @Test
    void whoIsHeardFromAboveIsNotProbed() {
        table.use(2, IP, 0);
        reply(0, MAC);
        events.clear();
        table.use(2, IP, 40 * SECOND);
        table.find(2, IP).confirm(43 * SECOND);
        runTo(46);
        assertThat(state(46)).isEqualTo(Neighbour.State.REACHABLE);
        assertThat(events).isEmpty();
        // Just when the delay begins is too early: the timer comes late.
        table.use(2, IP, 120 * SECOND);
        table.find(2, IP).confirm(120 * SECOND + SECOND / 10);
        runTo(126);
        assertThat(events).startsWith("ask it at 125");
    }

    @Test
    void probesThatNobodyAnswersEndInFailure() {
        table.use(2, IP, 0);
        reply(0, MAC);
        table.use(2, IP, 40 * SECOND);
        events.clear();
        runTo(60);
        assertThat(events).containsExactly("ask it at 45", "ask it at 46", "ask it at 47", "failed at 48");
    }

    @Test
    void anotherMacIsBelievedOnlyASecondAfterTheLastChangeUnlessItIsGratuitous() {
        table.use(2, IP, 0);
        reply(0, MAC);
        reply(1, MAC + 1);
        assertThat(table.find(2, IP).mac()).isEqualTo(MAC);
        reply(2, MAC + 1);
        assertThat(table.find(2, IP).mac()).isEqualTo(MAC + 1);
        table.heard(2, IP, MAC + 2, false, false, true, 2 * SECOND);
        assertThat(table.find(2, IP).mac()).isEqualTo(MAC + 2);
    }

    @Test
    void strangersAreRememberedOnlyIfTheyAskForUs() {
        table.heard(2, IP, MAC, false, false, false, 0);
        assertThat(table.find(2, IP)).isNull();
        table.heard(2, IP, MAC, true, false, false, 0);
        assertThat(state(0)).isEqualTo(Neighbour.State.STALE);
    }

    @Test
    void permanentEntriesStayAndAFullTableRefuses() {
        table.permanent(2, IP, MAC);
        reply(5, MAC + 1);
        assertThat(table.use(2, IP, 1_000 * SECOND).mac()).isEqualTo(MAC);
        for (int i = 0; i < NeighbourTable.LIMIT; i++) {
            assertThat(table.use(2, 0x0b000000 + i, SECOND)).isNotNull();
        }
        assertThat(table.use(2, 0x0c000000, SECOND)).isNull();
        assertThat(table.refused()).isEqualTo(1);
        runTo(10);
        assertThat(table.use(2, 0x0c000000, 20 * SECOND))
                .as("an entry that failed gives way")
                .isNotNull();
    }

    @Test
    void whoAsksForUsIsBelievedAtOnce() {
        table.heard(2, IP, MAC, true, false, false, 0);
        table.heard(2, IP, MAC + 1, true, false, false, SECOND / 10);
        assertThat(table.find(2, IP).mac()).isEqualTo(MAC + 1);
    }

    @Test
    void anEntryThatFailedGivesWayAtOnce() {
        for (int i = 0; i < NeighbourTable.LIMIT; i++) {
            table.use(2, 0x0b000000 + i, SECOND);
        }
        runTo(4);
        assertThat(table.use(2, 0x0c000000, 5 * SECOND)).isNotNull();
    }
}
