package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    @Test
    void sumsTheExampleOfRfc1071() {
        byte[] data = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
        assertThat(Checksum.sum(data, 0, 8)).isEqualTo(0xddf2);
        assertThat(Checksum.of(data, 0, 8)).isEqualTo(0x220d);
    }

    @Test
    void updatesTheExampleOfRfc1624ToZeroAndNotToFfff() {
        assertThat(Checksum.update(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @Test
    void agreesWithTheSlowWayAtEveryOffsetAndLength() {
        var random = new SplittableRandom(1071);
        for (int length = 0; length < 300; length++) {
            int at = random.nextInt(20);
            byte[] data = Corpus.random(random, at + length);
            assertThat(Checksum.sum(data, at, length)).as("length %d", length).isEqualTo(slow(data, at, length));
        }
    }

    @Test
    void survivesTheMostCarriesThereCanBe() {
        byte[] ones = new byte[65535];
        java.util.Arrays.fill(ones, (byte) 0xff);
        for (int length : new int[] {1, 2, 3, 4, 7, 8, 9, 65534, 65535}) {
            assertThat(Checksum.sum(ones, 0, length)).isEqualTo(slow(ones, 0, length));
        }
    }

    @Test
    void updateEqualsRecomputationForAnyChangedWord() {
        var random = new SplittableRandom(1624);
        for (int i = 0; i < 1_000_000; i++) {
            byte[] data = Corpus.random(random, 20);
            int before = Checksum.of(data, 0, 20);
            int word = random.nextInt(10) * 2;
            int old = View.get16(data, word);
            int now = random.nextInt(0x10000);
            View.put16(data, word, now);
            if (Checksum.update(before, old, now) != Checksum.of(data, 0, 20)) {
                assertThat(Checksum.update(before, old, now)).isEqualTo(Checksum.of(data, 0, 20));
            }
        }
    }

    /** RFC 1071 section 1, word by word. */
    static int slow(byte[] data, int at, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (data[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            if (sum > 0xffff) sum -= 0xffff;
        }
        return sum;
    }
}
