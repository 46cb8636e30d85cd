package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.00 us",
        "4_999, 0.00 us",
        "7_460_000, 7.46 us",
        "999_994_999, 999.99 us",
        "999_995_000, 1.00 ms",
        "12_345_000_000, 12.35 ms",
        "999_995_000_000, 1.00 s",
        "3_000_003_800_000, 3.00 s",
        "95_000_000_000_000, 95.00 s"
    })
    void areReadAtAGlance(String picos, String text) {
        assertThat(Durations.text(Long.parseLong(picos.replace("_", "")))).isEqualTo(text);
    }
}
