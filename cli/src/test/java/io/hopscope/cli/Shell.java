package io.hopscope.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command as a user starts it: in a JVM of its own. */
final class Shell {
    /** What a command came to. */
    record Result(int exit, byte[] bytes, String err) {
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Shell() {}

    static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }

    static Result hopscope(Path directory, List<String> flags, List<String> arguments) {
        List<String> command = command(flags);
        command.addAll(arguments);
        return run(directory, command);
    }

    /** On a pseudo terminal of util-linux, where standard error is seen among the output. */
    static Result onATerminal(Path directory, int columns, String arguments) {
        String line = "stty cols " + columns + "; unset COLUMNS; TERM=xterm; export TERM; "
                + String.join(" ", command(List.of())) + " " + arguments;
        return run(directory, List.of("script", "-qec", line, "/dev/null"));
    }

    private static List<String> command(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(
                // The jar's manifest allows native access; a class path has no manifest.
                List.of(
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hopscope.class.getName()));
        return command;
    }

    static Result run(Path directory, List<String> command) {
        try {
            Path errors = Files.createTempFile("hopscope", ".err");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            byte[] out = process.getInputStream().readAllBytes();
            int exit = process.waitFor();
            String err = Files.readString(errors);
            Files.delete(errors);
            return new Result(exit, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Result hopscope(Path directory, String... arguments) {
        return hopscope(directory, List.of(), List.of(arguments));
    }
}
