package io.hopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.traces.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CapacityTest {
    /** Larger than any data centre. */
    static EraResult huge() {
        return EraExamples.era(
                "container-routed",
                5_000_000,
                1_999_999_999,
                1 << 22,
                2_900_000,
                1_997_100_000,
                999_999_999_999L,
                99.999);
    }

    @Test
    void theTableFitsOneHundredColumnsWithTheArticlesFiguresAndWithAnyOthers() {
        List<EraResult> eras = new ArrayList<>(EraExamples.article());
        eras.add(huge());
        List<String> lines = new CapacityTable(eras, Style.PLAIN).lines();
        assertThat(lines).allMatch(line -> line.length() <= 100);
        assertThat(String.join(" ", lines).replaceAll(" +", " "))
                .contains("84,464 endpoints have none")
                .contains("███████|··· ")
                .contains("overflows")
                .doesNotContain("\u001b");
    }

    @Test
    void coloursMoveNoColumn() {
        List<EraResult> eras = EraExamples.article();
        List<String> plain = new CapacityTable(eras, Style.PLAIN).lines();
        List<String> ansi = new CapacityTable(eras, Style.ANSI).lines();
        assertThat(ansi.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                .isEqualTo(plain);
    }

    @Test
    void jsonHasTheDocumentedNamesAndNothingThatJsonCannotSay() {
        JsonNode era = JsonMapper.builder()
                .build()
                .readTree(Json.text(CapacityJson.era(EraExamples.article().get(2))));
        for (String name : List.of(
                "name",
                "endpoints",
                "tables",
                "punts",
                "coppDrops",
                "lossPercent",
                "setupMillis",
                "wallMillis",
                "peakHeapBytes",
                "verdict",
                "loads",
                "curve",
                "firstFailure",
                "links",
                "arpFrames",
                "notes")) {
            assertThat(era.has(name)).as(name).isTrue();
        }
        for (String name : List.of("capacity", "usable", "entries", "watermark", "collisions", "missing")) {
            assertThat(era.get("tables").get("host").get(name).isNumber())
                    .as(name)
                    .isTrue();
        }
        JsonNode metal = JsonMapper.builder()
                .build()
                .readTree(Json.text(CapacityJson.era(EraExamples.article().get(0))));
        assertThat(metal.get("loads").get(0).get("uncoveredLossPercent").isNull())
                .isTrue();
        assertThat(metal.get("firstFailure").isNull()).isTrue();
    }

    private static Shell.Result small(Path folder, String... more) {
        List<String> words = new ArrayList<>(List.of("capacity", "--racks", "2", "--per-rack", "2", "--density", "3"));
        words.addAll(List.of(more));
        return Shell.hopscope(folder, words.toArray(new String[0]));
    }

    @Test
    void aSmallTableOverflowsAndThePageIsWritten(@TempDir Path folder) throws IOException {
        Shell.Result result = small(
                folder,
                "--era",
                "container-l2",
                "--table",
                "8",
                "--format",
                "json",
                "--report",
                "page",
                "--sweep",
                "4");
        assertThat(result.exit()).as(result.err()).isZero();
        JsonNode all = JsonMapper.builder().build().readTree(result.out());
        JsonNode era = all.get("eras").get(0);
        assertThat(era.get("name").asString()).isEqualTo("container-l2");
        assertThat(era.get("endpoints").asInt()).isEqualTo(12);
        assertThat(era.get("verdict").asString()).isEqualTo("overflows");
        assertThat(era.get("tables").get("host").get("capacity").asInt()).isEqualTo(8);
        assertThat(all.get("sweep").get(0).get("endpoints").asInt()).isEqualTo(4);
        assertThat(all.get("arp")).hasSize(2);
        assertThat(Files.readString(folder.resolve("page/index.html")))
                .contains("hopscope capacity --racks 2", "--sweep 4")
                .contains("Figure 3");
        assertThat(folder.resolve("page/capacity.json")).isNotEmptyFile();
    }

    @Test
    void saysWhatIsWrongWithAnOptionAndWhatIsNearest(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("taken"), "a file");
        Map<List<String>, List<String>> wrong = Map.of(
                List.of("--era", "contaner-l2"),
                List.of("--era contaner-l2", "(did you mean container-l2?)"),
                List.of("--table", "65k5"),
                List.of("--table 65k5", "entries, such as 4096 or 48k"),
                List.of("--table", "0"),
                List.of("--table 0", "a multiple of the 8 slots"),
                List.of("--table", "1001"),
                List.of("--table 1001", "(did you mean 1000?)"),
                List.of("--sweep", "5"),
                List.of("--sweep without --report"),
                List.of("--report", "taken"),
                List.of("'taken'"),
                List.of("--racks", "0"),
                List.of("--racks 0", "1 to 5000"),
                List.of("--density", "many"),
                List.of("'many' is not an int"),
                List.of("--subnet-size", "31"),
                List.of("--subnet-size 31", "16 to 29"),
                List.of("--no-cop"),
                List.of("(did you mean --no-copp?)"));
        wrong.forEach((options, said) -> {
            List<String> words = new ArrayList<>(List.of("capacity"));
            words.addAll(options);
            Shell.Result result = Shell.hopscope(folder, words.toArray(new String[0]));
            assertThat(result.exit()).as(options + result.err()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains(said).doesNotContain("Exception");
        });
    }

    @Test
    void refusesWhatCannotBeBuiltBeforeItRuns(@TempDir Path folder) {
        Shell.Result result = Shell.hopscope(
                folder,
                "capacity",
                "--era",
                "container-l2",
                "--subnet-size",
                "29",
                "--racks",
                "2000",
                "--density",
                "2");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("VLANs", "expected a size that can be built");
    }

    @Test
    void nothingIsSaidAboutWhatIsOverSoonAndALineAPhaseLaterOn() {
        List<String> said = new ArrayList<>();
        long[] now = {0};
        ProgressBar bar = new ProgressBar(said::add, false, () -> now[0]);
        bar.step("1/2 vm");
        bar.at("building", 1, 10);
        assertThat(said).isEmpty();
        now[0] = 3_000_000_000L;
        bar.at("building", 2, 10);
        bar.at("building", 3, 10);
        bar.at("traffic", 0, 0);
        bar.end();
        assertThat(said).containsExactly("hopscope:    3 s  1/2 vm  building\n", "hopscope:    3 s  1/2 vm  traffic\n");
    }

    @Test
    void aTerminalSeesABarThatGoesAway() {
        List<String> said = new ArrayList<>();
        long[] now = {0};
        ProgressBar bar = new ProgressBar(said::add, true, () -> now[0]);
        now[0] = 3_000_000_000L;
        bar.step("1/2 vm");
        bar.at("building", 5, 10);
        assertThat(said.get(0))
                .contains("█".repeat(15) + "·".repeat(15))
                .contains(" 50 %")
                .hasSizeLessThan(104);
        bar.end();
        assertThat(said.get(said.size() - 1)).isEqualTo("\r\u001b[K");
    }
}
