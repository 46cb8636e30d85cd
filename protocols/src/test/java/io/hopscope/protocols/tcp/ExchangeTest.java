package io.hopscope.protocols.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every exchange of the resource files: what the Linux kernel was seen to do, or the RFCs say. */
class ExchangeTest {
    private static final List<String> FILES = List.of(
            "handshake",
            "backlog",
            "close",
            "validation",
            "receiving",
            "sending",
            "timeout",
            "recovery",
            "congestion",
            "path");

    @TestFactory
    List<DynamicContainer> exchangesGoAsWritten() throws IOException {
        List<DynamicContainer> all = new ArrayList<>();
        for (String file : FILES) {
            all.add(DynamicContainer.dynamicContainer(
                    file,
                    scripts(file).stream()
                            .map(script -> DynamicTest.dynamicTest(script.name(), () -> new Exchange().play(script)))));
        }
        return all;
    }

    @Test
    void thereAreManyOfThem() throws IOException {
        int count = 0;
        for (String file : FILES) {
            count += scripts(file).size();
        }
        assertThat(count).isGreaterThanOrEqualTo(60);
    }

    private static List<Exchange.Script> scripts(String file) throws IOException {
        try (InputStream in = ExchangeTest.class.getResourceAsStream(file + ".exchange")) {
            return Exchange.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
