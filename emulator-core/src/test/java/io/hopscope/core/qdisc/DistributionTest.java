package io.hopscope.core.qdisc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of jitter, against those that come with iproute2 where it is installed. */
class DistributionTest {
    private static final List<String> FOLDERS = List.of(
            "/usr/lib/tc",
            "/usr/lib64/tc",
            "/usr/share/tc",
            "/usr/lib/x86_64-linux-gnu/tc",
            "/usr/lib/aarch64-linux-gnu/tc");

    @ParameterizedTest
    @EnumSource(names = {"NORMAL", "PARETO", "PARETONORMAL"})
    @Tag("oracle")
    void everyPointIsThatOfTcWithinOne(Distribution distribution) throws IOException {
        assumeTrue(!"off".equals(System.getProperty("hopscope.oracles")), "oracles are off");
        Path file = FOLDERS.stream()
                .map(folder -> Path.of(folder, distribution.word() + ".dist"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        assumeTrue(file != null, "no tables of tc here");
        int[] theirs;
        try (var lines = Files.lines(file)) {
            theirs = lines.filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.trim().split("\\s+")))
                    .filter(word -> !word.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }
        short[] ours = distribution.table();
        assertThat(theirs).hasSize(ours.length);
        for (int i = 0; i < ours.length; i++) {
            assertThat((int) ours[i]).as("point " + i).isBetween(theirs[i] - 1, theirs[i] + 1);
        }
    }

    @Test
    void theTableOfTheNormalDistributionIsWhatItIsCalled() {
        short[] table = Distribution.NORMAL.table();
        // Phi(1) = 0.8413, Phi(-2) = 0.02275, in units of 8,192.
        assertThat((double) table[(int) (0.8413 * 4096)]).isBetween(8192 * 0.995, 8192 * 1.005);
        assertThat((double) table[(int) (0.02275 * 4096)]).isBetween(-2 * 8192 * 1.01, -2 * 8192 * 0.99);
        assertThat(table).isSorted();
    }

    @Test
    void aDrawIsTheMeanAndSoManyUnitsOfJitter() {
        assertThat(Distribution.UNIFORM.draw(1000, 100, 0)).isEqualTo(900);
        assertThat(Distribution.UNIFORM.draw(1000, 100, 0x8000_0000L)).isEqualTo(1000);
        assertThat(Distribution.UNIFORM.draw(1000, 100, 0xffff_ffffL)).isEqualTo(1099);
        long jitter = 3_000_000_000L;
        long[] expected = {Distribution.PARETO.table()[7] * jitter / 8192};
        assertThat(Distribution.PARETO.draw(0, jitter, 7)).isBetween(expected[0] - 1, expected[0] + 1);
        assertThat(Distribution.NORMAL.draw(5, 0, 7)).isEqualTo(5);
    }
}
