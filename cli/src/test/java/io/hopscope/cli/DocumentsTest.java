package io.hopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command in a document works. */
class DocumentsTest {
    private static final Pattern COMMAND = Pattern.compile("\\./hopscope ([^`|\\n]+)");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)");

    @TempDir
    Path folder;

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files =
                Stream.concat(Files.list(Shell.root()), Files.walk(Shell.root().resolve("docs")))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> commands() throws IOException {
        Set<String> all = new LinkedHashSet<>();
        for (Path file : documents()) {
            Matcher matcher = COMMAND.matcher(Files.readString(file));
            while (matcher.find()) {
                all.add(matcher.group(1).strip());
            }
        }
        return all;
    }

    @Test
    void everyLinkInADocumentLeadsToAFile() throws IOException {
        for (Path file : documents()) {
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                Path target = file.resolveSibling(link.group(1));
                assertThat(target).as("a link in %s", file).exists();
            }
        }
    }

    @Test
    void everyCommandInADocumentWorks() throws IOException {
        Files.createSymbolicLink(folder.resolve("golden"), Shell.root().resolve("golden"));
        Set<String> commands = commands();
        assertThat(commands).contains("run openstack-provider").hasSizeGreaterThan(8);
        List<String> ordered = new ArrayList<>(commands);
        for (String command : ordered) {
            List<String> words = new ArrayList<>(List.of(command.split(" +")));
            if (words.get(0).equals("bench")) {
                // A measurement in small: only that it works is looked at here.
                words.addAll(
                        switch (words.get(1)) {
                            case "path", "hybrid" -> List.of("--frames", "1000");
                            case "tcp" -> List.of("--millis", "10");
                            case "connections" -> List.of("--connections", "1000");
                            default -> List.of("--servers", "41", "--endpoints", "3", "--flows", "50");
                        });
            }
            if (words.get(0).equals("capacity")) {
                // The eras in small: only that it works is looked at here.
                words.removeAll(List.of("--quick", "--density", "100"));
                words.addAll(List.of("--racks", "2", "--per-rack", "1", "--density", "2"));
            }
            Shell.Result result = Shell.hopscope(folder, words.toArray(new String[0]));
            assertThat(result.exit())
                    .as("hopscope %s%n%s", command, result.err())
                    .isZero();
            assertThat(result.bytes()).as(command).isNotEmpty();
        }
    }

    @Test
    void theTrafficInTheDocumentRuns() throws IOException {
        String text = Files.readString(Shell.root().resolve("docs/scenarios.md"));
        String yaml = text.substring(text.indexOf("```yaml\ntraffic:") + 8);
        String topology = """
                name: three
                topology:
                  nodes: {client: {address: 10.0.0.1/24}, sw: {kind: switch}}
                  blueprints: [{kind: hosts, prefix: s, count: 3, subnet: 10.0.0.0/24, first: 11, attach: sw}]
                  links: [{endpoints: ["client:eth0", "sw:eth9"]}]
                """;
        Files.writeString(folder.resolve("three.yaml"), topology + yaml.substring(0, yaml.indexOf("```")));
        Shell.Result result = Shell.hopscope(folder, "run", "three.yaml");
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("traffic  reads", "traffic  web", "traffic  shuffle");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(Files.readAllLines(folder.resolve("runs/three-1/traffic.csv")))
                .hasSize(1 + 3 + 1 + 3)
                .startsWith("traffic,flow,from,to,sent,received,lost,reordered")
                .anyMatch(line -> line.startsWith("reads,0,s1,client,"));
    }

    @Test
    void theScenarioInTheDocumentRuns() throws IOException {
        String text = Files.readString(Shell.root().resolve("docs/scenarios.md"));
        String yaml = text.substring(text.indexOf("```yaml\n") + 8);
        Files.writeString(folder.resolve("two.yaml"), yaml.substring(0, yaml.indexOf("```")));
        Shell.Result result = Shell.hopscope(folder, "run", "two.yaml");
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
    }
}
