package io.hopscope.protocols.asic;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.protocols.asic.HashTableSpec.Policy;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How full bucketed hash tables get: the figures are those of an independent simulation of the same model (another
 * program, other random numbers, 200 runs), met within the spread of 200 runs of 16,384 entries and of 50 of 65,536.
 */
class CollisionTest {
    private static final int RUNS = 200;
    /** Of the larger table, which takes four times as long: the mean of so many strays by twice as much, as the tolerance. */
    private static final int FEWER = 50;

    private static final int K16 = 16_384;
    private static final int K64 = 65_536;
    /** Where 30,000 VMs stop, and where 150,000 containers want to go on. */
    private static final int CONTAINERS = 150_000;

    /** Load in percent at the first failure, and failures when attempts reach 60 to 100 % of the capacity. */
    private record Filling(double first, int[] failed) {}

    private static HashTableSpec spec(int capacity, int slots, int banks, int hashes, int moves, Policy policy) {
        return new HashTableSpec(
                capacity, slots, banks, hashes, moves, policy, Collections.nCopies(hashes, HashFunction.UNIFORM));
    }

    private static Filling fill(HashTableSpec spec, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HashTable table = new HashTable(spec, Long.MAX_VALUE);
        int[] failed = new int[5];
        long capacity = spec.capacity();
        for (int part = 0; part < 5; part++) {
            while (table.attempts() < capacity * (60 + part * 10) / 100) {
                table.insert(random.nextLong() >>> 4, 1, 0);
            }
            failed[part] = (int) table.collisions();
        }
        return new Filling(table.firstFailure() * 100.0 / capacity, failed);
    }

    /** Expects the mean of each column within 5 % and four standard errors. */
    private static void reproduces(int times, HashTableSpec spec, double median, double fifth, double... means) {
        List<Filling> runs = IntStream.range(0, times)
                .parallel()
                .mapToObj(seed -> fill(spec, seed))
                .toList();
        double[] firsts = runs.stream().mapToDouble(Filling::first).sorted().toArray();
        assertThat(firsts[times / 2]).as("%s: median", spec).isBetween(median - 1.2, median + 1.2);
        assertThat(firsts[times / 20]).as("%s: 5th percentile", spec).isBetween(fifth - 2.5, fifth + 2.5);
        for (int i = 0; i < means.length; i++) {
            int part = 5 - means.length + i;
            double[] column = runs.stream().mapToDouble(run -> run.failed[part]).toArray();
            double mean = Arrays.stream(column).average().orElseThrow();
            double spread = StrictMath.sqrt(
                    Arrays.stream(column).map(x -> (x - mean) * (x - mean)).sum() / (times - 1));
            double tolerance = 0.05 + means[i] * 0.02 + 4 * spread / StrictMath.sqrt(times);
            assertThat(mean).as("%s: column %d", spec, part).isBetween(means[i] - tolerance, means[i] + tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1, 1, 0, LEAST_LOADED, 12.5,  7.4, 605,  1039, 1618, 2339, 3199",
        "8, 1, 1, 0, LEAST_LOADED, 26.9, 18.8, 197,   451,  869, 1479, 2282",
        "16,1, 1, 0, LEAST_LOADED, 42.6, 35.0,  39,   147,  406,  886, 1626",
        "4, 1, 2, 0, LEAST_LOADED, 55.3, 48.3,   3.2,  32,  174,  569, 1303",
        "8, 1, 2, 0, LEAST_LOADED, 77.7, 74.0,   0,     0,  2.6,  100,  675",
        "8, 1, 2, 0, D_LEFT,       80.6, 77.6,   0,     0,  0.5,   73,  643",
        "16,1, 2, 0, LEAST_LOADED, 89.3, 87.1,   0,     0,    0,  1.4,  339",
        "8, 1, 2, 1, LEAST_LOADED, 94.5, 92.4,   0,     0,    0,    0,  173",
        "8, 1, 2, 3, LEAST_LOADED, 99.6, 99.4,   0,     0,    0,    0,   38",
        "4, 4, 4, 0, FIRST_FIT,    73.2, 68.7,   0,   0.1,   14,  198,  836",
        "4, 4, 4, 1, FIRST_FIT,    96.0, 94.3,   0,     0,    0,    0,  100",
        "8, 2, 2, 0, FIRST_FIT,    61.8, 56.1, 0.4,    14,  113,  453, 1154",
        "8, 2, 2, 0, LEAST_LOADED, 80.5, 76.6,   0,     0,  0.5,   72,  642"
    })
    void sixteenThousandEntriesFailAsSimulated(
            int slots,
            int banks,
            int hashes,
            int moves,
            Policy policy,
            double median,
            double fifth,
            double at60,
            double at70,
            double at80,
            double at90,
            double at100) {
        reproduces(RUNS, spec(K16, slots, banks, hashes, moves, policy), median, fifth, at60, at70, at80, at90, at100);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 1, 1, 0, LEAST_LOADED, 21.4, 15.9, 794, 1816, 3497, 5938, 9148",
        "8, 1, 2, 0, LEAST_LOADED, 75.2, 71.9,   0, 0.01,   10,  401, 2703"
    })
    void sixtyFourThousandEntriesFailAsSimulated(
            int slots,
            int banks,
            int hashes,
            int moves,
            Policy policy,
            double median,
            double fifth,
            double at60,
            double at70,
            double at80,
            double at90,
            double at100) {
        reproduces(FEWER, spec(K64, slots, banks, hashes, moves, policy), median, fifth, at60, at70, at80, at90, at100);
    }

    /** fa:16:3e and three random bytes, in one VLAN: what OpenStack's ports are called. */
    private static double firstFailure(HashTableSpec spec, SplittableRandom random) {
        HashTable table = new HashTable(spec, Long.MAX_VALUE);
        while (table.firstFailure() < 0) {
            table.insert(101L << 48 | 0xfa16_3e00_0000L | random.nextInt(1 << 24), 1, 0);
        }
        return table.firstFailure() * 100.0 / spec.capacity();
    }

    @Test
    void theDefaultTableTakesSeventyToEightyThreePercentOfRealMacsAndOneWithOneHashAQuarter() {
        for (int capacity : new int[] {K16, K64}) {
            HashTableSpec single =
                    new HashTableSpec(capacity, 8, 1, 1, 0, Policy.LEAST_LOADED, List.of(HashFunction.CRC32_LOWER));
            double[] loads = new double[41];
            double[] single8 = new double[41];
            for (int i = 0; i < loads.length; i++) {
                loads[i] = firstFailure(HashTableSpec.of(capacity), new SplittableRandom(i));
                single8[i] = firstFailure(single, new SplittableRandom(i));
            }
            Arrays.sort(loads);
            assertThat(loads[0]).as("worst of %d", capacity).isGreaterThan(68.0);
            assertThat(loads[40]).as("best of %d", capacity).isLessThan(83.0);
            Arrays.sort(single8);
            assertThat(loads[20]).as("median of %d", capacity).isBetween(70.0, 83.0);
            assertThat(single8[20]).as("median of %d with one hash", capacity).isBetween(20.0, 27.5);
        }
    }

    @Test
    void consecutiveAddressesNeverCollideUnderOneCrcOrTheirLowBits() {
        for (HashFunction function : List.of(HashFunction.CRC32_LOWER, HashFunction.CRC32C_LOWER, HashFunction.LSB)) {
            HashTable table = new HashTable(
                    new HashTableSpec(K16, 8, 1, 1, 0, Policy.LEAST_LOADED, List.of(function)), Long.MAX_VALUE);
            for (int i = 0; i < K16; i++) {
                table.insert(0x0a00_0000L + i, 1, 0);
            }
            assertThat(table.collisions()).as("%s", function).isZero();
            assertThat(table.size(0)).isEqualTo(K16);
        }
    }

    @Test
    void thirtyThousandVmsFitIntoSixtyFourThousandEntriesAndContainersLeaveMostOfThemOut() {
        int[][] counts = IntStream.range(0, 20)
                .parallel()
                .mapToObj(seed -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    HashTable table = new HashTable(HashTableSpec.of(K64), Long.MAX_VALUE);
                    int atVms = 0;
                    for (int i = 1; i <= CONTAINERS; i++) {
                        table.insert(random.nextLong(1L << 48), 1, 0);
                        atVms = i == 30_000 ? (int) table.collisions() : atVms;
                    }
                    return new int[] {atVms, (int) table.collisions(), table.size(0)};
                })
                .toArray(int[][]::new);
        for (int[] each : counts) {
            assertThat(each[0]).as("failed of 30,000").isZero();
            assertThat(each[1]).as("left out of 150,000").isBetween(84_464, 84_500);
            assertThat(each[2]).as("resident").isBetween(65_500, K64);
        }
    }
}
