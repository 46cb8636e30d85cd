package io.hopscope.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FdbTest {
    private static final long SECOND = 1_000_000_000_000L;

    @Test
    void agreesWithANaiveTableOverRandomLearningMovingAgeingAndRemoval() {
        SplittableRandom random = new SplittableRandom(11);
        Fdb fdb = new Fdb(1 << 20, 300 * SECOND);
        Map<Long, long[]> naive = new LinkedHashMap<>();
        long now = 0;
        for (int i = 0; i < 300_000; i++) {
            now += random.nextLong(SECOND / 50);
            int vlan = random.nextInt(3);
            long mac = 0x0200_0000_0000L + random.nextInt(2000) * 7L;
            long key = (long) vlan << 48 | mac;
            int port = random.nextInt(8);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    fdb.learn(vlan, mac, port, now);
                    naive.put(key, new long[] {port, now});
                }
                case 3 -> {
                    fdb.remove(vlan, mac);
                    naive.remove(key);
                }
                default -> {
                    long[] known = naive.get(key);
                    long expected = known == null || now - known[1] >= 300 * SECOND ? -1 : known[0];
                    assertThat(fdb.lookup(vlan, mac, now)).isEqualTo((int) expected);
                }
            }
        }
        long fresh = now;
        long alive = naive.values().stream()
                .filter(known -> fresh - known[1] < 300 * SECOND)
                .count();
        assertThat(fdb.size(now)).isEqualTo((int) alive);
        assertThat(fdb.entries(now)).hasSize((int) alive);
    }

    @Test
    void staticEntriesNeitherAgeNorMove() {
        Fdb fdb = new Fdb(16, 300 * SECOND);
        fdb.addStatic(0, 0x0200_0000_0001L, 3);
        assertThat(fdb.learn(0, 0x0200_0000_0001L, 4, SECOND)).isEqualTo(Fdb.Learned.REFUSED);
        assertThat(fdb.lookup(0, 0x0200_0000_0001L, 10_000 * SECOND)).isEqualTo(3);
    }

    @Test
    void aFullTableForgetsTheStationNotHeardForLongest() {
        Fdb fdb = new Fdb(8, 300 * SECOND);
        for (int i = 0; i < 9; i++) {
            fdb.learn(0, 0x0200_0000_0000L + i, i, i);
        }
        assertThat(fdb.lookup(0, 0x0200_0000_0000L, 9)).isEqualTo(-1);
        assertThat(fdb.lookup(0, 0x0200_0000_0008L, 9)).isEqualTo(8);
        assertThat(fdb.evicted()).isEqualTo(1);
    }

    @Test
    void groupAddressesAreNotLearned() {
        Fdb fdb = new Fdb(8, 300 * SECOND);
        assertThat(fdb.learn(0, 0x0100_5e00_0001L, 1, 0)).isEqualTo(Fdb.Learned.REFUSED);
        assertThat(fdb.entries(0)).isEmpty();
    }

    @Test
    void flushingAPortForgetsWhatWasLearnedThereAlone() {
        Fdb fdb = new Fdb(1000, 300 * SECOND);
        for (int i = 0; i < 200; i++) {
            fdb.learn(0, 0x0200_0000_0000L + i, i % 2, 0);
        }
        fdb.flush(1);
        assertThat(fdb.size(0)).isEqualTo(100);
        assertThat(fdb.lookup(0, 0x0200_0000_0002L, 0)).isZero();
    }
}
