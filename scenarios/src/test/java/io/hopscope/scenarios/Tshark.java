package io.hopscope.scenarios;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Wireshark's dissectors as an outside oracle. */
public final class Tshark {
    private Tshark() {}

    /** Skips the test where tshark is missing, unless oracles are required; they can be switched off as well. */
    public static void needed() {
        String oracles = System.getProperty("hopscope.oracles", "auto");
        assumeTrue(!oracles.equals("off"), "oracles are off");
        boolean there;
        try {
            run(List.of("tshark", "-v"));
            there = true;
        } catch (UncheckedIOException e) {
            there = false;
        }
        if (!there && oracles.equals("required")) {
            fail("tshark is required and missing");
        }
        assumeTrue(there, "tshark not found");
    }

    /** Lines of fields, separated by bars, of the packets that a display filter selects. */
    public static List<String> fields(Path capture, String filter, String... fields) {
        List<String> command = new ArrayList<>(List.of(
                "tshark",
                "-n",
                "-r",
                capture.toString(),
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE",
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "tcp.desegment_tcp_streams:FALSE",
                "-d",
                "udp.port==8472,vxlan",
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-E",
                "occurrence=f",
                "-Y",
                filter));
        for (String field : fields) {
            command.add("-e");
            command.add(field);
        }
        return run(command);
    }

    static List<String> run(List<String> command) {
        try {
            Path errors = Files.createTempFile("oracle", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            int exit = process.waitFor();
            String said = Files.readString(errors);
            Files.delete(errors);
            if (exit != 0) {
                fail(String.join(" ", command) + " exited with " + exit + ": " + said + String.join("\n", lines));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
