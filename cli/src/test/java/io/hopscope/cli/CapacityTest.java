package io.hopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.traces.Style;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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
