package io.hopscope.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.protocols.firewall.SessionTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final long SECOND = 1_000_000_000_000L;

    private static boolean open(SessionTable table, int source, int port, long expires, long now) {
        assertThat(table.find(source, port, 9, 443, 6, now)).isNegative();
        return table.open(0, 1, 7, 60, expires, now);
    }

    @Test
    void answersAreOfTheSessionAndAnotherPairIsNot() {
        SessionTable table = new SessionTable(10);
        assertThat(open(table, 5, 40_000, SECOND, 0)).isTrue();
        int there = table.find(5, 40_000, 9, 443, 6, 1);
        assertThat(there).isNotNegative();
        assertThat(table.onward(there)).isTrue();
        int back = table.find(9, 443, 5, 40_000, 6, 1);
        assertThat(back).isEqualTo(there);
        assertThat(table.onward(back)).isFalse();
        assertThat(table.rule(back)).isEqualTo(7);
        assertThat(table.find(9, 40_000, 5, 443, 6, 1)).isNegative();
        assertThat(table.find(5, 40_000, 9, 443, 17, 1)).isNegative();
        table.find(9, 443, 5, 40_000, 6, 1);
        table.use(back, 100, SECOND);
        assertThat(table.sessions(1))
                .containsExactly(new SessionTable.Session(6, 0, 5, 40_000, 1, 9, 443, 7, true, SECOND, 160));
    }

    @Test
    void addressesAboveTheMiddleAreUnsigned() {
        SessionTable table = new SessionTable(10);
        int high = 0xcb00_7109;
        table.find(high, 53, 0x0a01_650b, 40_000, 17, 0);
        table.open(1, 0, 2, 80, SECOND, 0);
        assertThat(table.find(0x0a01_650b, 40_000, high, 53, 17, 0)).isNotNegative();
        assertThat(table.sessions(0)[0].source()).isEqualTo(high);
    }

    @Test
    void whatHasExpiredIsForgottenAndMakesRoom() {
        SessionTable table = new SessionTable(2);
        assertThat(open(table, 1, 1, SECOND, 0)).isTrue();
        assertThat(open(table, 2, 2, 3 * SECOND, 0)).isTrue();
        assertThat(open(table, 3, 3, 3 * SECOND, 0)).as("full").isFalse();
        assertThat(table.find(1, 1, 9, 443, 6, SECOND)).isNegative();
        assertThat(open(table, 3, 3, 3 * SECOND, SECOND)).isTrue();
        assertThat(table.refused()).isEqualTo(1);
        assertThat(table.most()).isEqualTo(2);
    }

    @Test
    void bothEndsHaveToBeThrough() {
        SessionTable table = new SessionTable(2);
        open(table, 1, 1, SECOND, 0);
        table.done(table.find(1, 1, 9, 443, 6, 0));
        assertThat(table.over(table.find(1, 1, 9, 443, 6, 0))).isFalse();
        table.done(table.find(1, 1, 9, 443, 6, 0));
        assertThat(table.over(table.find(1, 1, 9, 443, 6, 0))).isFalse();
        table.done(table.find(9, 443, 1, 1, 6, 0));
        assertThat(table.over(table.find(9, 443, 1, 1, 6, 0))).isTrue();
    }

    @Test
    void holdsWhatAMapHolds() {
        SplittableRandom random = new SplittableRandom(7);
        SessionTable table = new SessionTable(300);
        Map<List<Integer>, Long> model = new LinkedHashMap<>();
        for (long now = 0; now < 20_000; now++) {
            long at = now * SECOND / 10;
            int source = random.nextInt(100);
            int port = random.nextInt(8);
            List<Integer> key = List.of(source, port);
            model.values().removeIf(expires -> expires <= at);
            int found = table.find(source, port, 1000, 80, 17, at);
            assertThat(found >= 0).isEqualTo(model.containsKey(key));
            long expires = at + random.nextLong(40) * SECOND;
            if (found >= 0) {
                table.use(found, 10, expires);
                model.put(key, expires);
            } else if (table.open(0, 1, 0, 10, expires, at)) {
                model.put(key, expires);
            }
            assertThat(table.sessions(at).length).isEqualTo((int)
                    model.values().stream().filter(each -> each > at).count());
        }
    }
}
