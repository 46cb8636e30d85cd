package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.devices.programs.Ip;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ip} says and does what iproute2 5.15 says and does; what it cannot do it refuses. */
class IpTest {
    private final Lab lab = new Lab();
    private final Host host = lab.host("h", "10.0.0.1/24", "default via 10.0.0.254");

    private Task run(String command) {
        return lab.exec(0, host, command);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ip link set eth0 down                 | 255 | Command "set" is unknown, try "ip link help".
        ip addr add 10.0.0.2/24 dev eth0      | 255 | Command "add" is unknown, try "ip address help".
        ip addr show eth1                     | 1   | Device "eth1" does not exist. (did you mean eth0?)
        ip foo                                | 1   | Object "foo" is unknown, try "ip help".
        ip -d link                            | 255 | Option "-d" is unknown, try "ip -help".
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
