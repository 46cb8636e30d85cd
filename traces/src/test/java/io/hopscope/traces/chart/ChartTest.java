package io.hopscope.traces.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartTest {
    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream()
                .map(Axis.Tick::label)
                .filter(label -> !label.isEmpty())
                .toList();
    }

    @Test
    void ticksStandAtRoundNumbers() {
        assertThat(labels(Axis.linear("x", 0, 150_000))).containsExactly("0", "50K", "100K", "150K");
        assertThat(labels(Axis.linear("x", 0, 65_536))).containsExactly("0", "20K", "40K", "60K", "80K");
        assertThat(labels(Axis.linear("x", 0, 0.3))).containsExactly("0", "0.1", "0.2", "0.3");
        assertThat(labels(Axis.log("x", 10, 1_000_000))).containsExactly("10", "100", "1K", "10K", "100K", "1M");
        assertThat(labels(Axis.log("x", 10, 200))).containsExactly("10", "20", "50", "100", "200");
    }

    private static double attribute(String svg, String text, String name) {
        java.util.regex.Matcher found = java.util.regex.Pattern.compile(
                        "<text [^>]*\\b" + name + "=\"([0-9.]+)\"[^>]*>" + text + "<")
                .matcher(svg);
        assertThat(found.find()).as(text + " in " + svg).isTrue();
        return Double.parseDouble(found.group(1));
    }

    @Test
    void linesThatEndAtOnePlaceHaveTheirNamesSideBySideThere() {
        var to = new Line.Point(100, 50);
        String svg = new Chart("t", "d", Axis.linear("x", 0, 100), Axis.linear("y", 0, 100))
                .line(Line.of("lost\nwith", Palette.BLUE, List.of(new Line.Point(0, 0), to)))
                .line(Line.of("lost too\nwithout", Palette.GREEN, List.of(new Line.Point(0, 1), to)))
                .svg("one");
        assertThat(attribute(svg, "lost", "y")).isEqualTo(attribute(svg, "lost too", "y"));
        assertThat(attribute(svg, "lost", "x")).isLessThan(attribute(svg, "lost too", "x"));
        assertThat(attribute(svg, "with", "y")).isEqualTo(attribute(svg, "without", "y"));
    }

    @Test
    void aLimitMayHaveTwoRowsOfName() {
        String svg = new Chart("t", "d", Axis.linear("x", 0, 100), Axis.linear("y", 0, 100))
                .guide(90, "90 nominal\nbare metal", false)
                .guide(88, "88 (70 %)", true)
                .svg("one");
        double upper = attribute(svg, "90 nominal", "y");
        assertThat(attribute(svg, "bare metal", "y"))
                .isGreaterThan(upper)
                .isLessThan(attribute(svg, "88 \\(70 %\\)", "y"));
    }

    @Test
    void aRangeWithoutExtentHasTicksAsWell() {
        assertThat(labels(Axis.linear("x", 0, 0))).isNotEmpty();
    }

    @Test
    void whateverIsNamedComesOutWellFormedAndInTheEnglishWay() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            String svg = new Chart("a < b & \"c\"", "d > e", Axis.linear("x", 0, 1), Axis.log("y", 0.5, 99))
                    .line(Line.of("<loss>", Palette.BLUE, List.of(new Line.Point(0, 1), new Line.Point(1, 7.25))))
                    .svg("one");
            Element root = xml(svg).getDocumentElement();
            assertThat(root.getAttribute("aria-labelledby")).isEqualTo("one-title one-desc");
            assertThat(root.getElementsByTagName("title").item(0).getTextContent())
                    .isEqualTo("a < b & \"c\"");
            assertThat(svg).doesNotContainPattern("=\"-?[0-9]+,[0-9]");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void namesOfLinesThatEndTogetherDoNotCoverOneAnother() throws Exception {
        Chart chart = new Chart("t", "d", Axis.linear("x", 0, 10), Axis.linear("y", 0, 10));
        for (int n = 0; n < 4; n++) {
            chart.line(Line.of(
                    "line number " + n,
                    Palette.LINES.get(n),
                    List.of(new Line.Point(0, n), new Line.Point(10, 5 + n * 0.01))));
        }
        List<double[]> places = new ArrayList<>();
        NodeList texts = xml(chart.svg("t")).getElementsByTagName("text");
        for (int n = 0; n < texts.getLength(); n++) {
            if (texts.item(n).getTextContent().startsWith("line number")) {
                Element text = (Element) texts.item(n);
                places.add(new double[] {
                    Double.parseDouble(text.getAttribute("x")), Double.parseDouble(text.getAttribute("y"))
                });
            }
        }
        assertThat(places).hasSize(4);
        for (int n = 0; n < 4; n++) {
            for (int other = 0; other < n; other++) {
                double across = Math.abs(places.get(n)[0] - places.get(other)[0]);
                double down = Math.abs(places.get(n)[1] - places.get(other)[1]);
                assertThat(across > 60 || down > 12).as("%s, %s", n, other).isTrue();
            }
        }
    }

    @Test
    void aLineOfAMillionPointsIsNoLongerThanThePictureIsWide() {
        List<Line.Point> points = new ArrayList<>();
        for (int n = 0; n < 1_000_000; n++) {
            points.add(new Line.Point(n, n));
        }
        String svg = new Chart("t", "d", Axis.linear("x", 0, 1e6), Axis.linear("y", 0, 1e6))
                .line(Line.of("", Palette.BLUE, points))
                .svg("t");
        assertThat(svg.length()).isLessThan(50_000);
    }
}
