package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The SHA-256 of each built-in scenario's capture: on any JDK and machine the same, and an unintended change shows in review.
 * After an intended one, {@code -Dhopscope.fingerprints=write} writes the file anew.
 */
class FingerprintTest {
    private static final Path FILE = Path.of("src/test/resources/fingerprints.txt");

    @Test
    void everyCaptureIsByteForByteWhatItWas() throws IOException {
        String seen = BuiltIn.names().stream()
                .map(name -> name + " "
                        + Runner.run(
                                        BuiltIn.find(name, Map.of()),
                                        new RunPlan().capture(new ByteArrayOutputStream()),
                                        () -> 0)
                                .capture()
                                .sha256())
                .collect(Collectors.joining("\n", "", "\n"));
        if ("write".equals(System.getProperty("hopscope.fingerprints"))) {
            Files.writeString(FILE, seen);
        }
        List<String> known = Files.readAllLines(FILE);
        assertThat(seen.lines()).containsExactlyElementsOf(known);
    }
}
