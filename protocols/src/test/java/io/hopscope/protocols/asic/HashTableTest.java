package io.hopscope.protocols.asic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.protocols.asic.HashTable.Outcome;
import io.hopscope.protocols.asic.HashTableSpec.Policy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashTableTest {
    private static final long SECOND = 1_000_000_000_000L;

    @Test
    void crcsAreThoseOfTheJdk() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            long key = random.nextLong();
            byte[] bytes = ByteBuffer.allocate(8).putLong(key).array();
            CRC32 crc32 = new CRC32();
            crc32.update(bytes);
            CRC32C crc32c = new CRC32C();
            crc32c.update(bytes);
            assertThat(HashFunction.crc32(key)).isEqualTo((int) crc32.getValue());
            assertThat(HashFunction.crc32c(key)).isEqualTo((int) crc32c.getValue());
        }
    }

    @Test
    void crc16HasItsCheckValue() {
        // CRC-16/ARC of "123456789" is bb3d; of its first eight bytes, by the bit-wise definition.
        long key = ByteBuffer.wrap("12345678".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .getLong();
        int crc = HashFunction.crc16(key) ^ '9';
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0xa001);
        }
        assertThat(crc).isEqualTo(0xbb3d);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void agreesWithANaiveMapOverRandomInsertionChangeAndRemoval(int moves) {
        SplittableRandom random = new SplittableRandom(moves);
        HashTable table =
                new HashTable(new HashTableSpec(512, 4, 1, 2, moves, Policy.LEAST_LOADED, List.of()), Long.MAX_VALUE);
        Map<Long, Long> naive = new LinkedHashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long key = 0x0a00_0000L + random.nextInt(1500) * 977L;
            if (random.nextInt(3) == 0) {
                assertThat(table.remove(key)).isEqualTo(naive.remove(key) != null);
            } else if (random.nextBoolean()) {
                long value = random.nextInt(4);
                Outcome outcome = table.insert(key, value, 0);
                Long known = naive.get(key);
                assertThat(outcome == Outcome.KNOWN).isEqualTo(known != null && known == value);
                assertThat(outcome == Outcome.CHANGED).isEqualTo(known != null && known != value);
                if (outcome != Outcome.FULL) {
                    naive.put(key, value);
                }
            } else {
                assertThat(table.lookup(key, 0)).isEqualTo(naive.getOrDefault(key, HashTable.NONE));
            }
            assertThat(table.size(0)).isEqualTo(naive.size());
        }
        assertThat(table.keys())
                .containsExactlyInAnyOrder(
                        naive.keySet().stream().mapToLong(Long::longValue).toArray());
        assertThat(table.watermark()).isGreaterThan(400);
    }

    /** Outcomes of a list of keys a bucket, which is what the table is meant to be. */
    private static Outcome naive(List<List<Long>> buckets, HashTableSpec spec, long key) {
        int perBank = buckets.size() / spec.banks();
        List<Long> best = null;
        for (int hash = 0; hash < spec.hashes(); hash++) {
            int bank = spec.banks() > 1 ? hash * perBank : 0;
            List<Long> bucket = buckets.get(bank + spec.functions().get(hash).bucket(key, hash, perBank));
            if (bucket.contains(key)) {
                return Outcome.KNOWN;
            }
            boolean firstFit = spec.policy() == Policy.FIRST_FIT;
            boolean full = best != null && best.size() == spec.slots();
            if (best == null || (firstFit ? full && bucket.size() < spec.slots() : bucket.size() < best.size())) {
                best = bucket;
            }
        }
        if (best.size() == spec.slots()) {
            return Outcome.FULL;
        }
        best.add(key);
        return Outcome.NEW;
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 8, 1, 2, LEAST_LOADED", "1024, 8, 1, 1, FIRST_FIT", "960, 20, 2, 2, FIRST_FIT", "1023, 11, 3, 3, D_LEFT",
        "1024, 1, 1, 4, LEAST_LOADED", "4096, 16, 4, 4, D_LEFT", "63, 9, 1, 2, LEAST_LOADED",
                "65536, 8, 1, 2, LEAST_LOADED"
    })
    void isListsOfKeysByBucketHoweverFullAndHoweverItIsKept(
            int capacity, int slots, int banks, int hashes, Policy policy) {
        HashTableSpec spec = new HashTableSpec(capacity, slots, banks, hashes, 0, policy, List.of());
        HashTable table = new HashTable(spec, Long.MAX_VALUE);
        List<List<Long>> buckets = new ArrayList<>();
        for (int i = 0; i < capacity / slots; i++) {
            buckets.add(new ArrayList<>());
        }
        SplittableRandom random = new SplittableRandom(capacity);
        for (int i = 0; i < Math.min(20_000, 2 * capacity); i++) {
            long key = random.nextLong() >>> 4;
            assertThat(table.insert(key, i, 0)).isEqualTo(naive(buckets, spec, key));
            if (random.nextInt(4) == 0) {
                List<Long> some = buckets.get(random.nextInt(buckets.size()));
                if (!some.isEmpty()) {
                    assertThat(table.remove(some.get(0))).isTrue();
                    some.remove(0);
                }
            }
        }
        long[] all = buckets.stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        assertThat(table.keys()).isEqualTo(all);
        for (long key : all) {
            assertThat(table.look(table.guess(key))).as("may be anything").isGreaterThanOrEqualTo(0);
            assertThat(table.lookup(key, 0)).isNotEqualTo(HashTable.NONE);
        }
    }

    @Test
    void anEntryGoesBetweenHalfAPeriodAndAWholeOneAfterItsLastUse() {
        HashTable table = new HashTable(HashTableSpec.of(64), 300 * SECOND);
        table.insert(1, 10, 0);
        table.insert(2, 20, 0);
        table.insertFixed(3, 30, 0);
        assertThat(table.use(1, 149 * SECOND)).isEqualTo(10);
        assertThat(table.lookup(2, 149 * SECOND)).isEqualTo(20);
        assertThat(table.use(1, 160 * SECOND)).isEqualTo(10);
        assertThat(table.size(299 * SECOND)).isEqualTo(3);
        assertThat(table.lookup(2, 300 * SECOND)).as("looked at only").isEqualTo(HashTable.NONE);
        assertThat(table.lookup(1, 449 * SECOND)).as("used at 160 s").isEqualTo(10);
        assertThat(table.lookup(1, 450 * SECOND)).isEqualTo(HashTable.NONE);
        assertThat(table.lookup(3, 10_000 * SECOND)).as("fixed").isEqualTo(30);
    }

    @Test
    void aFullBucketRefusesAndSaysSo() {
        HashTable table = new HashTable(
                new HashTableSpec(16, 4, 1, 1, 0, Policy.LEAST_LOADED, List.of(HashFunction.ZERO)), Long.MAX_VALUE);
        for (int i = 0; i < 4; i++) {
            assertThat(table.insert(i, i, 0)).isEqualTo(Outcome.NEW);
        }
        assertThat(table.insert(4, 4, 0)).isEqualTo(Outcome.FULL);
        assertThat(table.insert(4, 4, 0)).isEqualTo(Outcome.FULL);
        assertThat(table.lookup(4, 0)).isEqualTo(HashTable.NONE);
        assertThat(table.attempts()).isEqualTo(6);
        assertThat(table.collisions()).isEqualTo(2);
        assertThat(table.firstFailure()).isEqualTo(4);
        assertThat(table.fullest()).isEqualTo(4);
        table.removeIf(value -> value == 2);
        assertThat(table.insert(4, 4, 0)).isEqualTo(Outcome.NEW);
        assertThat(table.keys()).containsExactly(0, 1, 3, 4);
        table.clear();
        assertThat(table.size(0)).isZero();
        assertThat(table.lookup(4, 0)).isEqualTo(HashTable.NONE);
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatThrownBy(() -> HashTableSpec.of(0)).hasMessageContaining("capacity of 0");
        assertThatThrownBy(() -> HashTableSpec.of(1001)).hasMessageContaining("no multiple of 1 banks of buckets of 8");
        assertThatThrownBy(() -> new HashTableSpec(64, 8, 2, 1, 0, Policy.FIRST_FIT, List.of()))
                .hasMessageContaining("each bank has one");
        assertThatThrownBy(() -> new HashTableSpec(64, 8, 1, 2, 9, Policy.FIRST_FIT, List.of()))
                .hasMessageContaining("9 moves");
        assertThatThrownBy(() -> new HashTableSpec(64, 8, 1, 2, 0, Policy.FIRST_FIT, List.of(HashFunction.LSB)))
                .hasMessageContaining("1 hash functions for 2 hashes");
    }
}
