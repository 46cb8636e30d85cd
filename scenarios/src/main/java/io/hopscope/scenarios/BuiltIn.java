package io.hopscope.scenarios;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The scenarios that come with Hopscope. */
public final class BuiltIn {
    private static final String FOLDER = "builtin/";
    private static final List<String> NAMES = text("index").lines().toList();

    private BuiltIn() {}

    /** In the order in which one would read them. */
    public static List<String> names() {
        return NAMES;
    }

    /** The file's text. */
    public static String source(String name) {
        return text(name + ".yaml");
    }

    private static String text(String resource) {
        try (InputStream in = BuiltIn.class.getResourceAsStream(FOLDER + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A built-in scenario by name, or a file.
     *
     * @throws ScenarioException if there is neither, or it is wrong
     */
    public static Scenario find(String nameOrFile, Map<String, String> set) {
        if (NAMES.contains(nameOrFile)) {
            return Scenario.parse(nameOrFile + ".yaml", source(nameOrFile), set);
        }
        Path file = Path.of(nameOrFile);
        if (Files.isRegularFile(file)) {
            return Scenario.read(file, set);
        }
        Problems problems = new Problems();
        problems.unknown(new Where(nameOrFile, 0, 0), "neither a file nor a scenario", nameOrFile, NAMES);
        throw new ScenarioException(problems.all());
    }
}
