package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.devices.programs.Ip;
import io.hopscope.encap.InterfaceAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ip} says and does what iproute2 5.15 says and does; what it cannot do it refuses. */
class IpTest {
    private final Lab lab = new Lab();
    private final Host host = lab.host("h", "10.0.0.1/24", "default via 10.0.0.254");

    IpTest() {
        lab.plug(host.port("eth0"));
    }

    private Task run(String command) {
        return lab.exec(0, host, command);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ip link add eth0 type veth             | 255 | Command "add" is unknown, try "ip link help".
        ip addr change 10.0.0.2/24 dev eth0   | 255 | Command "change" is unknown, try "ip address help".
        ip addr add 10.0.0.1/24 dev eth0      | 2   | RTNETLINK answers: File exists
        ip addr add 10.0.0.2/24               | 1   | Not enough information: "dev" argument is required.
        ip addr add 10.0.0/24 dev eth0        | 1   | Error: any valid prefix is expected rather than "10.0.0/24".
        ip addr del 10.0.0.1/16 dev eth0      | 2   | RTNETLINK answers: Cannot assign requested address
        ip addr del 10.0.0.1/24 dev eth1      | 1   | Cannot find device "eth1" (did you mean eth0?)
        ip addr flush                         | 1   | Flush requires arguments.
        ip addr show eth1                     | 1   | Device "eth1" does not exist. (did you mean eth0?)
        ip foo                                | 1   | Object "foo" is unknown, try "ip help".
        ip -Z link                            | 255 | Option "-Z" is unknown, try "ip -help".
        ip neigh flush                        | 1   | Flush requires arguments.
        ip route flush                        | 255 | "ip route flush" requires arguments.
        ip route add default via 10.0.0.254   | 2   | RTNETLINK answers: File exists
        ip route add 1.2.3.0/24 via 77.1.1.1  | 2   | Error: Nexthop has invalid gateway.
        ip route add 1.2.3.0/24 via 10.0.1    | 1   | Error: any valid address is expected rather than "10.0.1".
        ip route add 1.2.3.0/24               | 2   | RTNETLINK answers: No such device
        ip route add 1.2.3.0/24 dev eth1      | 1   | Cannot find device "eth1" (did you mean eth0?)
        ip route add 1.2.3.0/24 via           | 255 | Command line is not complete. Try option "help"
        ip route del 1.2.3.0/24               | 2   | RTNETLINK answers: No such process
        ip route del 10.0.0.1                 | 2   | RTNETLINK answers: No such process
        """)
    void refusesInTheWordsAndWithTheExitCodeOfTheRealOne(String command, int exit, String line) {
        Task task = run(command);
        lab.run();
        assertThat(task.lines()).singleElement().asString().startsWith(line);
        assertThat(task.exit()).isEqualTo(exit);
    }

    @Test
    void deletesARouteByItsPrefixAloneAndFlushesACacheThatIsNone() {
        Task flush = run("ip route flush cache");
        Task delete = run("ip route del default");
        Task left = run("ip route");
        lab.run();
        assertThat(flush.lines()).isEmpty();
        assertThat(flush.exit()).isZero();
        assertThat(delete.exit()).isZero();
        assertThat(left.lines()).containsExactly("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 ");
    }

    @Test
    void replacesARouteAndShowsTheOnesAskedFor() {
        run("ip ro rep default via 10.0.0.253");
        run("ip route add 10.9.0.0/16 via 10.0.0.254 metric 5");
        Task first = run("ip route show default");
        Task second = run("ip route show 10.9.0.0/16");
        Task local = run("ip route show table local dev eth0");
        lab.run();
        assertThat(first.lines()).containsExactly("default via 10.0.0.253 dev eth0 ");
        assertThat(second.lines()).containsExactly("10.9.0.0/16 via 10.0.0.254 dev eth0 metric 5 ");
        assertThat(local.lines()).hasSize(2).allMatch(line -> line.matches("(local|broadcast) .*"));
    }

    @Test
    void withAnAddressGoItsRoutesAndWithTheLastOneAllOfTheInterface() {
        run("ip addr add 10.0.0.7/24 dev eth0");
        run("ip addr add 10.5.0.1/16 brd + dev eth0");
        run("ip addr del 10.0.0.1/24 dev eth0");
        Task main = run("ip route");
        Task local = run("ip route show table local");
        Task last = run("ip addr del 10.0.0.7 dev eth0");
        run("ip addr del 10.5.0.1/16 dev eth0");
        Task none = run("ip route show table all");
        lab.run();
        assertThat(main.lines())
                .as("the second address of the network is its first now")
                .containsExactly(
                        "default via 10.0.0.254 dev eth0 ",
                        "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.7 ",
                        "10.5.0.0/16 dev eth0 proto kernel scope link src 10.5.0.1 ");
        assertThat(local.lines())
                .containsExactly(
                        "local 10.0.0.7 dev eth0 proto kernel scope host src 10.0.0.7 ",
                        "broadcast 10.0.0.255 dev eth0 proto kernel scope link src 10.0.0.7 ",
                        "local 10.5.0.1 dev eth0 proto kernel scope host src 10.5.0.1 ",
                        "broadcast 10.5.255.255 dev eth0 proto kernel scope link src 10.5.0.1 ",
                        "local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 ",
                        "local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 ",
                        "broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 ");
        assertThat(last.lines()).hasSize(4).first().asString().startsWith("Warning: Executing wildcard deletion");
        assertThat(none.lines()).hasSize(3).allMatch(line -> line.contains("dev lo"));
        assertThat(host.stack().fib().size()).isZero();
    }

    @Test
    void anotherInterfaceInTheSameNetworkKeepsItsRoutes() {
        host.addInterface("eth1", 0x02d0_0000_0009L).address(InterfaceAddress.parse("10.0.0.9/24"));
        lab.plug(host.port("eth1"));
        Task before = run("ip route show 10.0.0.0/24");
        Task flush = run("ip addr flush dev eth0");
        Task after = run("ip route show table all");
        lab.run();
        assertThat(before.lines()).containsExactly("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 ");
        assertThat(flush.exit()).isZero();
        assertThat(after.lines())
                .containsExactly(
                        "10.0.0.0/24 dev eth1 proto kernel scope link src 10.0.0.9 ",
                        "local 10.0.0.9 dev eth1 table local proto kernel scope host src 10.0.0.9 ",
                        "broadcast 10.0.0.255 dev eth1 table local proto kernel scope link src 10.0.0.9 ",
                        "local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 ",
                        "local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 ",
                        "broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1 ");
    }

    @Test
    void aGatewayBehindAnotherGatewayNeedsOnlink() {
        run("ip route add 10.9.0.0/16 via 10.0.0.254");
        Task behind = run("ip route add 10.10.0.0/16 via 10.9.0.1 dev eth0");
        Task onlink = run("ip route add 10.10.0.0/16 via 10.9.0.1 dev eth0 onlink");
        lab.run();
        assertThat(behind.exit()).isEqualTo(2);
        assertThat(onlink.exit()).isZero();
    }

    @Test
    void showsLinksWithTheirModeAndAddressesOfIpv4WithoutTheLinkLayer() {
        Task link = run("ip link show eth0");
        Task four = run("ip -4 addr show dev eth0");
        lab.run();
        assertThat(link.lines().get(0)).contains(" state UP mode DEFAULT group default qlen 1000");
        assertThat(four.lines()).hasSize(3).noneMatch(line -> line.contains("link/ether"));
    }

    @Test
    void isCheckedWithoutBeingRun() {
        Program ip = new Ip();
        Task task = new Task(List.of("ip", "route", "del", "default"), name -> null);
        assertThat(ip.check(host.node(), host, task)).isNull();
        assertThat(host.stack().fib().routes()).anyMatch(route -> route.prefix().length() == 0);
        Task wrong = new Task(List.of("ip", "rotue"), name -> null);
        assertThat(ip.check(host.node(), host, wrong).message()).contains("Object \"rotue\" is unknown");
        assertThat(ip.check(host.node(), host, wrong).valid()).contains("route");
        assertThat(wrong.lines()).isEmpty();
    }
}
