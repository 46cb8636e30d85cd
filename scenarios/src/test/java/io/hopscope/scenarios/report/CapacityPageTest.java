package io.hopscope.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.Latency;
import io.hopscope.scenarios.eras.EraResult.Load;
import io.hopscope.scenarios.eras.EraResult.Point;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class CapacityPageTest {
    @TempDir
    Path folder;

    private static EraResult era(String name, int nodes, int endpoints, int capacity, int entries, int missing) {
        Map<String, TableUse> tables = new LinkedHashMap<>();
        tables.put("host", new TableUse(capacity, (int) (capacity * 0.7), entries, entries, missing, missing));
        double loss = 100.0 * missing / endpoints;
        Latency latency = new Latency(7_120, 11_000, 14_830, 22_000, 1_500_000);
        double none = missing == 0 ? Double.NaN : 99.97;
        double cpu = missing > 0 ? 4 + 60.0 * missing / 84_464 : 0.5;
        Load load = new Load(1, 1_500_000, 655_360, loss, 0, missing == 0 ? 0 : 25, none, none, cpu, latency);
        List<Point> curve = new ArrayList<>();
        boolean routed = name.equals("container-routed");
        for (int n = 1; n <= 400; n++) {
            int come = (int) ((long) endpoints * n / 400);
            curve.add(new Point(come, routed ? entries * n / 400 : Math.min(come, entries)));
        }
        int failure = missing == 0 ? -1 : 49_213;
        return new EraResult(
                name,
                name,
                nodes,
                endpoints,
                "host",
                tables,
                0,
                0,
                cpu,
                List.of(load),
                curve,
                failure,
                List.of(),
                routed ? 3 : 1100,
                2_345,
                61_000,
                3L << 30,
                List.of());
    }

    static CapacityReport article() {
        List<SweepPoint> sweep = new ArrayList<>();
        for (int size : new int[] {10_000, 30_000, 46_000, 60_000, 100_000}) {
            int missing = size < 60_000 ? 0 : size == 60_000 ? 590 : 34_464;
            EraResult each = era("container-l2", 2000, size, 65_536, Math.min(size, 65_536), missing);
            sweep.add(new SweepPoint(true, each));
            sweep.add(new SweepPoint(false, each));
        }
        EraResult full = era("container-l2", 2000, 150_000, 65_536, 65_536, 84_464);
        sweep.add(new SweepPoint(true, full));
        List<ArpCost> arp = new ArrayList<>();
        for (String name : List.of("bare-metal", "vm", "container-l2", "container-routed")) {
            int share = name.equals("bare-metal") ? 1 : name.equals("vm") ? 15 : 75;
            for (int prefix = 24; prefix >= 18; prefix--) {
                int hosts = (1 << 32 - prefix) - 5;
                arp.add(new ArpCost(
                        name,
                        prefix,
                        hosts,
                        name.equals("container-routed") ? 6 : 2L * hosts + 4L * hosts / share + 60));
            }
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("seed", "1");
        return new CapacityReport(
                List.of(
                        era("bare-metal", 2000, 2_000, 16_384, 2_000, 0),
                        era("vm", 3000, 31_000, 65_536, 31_000, 0),
                        full,
                        era("container-routed", 2000, 150_000, 65_536, 4_000, 0)),
                sweep,
                arp,
                parameters,
                "hopscope capacity --seed 1 --report <here> & \"there\"",
                "Java 17.0.15, Linux amd64, 2 processors");
    }

    private static Document xml(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void thePageAndItsPicturesAreWellFormedAndNeedNothingElse() throws Exception {
        Path page = new CapacityPage(article()).write(folder);
        String html = Files.readString(page);
        assertThat(xml(html.replace("<!DOCTYPE html>", ""))
                        .getElementsByTagName("figure")
                        .getLength())
                .isEqualTo(3);
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "<script", "<link", "url(");
        try (var files = Files.list(folder)) {
            for (Path picture :
                    files.filter(file -> file.toString().endsWith(".svg")).toList()) {
                Document svg = xml(Files.readString(picture));
                assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
                assertThat(svg.getElementsByTagName("title").getLength()).isEqualTo(1);
                assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                        .isNotBlank();
            }
        }
        assertThat(folder).isDirectoryContaining("glob:**entries.svg").isDirectoryContaining("glob:**loss.svg");
    }

    @Test
    void saysWhoseTablesAreMeantAndOfHowManyAShareIs() {
        String page = new CapacityPage(article()).html();
        assertThat(page)
                .contains(">bare metal</text>")
                .contains("&gt;99.9 % of 25")
                .contains("tbody th { white-space: nowrap");
        EraResult one = era("vm", 10, 100, 128, 99, 1);
        assertThat(Verdict.because(one)).contains("1 endpoint has none");
    }

    @Test
    void oneEraAloneHasAPageToo() throws IOException {
        CapacityReport all = article();
        CapacityReport one = new CapacityReport(
                all.eras().subList(1, 2), List.of(), List.of(), all.parameters(), all.command(), all.machine());
        String html = Files.readString(new CapacityPage(one).write(folder));
        assertThat(html).contains("Figure 1", "31,000").doesNotContain("Figure 2");
    }
}
