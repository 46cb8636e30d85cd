package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    private void refused(String expected, String... words) {
        assertThatThrownBy(() -> run(words)).as(String.join(" ", words)).hasMessageContaining(expected);
    }

    /** Each of them iptables 1.8.9 refuses as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A INPUT ! -m conntrack --ctstate NEW -j DROP",
                "-A INPUT ! -j DROP",
                "-A INPUT ! -c 1 2",
                "-A INPUT -j LOG ! --log-prefix x",
                "-A INPUT -m statistic ! --mode nth --every 2",
                "-A INPUT -m statistic --mode nth --every 2 ! --packet 1",
                "-A INPUT -m comment ! --comment x -j DROP",
                "-A INPUT -m conntrack ! --ctdir REPLY",
                "-A INPUT -m limit ! --limit 1/s",
                "-A INPUT -m addrtype --src-type LOCAL ! --limit-iface-in",
                "-t nat -A POSTROUTING -j SNAT ! --to-source 1.2.3.4",
                "-t mangle -A INPUT -j MARK ! --set-mark 1"
            })
    void whatHasNoOppositeIsNotTurnedRound(String command) {
        refused("no '!' before it", command.split(" "));
    }

    @Test
    void severalAddressesAreNotTurnedRoundTogether() {
        refused("'10.0.0.7,10.0.0.8' behind '!'", "-A", "INPUT", "!", "-s", "10.0.0.7,10.0.0.8", "-j", "DROP");
    }

    /** Likewise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-s 1.1.1.1 -s 2.2.2.2",
                "-s 1.1.1.1 --source 2.2.2.2",
                "-i eth0 -i eth1",
                "-p tcp -p udp",
                "-f -f",
                "-p tcp --dport 1 --dport 2",
                "-p tcp --dport 1 --destination-port 2",
                "-p tcp --syn --tcp-flags SYN SYN",
                "-p tcp --tcp-option 3 --tcp-option 4",
                "-p icmp --icmp-type 8 --icmp-type 0",
                "-m mark --mark 1 --mark 2",
                "-m comment --comment a --comment b",
                "-m conntrack --ctstate NEW --ctstate ESTABLISHED",
                "-m state --state NEW --state ESTABLISHED",
                "-m statistic --mode nth --every 2 --probability 0.5",
                "-m statistic --mode random --mode nth --every 2",
                "-m limit --limit 1/s --limit 2/s",
                "-m addrtype --src-type LOCAL --src-type UNICAST",
                "-m addrtype --src-type LOCAL --limit-iface-in --limit-iface-out",
                "-j LOG --log-uid --log-uid",
                "-j MARK --set-mark 1 --or-mark 2",
                "-j CONNMARK --save-mark --restore-mark"
            })
    void anOptionIsNotGivenTwice(String options) {
        refused("expected one ", ("-t mangle -A FORWARD " + options).split(" "));
    }

    /** "Invalid argument" of the kernel. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A OUTPUT -m mac --mac-source 02:00:00:00:00:01",
                "-t mangle -A POSTROUTING -m mac --mac-source 02:00:00:00:00:01",
                "-A OUTPUT -m physdev --physdev-out v0",
                "-A OUTPUT -m physdev --physdev-is-out",
                "-A INPUT -m addrtype --src-type LOCAL --limit-iface-out",
                "-A OUTPUT -m addrtype --src-type LOCAL --limit-iface-in"
            })
    void aMatchThatAHookDoesNotKnowIsRefused(String command) {
        refused("leads to", command.split(" "));
        assertThat(run("-S")).noneMatch(line -> line.startsWith("-A"));
    }

    @Test
    void whatTheKernelAllowsIsAllowed() {
        run("-A", "FORWARD", "-m", "physdev", "--physdev-out", "v0");
        run("-A", "OUTPUT", "-m", "physdev", "--physdev-out", "v0", "--physdev-is-bridged");
        run("-t", "nat", "-A", "PREROUTING", "-j", "CONNMARK", "--restore-mark");
        run("-A", "FORWARD", "-j", "CONNMARK", "--restore-mark");
        run("-t", "raw", "-A", "PREROUTING", "-j", "CT", "--zone-orig", "1", "--notrack");
        run("-A", "INPUT", "-p", "tcp", "-m", "tcp", "--dport", "1", "-m", "tcp", "--sport", "1");
        assertThat(run("-S")).hasSize(3 + 4);
    }

    @Test
    void aBuiltInChainKeepsItsName() {
        run("-P", "INPUT", "DROP");
        refused("iptables: No chain/target/match by that name.", "-E", "INPUT", "foo");
        run("-N", "c1");
        refused("iptables: File exists.", "-E", "c1", "INPUT");
        assertThat(run("-S")).contains("-P INPUT DROP");
    }

    @Test
    void aSetIsHeldByTheRulesThatStand() {
        List<String> lines = new ArrayList<>();
        rules.sets().command(List.of("create", "s", "hash:ip"), 0, lines::add);
        run("-A", "INPUT", "-m", "set", "--match-set", "s", "src");
        run("-C", "INPUT", "-m", "set", "--match-set", "s", "src");
        assertThatThrownBy(() -> rules.sets().command(List.of("destroy", "s"), 0, lines::add))
                .isInstanceOf(IllegalArgumentException.class);
        run("-D", "INPUT", "-m", "set", "--match-set", "s", "src");
        assertThatThrownBy(() -> filter("-A INPUT -m set --match-set s src\n-A INPUT -j NOWHERE"))
                .isInstanceOf(RuleSyntaxException.class);
        rules.sets().command(List.of("list", "-t", "s"), 0, lines::add);
        assertThat(lines).contains("References: 0");
        rules.sets().command(List.of("destroy", "s"), 0, lines::add);
    }

    @Test
    void aTrialKnowsSetsAndRulesAndChangesNothing() {
        rules.sets().command(List.of("create", "s", "hash:ip"), 0, line -> {});
        filter(":web - [0:0]\n-A INPUT -m set --match-set s src -j web");
        List<String> before = RulesText.save(rules, null, true, "");
        RulesText.test(rules, "*filter\n-A web -m set --match-set s dst -j DROP\nCOMMIT", false, false, 0);
        assertThatThrownBy(() -> RulesText.test(rules, "*filter\n-A web -j DROP\nCOMMIT", true, false, 0))
                .hasMessageContaining("'web'");
        assertThat(RulesText.save(rules, null, true, "")).isEqualTo(before);
        assertThat(rules.sets().find("s").references()).isOne();
    }

    /** Layers of chains each of which jumps twice to the next: there are more ways than atoms. */
    @Test
    @Timeout(20)
    void manyWaysToOneChainAreCheckedOnce() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= 300; i++) {
            text.append(":c").append(i).append(" - [0:0]\n");
        }
        for (int i = 0; i < 300; i++) {
            text.append(("-A c" + i + " -j c" + (i + 1) + "\n").repeat(2));
        }
        filter(text + "-A INPUT -j c0");
        refused("a jump back to c7", "-A", "c300", "-j", "c7");
        run("-A", "c300", "-m", "mac", "--mac-source", "02:00:00:00:00:01");
        refused("-m mac so in a chain that OUTPUT leads to", "-A", "OUTPUT", "-j", "c5");
    }

    /** As iptables 1.8.9 prints it. */
    @Test
    void takesCommandsAsPeopleWriteThem() {
        run("-w", "5", "-A", "INPUT", "--sourc", "1.1.1.1", "--ju", "DROP");
        run("-w5", "--app", "INPUT", "--proto", "tcp", "--dp", "80", "-j", "ACCEPT");
        run("--wait=3", "-N", "c1");
        assertThat(run("-L", "INPUT", "2", "-n"))
                .containsExactly("ACCEPT     6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80");
        assertThat(run("-L", "INPUT", "99", "-n")).isEmpty();
        assertThat(run("-S", "INPUT", "1")).containsExactly("-A INPUT -s 1.1.1.1/32 -j DROP");
        assertThat(run("-vnL", "c1", "--line"))
                .containsExactly(
                        "Chain c1 (0 references)",
                        "num   pkts bytes target     prot opt in     out     source               destination         ");
        assertThat(run("--list", "c1", "--numeric", "--verbose", "--exact"))
                .last()
                .isEqualTo(
                        "    pkts      bytes target     prot opt in     out     source               destination         ");
        rules.table("filter").chain("INPUT").rules().forEach(each -> each.count(7));
        assertThat(run("-S", "INPUT", "-v")).last().asString().endsWith("-c 1 7");
        run("-Z", "INPUT", "1");
        assertThat(run("-nvL", "INPUT", "-Z"))
                .hasSize(5)
                .contains(
                        "    1     7 ACCEPT     6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80")
                .contains("    0     0 DROP       0    --  *      *       1.1.1.1              0.0.0.0/0           ")
                .endsWith("Zeroing chain `INPUT'");
        assertThat(run("-S", "INPUT", "-v")).allMatch(each -> each.endsWith("-c 0 0"));
        assertThat(run("-L", "INPUT"))
                .last()
                .isEqualTo("ACCEPT     tcp  --  anywhere             anywhere             tcp dpt:80");
    }

    @Test
    void whatIsSaidOfARuleFollowsItsNumber() {
        run("-A", "FORWARD", "-j", "DROP");
        Rule dropping = rules.table("filter").chain("FORWARD").rules().get(0);
        dropping.attachment("rule 1");
        run("-A", "FORWARD", "-j", "ACCEPT");
        assertThat(dropping.attachment()).as("one behind it changes nothing").isEqualTo("rule 1");
        run("-I", "FORWARD", "-s", "1.2.3.4", "-j", "ACCEPT");
        assertThat(dropping.attachment()).isNull();
        dropping.attachment("rule 2");
        run("-D", "FORWARD", "1");
        assertThat(dropping.attachment()).isNull();
    }

    /** What of a text is wrong whatever there is when it is loaded. */
    @Test
    void aTextIsCheckedWithoutTheRulesThereWillBe() {
        assertThat(RulesText.check("*filter\n-A later -j ACCEPT\n-A INPUT -j later\n-I INPUT 9 -j DROP\n"
                        + "-A INPUT -m set --match-set later src\nCOMMIT\n"))
                .isNull();
        assertThat(RulesText.check("*filter\n-A INPUT -j later\n-A INPUT -m bogus\nCOMMIT\n")
                        .line())
                .isEqualTo(3);
    }

    @Test
    void whatIsRefusedInATextNamesItsLine() {
        assertThatThrownBy(() ->
                        RulesText.restore(rules, "*filter\n-A INPUT -j DROP\n-I INPUT 99 -j DROP\nCOMMIT", true, false))
                .isInstanceOfSatisfying(RuleSyntaxException.class, e -> {
                    assertThat(e.refused()).isTrue();
                    assertThat(e.line()).isEqualTo(3);
                });
    }
}
