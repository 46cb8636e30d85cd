package io.hopscope.devices.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a real tool prints of itself, word for word. */
final class HelpText {
    private HelpText() {}

    static String of(String program) {
        try (InputStream in = HelpText.class.getResourceAsStream(program + ".help")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
