package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules, tables, several next hops: the commands and what iproute2 6.1 on Linux 6.18 printed for them. */
class PolicyRoutingTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();
    private final Host host = new Host(lab.network.node("a"), "");
    private final List<Runnable> checks = new ArrayList<>();
    private long at;

    PolicyRoutingTest() {
        host.addInterface("eth0", 0x0200_0000_0001L)
                .address(InterfaceAddress.parse("10.0.1.1/24"))
                .address(InterfaceAddress.parse("10.0.1.2/24"));
        host.addInterface("eth2", 0x0200_0000_0002L).address(InterfaceAddress.parse("10.0.2.1/24"));
        host.ports().forEach(lab::plug);
    }

    private Task ip(String words) {
        return lab.exec(at++, host, "ip " + words);
    }

    private void rules(String... all) {
        Stream.of(all).forEach(each -> ip("rule add " + each));
    }

    @Test
    void rulesReadAsIproute2ShowsThem() {
        rules(
                "from 10.0.1.1 lookup 100",
                "to 10.9.0.0/16 lookup 200 priority 500",
                "from 10.1.0.0/16 to 10.2.0.0/16 iif eth0 oif eth1 fwmark 0x10/0xff tos 0x10 ipproto tcp sport 80"
                        + " dport 1000-2000 table 300 pref 400",
                "fwmark 7 lookup main pref 401",
                "ipproto udp dport 53 lookup 101 pref 402",
                "not from 10.3.0.0/16 lookup 103 pref 403",
                "blackhole from 10.4.0.0/16 pref 404",
                "unreachable from 10.5.0.0/16 pref 405",
                "prohibit from 10.6.0.0/16 pref 406",
                "goto 600 from 10.7.0.0/16 pref 407",
                "nop pref 408",
                "from 10.8.0.0/16 lookup 100 suppress_prefixlength 0 pref 409",
                "iif lo lookup 110 pref 410",
                "dsfield 0x10 lookup 100 pref 411",
                "pref 600 nop",
                "from 10.0.1.1 lookup 100",
                "from any lookup 5 pref 700",
                "type unreachable from 10.99.0.0/16",
                "lookup 6",
                "from 10.11.0.0/16 protocol static lookup 6");
        Task shown = ip("rule show");
        Task one = ip("rule list table 100");
        lab.run(SECOND);
        assertThat(shown.lines())
                .containsExactly(
                        "0:\tfrom all lookup local",
                        "396:\tfrom 10.11.0.0/16 lookup 6 proto static",
                        "397:\tfrom all lookup 6",
                        "398:\tfrom 10.99.0.0/16 unreachable",
                        "399:\tfrom 10.0.1.1 lookup 100",
                        "400:\tfrom 10.1.0.0/16 to 10.2.0.0/16 tos 0x10 fwmark 0x10/0xff iif eth0 oif eth1"
                                + " ipproto tcp sport 80 dport 1000-2000 lookup 300",
                        "401:\tfrom all fwmark 0x7 lookup main",
                        "402:\tfrom all ipproto udp dport 53 lookup 101",
                        "403:\tnot from 10.3.0.0/16 lookup 103",
                        "404:\tfrom 10.4.0.0/16 blackhole",
                        "405:\tfrom 10.5.0.0/16 unreachable",
                        "406:\tfrom 10.6.0.0/16 prohibit",
                        "407:\tfrom 10.7.0.0/16 goto 600",
                        "408:\tfrom all nop",
                        "409:\tfrom 10.8.0.0/16 lookup 100 suppress_prefixlength 0",
                        "410:\tfrom all iif lo lookup 110",
                        "411:\tfrom all tos 0x10 lookup 100",
                        "500:\tfrom all to 10.9.0.0/16 lookup 200",
                        "600:\tfrom all nop",
                        "700:\tfrom all lookup 5",
                        "32765:\tfrom 10.0.1.1 lookup 100",
                        "32766:\tfrom all lookup main",
                        "32767:\tfrom all lookup default");
        assertThat(one.lines())
                .containsExactly(
                        "399:\tfrom 10.0.1.1 lookup 100",
                        "409:\tfrom 10.8.0.0/16 lookup 100 suppress_prefixlength 0",
                        "411:\tfrom all tos 0x10 lookup 100",
                        "32765:\tfrom 10.0.1.1 lookup 100");
    }

    @Test
    void rulesGoByWhatIsSaidOfThem() {
        rules("from 10.0.1.1 lookup 100", "nop pref 408");
        Task twice = ip("rule add from 10.0.1.1 lookup 100 pref 32765");
        Task none = ip("rule del pref 9999");
        ip("rule del from 10.0.1.1");
        Task left = ip("rule");
        ip("rule flush");
        Task last = ip("rule");
        Task back = ip("rule add goto 100 pref 500");
        lab.run(SECOND);
        assertThat(twice.lines()).containsExactly("RTNETLINK answers: File exists");
        assertThat(none.lines()).containsExactly("RTNETLINK answers: No such file or directory");
        assertThat(none.exit()).isEqualTo(2);
        assertThat(left.lines())
                .doesNotContain("32765:\tfrom 10.0.1.1 lookup 100")
                .contains("408:\tfrom all nop");
        assertThat(last.lines()).containsExactly("0:\tfrom all lookup local");
        assertThat(back.lines()).containsExactly("Error: Backward goto not supported.");
    }

    @Test
    void routesOfEveryTableAreShownAsIproute2ShowsThem() {
        for (String each : List.of(
                "10.50.0.0/16 via 10.0.1.254 table 100",
                "default via 10.0.2.254 table 100 metric 5",
                "10.51.0.0/16 via 10.0.1.254 src 10.0.1.2 mtu 1400",
                "10.52.0.0/16 via 10.0.1.254 mtu lock 1300 proto bgp",
                "10.53.0.0/16 nexthop via 10.0.1.254 weight 1 nexthop via 10.0.2.254 weight 3",
                "10.54.0.0/16 nexthop via 10.0.1.254 dev eth0 nexthop dev eth2 weight 2",
                "local 10.55.0.0/16 dev lo table 100",
                "10.56.0.0/16 dev eth2 scope link src 10.0.1.1",
                "10.56.1.0/24 via 10.0.1.254 table default",
                "unreachable default metric 4278198272",
                "10.57.0.0/16 via 10.0.1.254 metric 100")) {
            ip("route add " + each);
        }
        ip("route append 10.57.0.0/16 via 10.0.2.254 metric 100");
        ip("route prepend 10.57.0.0/16 via 10.0.2.253 metric 100");
        ip("route change 10.57.0.0/16 via 10.0.1.253 metric 100");
        ip("route replace 10.58.0.0/16 via 10.0.1.254");
        Task all = ip("route show table all");
        Task via = ip("route show via 10.0.2.254");
        Task scope = ip("route show scope link");
        Task bgp = ip("route show proto bgp");
        Task match = ip("route show match 10.0.1.7");
        Task none = ip("route show table 77");
        lab.run(SECOND);
        assertThat(all.lines())
                .containsExactly(
                        "default via 10.0.2.254 dev eth2 table 100 metric 5 ",
                        "10.50.0.0/16 via 10.0.1.254 dev eth0 table 100 ",
                        "local 10.55.0.0/16 dev lo table 100 scope host ",
                        "10.56.1.0/24 via 10.0.1.254 dev eth0 table default ",
                        "unreachable default metric 4278198272 ",
                        "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.1 ",
                        "10.0.2.0/24 dev eth2 proto kernel scope link src 10.0.2.1 ",
                        "10.51.0.0/16 via 10.0.1.254 dev eth0 src 10.0.1.2 mtu 1400 ",
                        "10.52.0.0/16 via 10.0.1.254 dev eth0 proto bgp mtu lock 1300 ",
                        "10.53.0.0/16 ",
                        "\tnexthop via 10.0.1.254 dev eth0 weight 1 ",
                        "\tnexthop via 10.0.2.254 dev eth2 weight 3 ",
                        "10.54.0.0/16 ",
                        "\tnexthop via 10.0.1.254 dev eth0 weight 1 ",
                        "\tnexthop dev eth2 weight 2 ",
                        "10.56.0.0/16 dev eth2 scope link src 10.0.1.1 ",
                        "10.57.0.0/16 via 10.0.1.253 dev eth0 metric 100 ",
                        "10.57.0.0/16 via 10.0.1.254 dev eth0 metric 100 ",
                        "10.57.0.0/16 via 10.0.2.254 dev eth2 metric 100 ",
                        "10.58.0.0/16 via 10.0.1.254 dev eth0 ",
                        "local 10.0.1.1 dev eth0 table local proto kernel scope host src 10.0.1.1 ",
                        "local 10.0.1.2 dev eth0 table local proto kernel scope host src 10.0.1.1 ",
                        "broadcast 10.0.1.255 dev eth0 table local proto kernel scope link src 10.0.1.1 ",
                        "local 10.0.2.1 dev eth2 table local proto kernel scope host src 10.0.2.1 ",
                        "broadcast 10.0.2.255 dev eth2 table local proto kernel scope link src 10.0.2.1 ",
                        "local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 ",
                        "local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 ",
                        "broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1 ");
        assertThat(via.lines()).containsExactly("10.57.0.0/16 dev eth2 metric 100 ");
        assertThat(scope.lines())
                .containsExactly(
                        "10.0.1.0/24 dev eth0 proto kernel src 10.0.1.1 ",
                        "10.0.2.0/24 dev eth2 proto kernel src 10.0.2.1 ",
                        "10.56.0.0/16 dev eth2 src 10.0.1.1 ");
        assertThat(bgp.lines()).containsExactly("10.52.0.0/16 via 10.0.1.254 dev eth0 mtu lock 1300 ");
        assertThat(match.lines())
                .containsExactly(
                        "unreachable default metric 4278198272 ",
                        "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.1 ");
        assertThat(none.lines()).containsExactly("Error: ipv4: FIB table does not exist.", "Dump terminated");
    }

    @Test
    void routesThatCannotBeAreRefusedInTheKernelsWords() {
        String[][] wrong = {
            {"10.60.0.0/16 via 10.77.0.1", "Error: Nexthop has invalid gateway."},
            {"10.60.0.0/16", "RTNETLINK answers: No such device"},
            {"10.61.0.1/16 via 10.0.1.254", "Error: Invalid prefix for given prefix length."},
            {"10.63.0.0/16 dev eth9", "Cannot find device \"eth9\""},
            {"10.64.0.0/16 via 10.0.1.254 src 10.0.9.9", "Error: Invalid prefsrc address."},
            {"10.65.0.0/16 via 10.0.1.254 table foo", "Error: argument \"foo\" is wrong: \"table\" value is invalid"},
            {"10.66.0.0/16 via 10.0.1.254 metric x", "Error: argument \"x\" is wrong: \"metric\" value is invalid"},
            {"10.69.0.0/16 nexthop dev eth0 weight 0", "Error: argument \"0\" is wrong: \"weight\" is invalid"},
            {"10.69.0.0/16 nexthop weight 2", "RTNETLINK answers: No such device"},
            {"10.0.1.0/24 dev eth0", "RTNETLINK answers: File exists"},
        };
        List<Task> tasks =
                Stream.of(wrong).map(each -> ip("route add " + each[0])).toList();
        lab.run(SECOND);
        for (int i = 0; i < wrong.length; i++) {
            assertThat(tasks.get(i).lines().get(0)).startsWith(wrong[i][1]);
        }
    }

    @Test
    void theTableOfTheFirstRuleThatTakesAPacketDecides() {
        ip("route add default via 10.0.1.254");
        ip("route add default via 10.0.2.254 table 100");
        ip("route add throw 10.8.0.0/16 table 100");
        rules(
                "from 10.0.2.1 lookup 100",
                "fwmark 7 lookup 100",
                "to 10.66.0.0/16 prohibit",
                "to 10.67.0.0/16 unreachable");
        Task plain = ip("route get 10.9.9.9");
        Task from = ip("route get 10.9.9.9 from 10.0.2.1");
        Task marked = ip("route get 10.9.9.9 mark 7");
        Task thrown = ip("route get 10.8.0.1 mark 7");
        Task prohibited = ip("route get 10.66.0.1");
        Task unreachable = ip("route get 10.67.0.1");
        Task itself = ip("route get 10.0.1.2");
        lab.run(SECOND);
        assertThat(plain.lines().get(0)).isEqualTo("10.9.9.9 via 10.0.1.254 dev eth0 src 10.0.1.1 uid 0 ");
        assertThat(from.lines().get(0)).isEqualTo("10.9.9.9 from 10.0.2.1 via 10.0.2.254 dev eth2 table 100 uid 0 ");
        assertThat(marked.lines().get(0))
                .isEqualTo("10.9.9.9 via 10.0.2.254 dev eth2 table 100 src 10.0.2.1 mark 0x7 uid 0 ");
        assertThat(thrown.lines().get(0)).isEqualTo("10.8.0.1 via 10.0.1.254 dev eth0 src 10.0.1.1 mark 0x7 uid 0 ");
        assertThat(prohibited.lines()).containsExactly("RTNETLINK answers: Permission denied");
        assertThat(unreachable.lines()).containsExactly("RTNETLINK answers: Network is unreachable");
        assertThat(itself.lines())
                .containsExactly("local 10.0.1.2 dev lo table local src 10.0.1.1 uid 0 ", "    cache <local> ");
    }

    @Test
    void aPacketThatComesInIsRoutedByWhereItComesFrom() {
        ip("route add default via 10.0.1.254");
        Task closed = ip("route get 10.58.0.1 from 10.0.1.77 iif eth0");
        lab.exec(at++, host, "sysctl -w net.ipv4.ip_forward=1");
        Task back = ip("route get 10.58.0.1 from 10.0.1.77 iif eth0");
        Task through = ip("route get 10.58.0.1 from 10.0.2.77 iif eth2");
        Task martian = ip("route get 10.58.0.1 from 10.0.1.1 iif eth2");
        Task here = ip("route get 10.0.1.1 from 10.0.1.77 iif eth0");
        lab.run(SECOND);
        assertThat(closed.lines()).containsExactly("RTNETLINK answers: No route to host");
        assertThat(back.lines())
                .containsExactly("10.58.0.1 from 10.0.1.77 via 10.0.1.254 dev eth0 ", "    cache <redirect> iif eth0 ");
        assertThat(through.lines())
                .containsExactly("10.58.0.1 from 10.0.2.77 via 10.0.1.254 dev eth0 ", "    cache iif eth2 ");
        assertThat(martian.lines()).containsExactly("RTNETLINK answers: Invalid argument");
        assertThat(here.lines())
                .containsExactly("local 10.0.1.1 from 10.0.1.77 dev lo ", "    cache <local> iif eth0 ");
    }

    @Test
    void nextHopsGetFlowsByTheirWeightAndAFlowKeepsItsOwn() {
        ip("route add 10.53.0.0/16 nexthop via 10.0.1.254 weight 1 nexthop via 10.0.2.254 weight 3");
        int[] taken = new int[2];
        List<Task> tasks = Stream.iterate(0, i -> i + 1)
                .limit(400)
                .map(i -> ip("route get 10.53." + i / 200 + "." + (i % 200 + 1)))
                .toList();
        Task again = ip("route get 10.53.0.1");
        lab.run(SECOND);
        tasks.forEach(task -> taken[task.lines().get(0).contains("dev eth0") ? 0 : 1]++);
        // A quarter of 400, give or take four standard deviations.
        assertThat(taken[0]).isBetween(65, 135);
        assertThat(again.lines()).isEqualTo(tasks.get(0).lines());
    }

    @Test
    void aSocketAtAnAddressTakesTheNextHopThatHasIt() {
        ip("route add 10.53.0.0/16 nexthop via 10.0.1.254 nexthop via 10.0.2.254");
        for (int i = 1; i < 20; i++) {
            Task one = ip("route get 10.53.0." + i + " from 10.0.1.1");
            Task two = ip("route get 10.53.0." + i + " from 10.0.2.1");
            checks.add(() -> {
                assertThat(one.lines().get(0)).contains("dev eth0");
                assertThat(two.lines().get(0)).contains("dev eth2");
            });
        }
        lab.run(SECOND);
        checks.forEach(Runnable::run);
    }
}
