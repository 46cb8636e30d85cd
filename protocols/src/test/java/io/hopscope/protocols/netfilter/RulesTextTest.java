package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTextTest {
    private final Ruleset rules = new Ruleset();

    private static String resource(String name) throws IOException {
        try (InputStream in = RulesTextTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> run(String... words) {
        List<String> lines = new ArrayList<>();
        RuleCommand.parse(rules, List.of(words)).run(lines::add);
        return lines;
    }

    private void filter(String lines) {
        RulesText.restore(
                rules,
                "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n" + lines + "\nCOMMIT\n",
                true,
                true);
    }

    /** The expected text was printed by iptables 1.8.9. */
    @ParameterizedTest
    @ValueSource(strings = {"raw", "mangle", "nat", "filter"})
    void printsEveryMatchAndTargetAsIptablesDoes(String table) throws IOException {
        RulesText.restore(rules, resource("every-match.rules"), true, true);
        List<String> lines = new ArrayList<>(rules.table(table).save(true));
        lines.addAll(run("-t", table, "-L", "-n", "-v", "--line-numbers"));
        lines.addAll(run("-t", table, "-L", "-n"));
        String expected =
                resource("every-match.expected").split("== " + table + "\n")[1].split("== ")[0];
        assertThat(String.join("\n", lines) + "\n").isEqualTo(expected);
    }

    @Test
    void whatIsPrintedIsReadAsTheSame() throws IOException {
        RulesText.restore(rules, resource("every-match.rules"), true, true);
        List<String> first = RulesText.save(rules, null, true, "now");
        Ruleset other = new Ruleset();
        RulesText.restore(other, String.join("\n", first), true, true);
        assertThat(RulesText.save(other, null, true, "now")).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-A INPUT -m conntrak --ctstate NEW -j ACCEPT | 5 | 13 | 'conntrak' | conntrack",
                "-A INPUT -p tcp --dprt 80 -j ACCEPT | 5 | 17 | '--dprt' | --dport",
                "-A INPUT -j ACEPT | 5 | 13 | 'ACEPT' | ACCEPT",
                "-A INPT -j ACCEPT | 5 | 4 | 'INPT' | INPUT",
                "-A INPUT -s 10.0.0.256 -j DROP | 5 | 13 | '10.0.0.256' | ",
                "-A INPUT -m state --state ESTABLISH -j DROP | 5 | 27 | 'ESTABLISH' | ESTABLISHED",
                "-A INPUT -p tcp --dport 70000 -j DROP | 5 | 25 | '70000' | ",
                "-A INPUT -m set --match-set blocked src -j DROP | 5 | 29 | 'blocked' | ",
                "-A INPUT -j REJECT --reject-with tcp-rset | 5 | 34 | 'tcp-rset' | tcp-reset",
                "-A INPUT -o eth0 -j DROP | 5 | 25 | -o in INPUT | ",
                "-A FORWARD -j SNAT --to-source 1.2.3.4 | 5 | 39 | SNAT in table filter | ",
                "-A FORWARD -p udp -j REJECT --reject-with tcp-reset | 5 | 52 | --reject-with tcp-reset without -p tcp | ",
                "-A FORWARD -m multiport --dports 80 | 5 | 36 | multiport without -p | ",
                "-A FORWARD -m comment --comment \"open | 5 | 33 | an open quote | "
            })
    void refusesWithLineColumnAndNearestName(String rule, int line, int column, String found, String nearest) {
        assertThatThrownBy(() -> filter(rule.strip())).isInstanceOfSatisfying(RuleSyntaxException.class, e -> {
            assertThat(e.line()).isEqualTo(line);
            assertThat(e.column()).isEqualTo(column);
            assertThat(e.found().replace("'", "")).isEqualTo(found);
            assertThat(e.nearest()).isEqualTo(nearest);
        });
        assertThat(rules.tables()).isEmpty();
    }

    @Test
    void aJumpInCirclesIsRefusedAndNothingChanges() {
        filter("-A INPUT -j DROP");
        assertThatThrownBy(() -> filter(":a - [0:0]\n:b - [0:0]\n-A a -j b\n-A b -g a"))
                .hasMessageContaining("a jump back to");
        assertThat(rules.table("filter").save(false)).contains("-A INPUT -j DROP");
    }

    @Test
    void aTargetThatAHookDoesNotKnowIsRefusedWhereverItStands() {
        assertThatThrownBy(() -> RulesText.restore(
                        rules,
                        "*nat\n:PREROUTING ACCEPT [0:0]\n:x - [0:0]\n-A PREROUTING -j x\n-A x -j MASQUERADE\nCOMMIT",
                        true,
                        false))
                .hasMessageContaining("line 5")
                .hasMessageContaining("MASQUERADE in a chain that PREROUTING leads to");
    }

    @Test
    void commandsChangeOneRuleAtATime() {
        run("-N", "web");
        run("-A", "INPUT", "-p", "tcp", "--dport", "80", "-j", "web");
        run("-I", "INPUT", "-i", "lo", "-j", "ACCEPT");
        run("-I", "INPUT", "2", "-m", "state", "--state", "ESTABLISHED", "-j", "ACCEPT");
        run("-P", "INPUT", "DROP");
        assertThat(run("-S"))
                .containsExactly(
                        "-P INPUT DROP",
                        "-P FORWARD ACCEPT",
                        "-P OUTPUT ACCEPT",
                        "-N web",
                        "-A INPUT -i lo -j ACCEPT",
                        "-A INPUT -m state --state ESTABLISHED -j ACCEPT",
                        "-A INPUT -p tcp -m tcp --dport 80 -j web");
        run("-D", "INPUT", "-i", "lo", "-j", "ACCEPT");
        run("-R", "INPUT", "1", "-m", "state", "--state", "RELATED", "-j", "ACCEPT");
        assertThat(run("-S", "INPUT")).hasSize(3).element(1).isEqualTo("-A INPUT -m state --state RELATED -j ACCEPT");
        assertThatThrownBy(() -> run("-X", "web")).hasMessage("iptables: Too many links.");
        run("-D", "INPUT", "2");
        run("-E", "web", "www");
        run("-X", "www");
        assertThatThrownBy(() -> run("-D", "INPUT", "7")).hasMessage("iptables: Index of deletion too big.");
        assertThatThrownBy(() -> run("-C", "INPUT", "-j", "DROP")).hasMessageContaining("Bad rule");
    }

    @Test
    void aScriptOfCommandsIsARulesTextAsWell() {
        RulesText.restore(
                rules,
                "# by hand\niptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\niptables -P FORWARD DROP\n",
                true,
                false);
        assertThat(rules.table("nat").save(false)).contains("-A POSTROUTING -o eth0 -j MASQUERADE");
        assertThat(rules.table("filter").save(false)).contains(":FORWARD DROP [0:0]");
    }

    @Test
    void noflushKeepsWhatWasThereWithItsCounters() {
        filter("[5:300] -A INPUT -i lo -j ACCEPT");
        RulesText.restore(rules, "*filter\n-A INPUT -i eth0 -j DROP\nCOMMIT", false, false);
        assertThat(rules.table("filter").save(true))
                .contains("[5:300] -A INPUT -i lo -j ACCEPT", "[0:0] -A INPUT -i eth0 -j DROP");
    }
}
