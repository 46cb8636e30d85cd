package io.hopscope.devices.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Ipv4Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of {@code ss} beside those of iproute2 6.1 (ss-layouts.txt), its filters and what it refuses. */
class SsTest {
    /** Every output kept of the real tool, by its command. */
    private static List<String[]> real() throws IOException {
        try (InputStream in = SsTest.class.getResourceAsStream("ss-layouts.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String[]> outputs = new ArrayList<>();
            for (String each : all.split("(?m)^### ss ")) {
                if (!each.isEmpty()) {
                    outputs.add(each.split("\n", 2));
                }
            }
            return outputs;
        }
    }

    /** Takes a real table apart and has ours put it together again. */
    private static List<String> again(String command, List<String> lines) {
        boolean headless = command.contains("-H");
        String header = headless ? "" : lines.get(0);
        int process = header.indexOf("Process");
        boolean netid = header.startsWith("Netid");
        boolean state = headless || header.contains("State");
        SsTable table = new SsTable().hide(SsTable.NETID, !netid).hide(SsTable.STATE, !state);
        if (!headless) {
            table.header();
        }
        for (int i = headless ? 0 : 1; i < lines.size(); i++) {
            String line = lines.get(i);
            String rest = process < 0
                    ? ""
                    : line.substring(Math.min(process, line.length())).stripTrailing();
            List<String> cells = new ArrayList<>(Arrays.asList(line.strip().split(" +")));
            if (!netid) {
                cells.add(0, "");
            }
            if (!state) {
                cells.add(1, "");
            }
            while (i + 1 < lines.size() && lines.get(i + 1).startsWith("\t")) {
                // The blanks behind it are the table's; the one before is not.
                rest += "\n\t" + lines.get(++i).substring(1).stripTrailing();
            }
            String[] local = cells.get(4).split("(?<=:)");
            String[] peer = cells.get(5).split("(?<=:)");
            table.row(
                    cells.get(0),
                    cells.get(1),
                    (cells.get(2) + "      ")
                            .substring(0, Math.max(6, cells.get(2).length())),
                    (cells.get(3) + "      ")
                            .substring(0, Math.max(6, cells.get(3).length())),
                    local[0],
                    local[1],
                    peer[0],
                    peer[1],
                    rest);
        }
        return table.lines();
    }

    @Test
    void columnsStandWhereTheRealOnesStand() throws IOException {
        assertThat(real()).hasSizeGreaterThan(25);
        for (String[] each : real()) {
            List<String> lines = each[1].lines().toList();
            assertThat(again(each[0], lines)).as("ss " + each[0]).isEqualTo(lines);
        }
    }

    @Test
    void whichColumnsThereAreIsSaidByOptionsAndStates() throws IOException {
        for (String[] each : real()) {
            SsPlan plan = SsPlan.read(List.of(each[0].split(" ")));
            String header = plan.headless ? "" : each[1].lines().findFirst().orElseThrow();
            assertThat(plan.severalTables()).as(each[0]).isEqualTo(header.startsWith("Netid"));
            assertThat(!plan.headless && plan.states.size() > 1).as(each[0]).isEqualTo(header.contains("State"));
        }
    }

    private static boolean takes(String filter, String local, int port, String peer, int peerPort) {
        return SsFilter.parse(new ArrayDeque<>(List.of(filter.split(" "))))
                .takes(Ipv4Address.bits(local), port, Ipv4Address.bits(peer), peerPort);
    }

    @Test
    void filtersAreReadAsTheRealOnes() {
        assertThat(takes("dst 10.9.9.0/24", "10.9.9.1", 1000, "10.9.9.2", 80)).isTrue();
        assertThat(takes("src 10.9.9.2", "10.9.9.1", 1000, "10.9.9.2", 80)).isFalse();
        assertThat(takes("dst 10.9.9.2:http", "10.9.9.1", 1000, "10.9.9.2", 80)).isTrue();
        assertThat(takes("dport = :81", "10.9.9.1", 1000, "10.9.9.2", 80)).isFalse();
        assertThat(takes("sport gt :999", "10.9.9.1", 1000, "10.9.9.2", 80)).isTrue();
        assertThat(takes("sport < 999", "10.9.9.1", 1000, "10.9.9.2", 80)).isFalse();
        assertThat(takes("( dport = :81 or dport = :80 ) and not dst 10.9.9.7", "10.9.9.1", 1, "10.9.9.2", 80))
                .isTrue();
        assertThat(takes("dport = :80 dst 10.9.9.7", "10.9.9.1", 1, "10.9.9.2", 80))
                .isFalse();
        assertThat(takes("! dport = :80 | sport != :2", "10.9.9.1", 1, "10.9.9.2", 80))
                .isTrue();
    }

    private static void refuses(String words, int exit, String... first) {
        assertThatThrownBy(() -> SsPlan.read(List.of(words.split(" "))))
                .isInstanceOfSatisfying(Misuse.class, misuse -> {
                    assertThat(misuse.exit()).as(words).isEqualTo(exit);
                    assertThat(misuse.getMessage().lines().toList()).as(words).startsWith(first);
                });
    }

    /** As iproute2 6.1 says them. */
    @Test
    void wrongWordsAreRefusedInTheRealOnesWords() {
        refuses("-tn state bogus", 255, "ss: wrong state name: bogus");
        refuses("-tn dport foo", 1, "Error: \"foo\" does not look like a port.", "Cannot parse dst/src address.");
        refuses("-tn dport = :foo", 1, "Error: \"foo\" does not look like a port.", "Cannot parse dst/src address.");
        refuses(
                "-tn foo",
                1,
                "Error: an inet prefix is expected rather than \"foo\".",
                "Cannot parse dst/src address.");
        String bellows = "ss: bison bellows (while parsing filter): \"syntax error!\" Sorry.";
        refuses("-tn dst", 255, bellows, "Usage: ss [ OPTIONS ]", "       ss [ OPTIONS ] [ FILTER ]");
        refuses("-tn (", 255, bellows);
        refuses("-tn dst 10.9.9.2 or", 255, bellows);
        refuses("-tn state", 255, "Command line is not complete. Try option \"help\"");
        refuses("-A foo", 255, "ss: \"foo\" is illegal socket table id", "Usage: ss [ OPTIONS ]");
        refuses("-f foo", 255, "ss: \"foo\" is invalid family");
        refuses("-Q", 255, "ss: invalid option -- 'Q'", "Usage: ss [ OPTIONS ]");
        refuses("-t -x=3", 255, "ss: invalid option -- '='");
        refuses("--bogus", 255, "ss: unrecognized option '--bogus'", "Usage: ss [ OPTIONS ]");
    }

    @Test
    void numbersAreShortenedAsPrintfDoes() {
        assertThat(Figures.millis(85)).isEqualTo("0.085");
        assertThat(Figures.millis(10)).isEqualTo("0.01");
        assertThat(Figures.millis(1_234_567)).isEqualTo("1234.57");
        assertThat(Figures.millis(40_000)).isEqualTo("40");
        assertThat(Figures.rate(124_830_476_190L, false)).isEqualTo("125Gbps");
        assertThat(Figures.rate(249_660_952_376L, false)).isEqualTo("250Gbps");
        assertThat(Figures.rate(787_692_308L, false)).isEqualTo("788Mbps");
        assertThat(Figures.rate(1_575_181_040L, false)).isEqualTo("1.58Gbps");
        assertThat(Figures.rate(787_692_308L, true)).isEqualTo("787692308bps");
    }
}
