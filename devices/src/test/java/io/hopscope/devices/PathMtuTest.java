package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real chain of Linux 6.18 hosts with a narrow link in the middle printed. */
class PathMtuTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();
    private final Host near = lab.host("h1", "10.0.1.1/24", "default via 10.0.1.254");
    private final Host far = lab.host("h2", "10.0.2.1/24", "default via 10.0.2.254");

    /** h1 - r1 - r2 - h2, and between the routers packets of at most so many bytes. */
    private void narrow(int mtu) {
        Host r1 = router("r1", "10.0.1.254/24", "10.0.12.1/24");
        Host r2 = router("r2", "10.0.12.2/24", "10.0.2.254/24");
        lab.route(r1, "10.0.2.0/24 via 10.0.12.2");
        lab.route(r2, "10.0.1.0/24 via 10.0.12.1");
        r1.stack().find("eth1").mtu(mtu);
        r2.stack().find("eth0").mtu(mtu);
        lab.cable(near.port("eth0"), r1.port("eth0"));
        lab.cable(r1.port("eth1"), r2.port("eth0"));
        lab.cable(r2.port("eth1"), far.port("eth0"));
    }

    private Host router(String name, String left, String right) {
        int mac = 0x100 * (lab.network.nodes().size() + 1);
        Host router = new Host(lab.network.node(name), "");
        router.addInterface("eth0", 0x0200_0000_0000L + mac).address(InterfaceAddress.parse(left));
        router.addInterface("eth1", 0x0200_0000_0001L + mac).address(InterfaceAddress.parse(right));
        router.stack().forwarding(true);
        return router;
    }

    private List<String> lines(Task task) {
        return task.lines().stream()
                .filter(line -> !line.startsWith("rtt"))
                .map(line -> line.replaceFirst("time=.*", "time"))
                .toList();
    }

    @Test
    void oneFragmentationNeededIsEnoughForTheNextPingToFit() {
        narrow(1400);
        Task ping = lab.exec(0, near, "ping -c 3 -i 0.3 -s 1472 10.0.2.1");
        Task route = lab.exec(SECOND, near, "ip route get 10.0.2.1");
        Task cache = lab.exec(SECOND, near, "ip route show cache");
        lab.run(2 * SECOND);
        assertThat(lines(ping))
                .containsExactly(
                        "PING 10.0.2.1 (10.0.2.1) 1472(1500) bytes of data.",
                        "From 10.0.1.254 icmp_seq=1 Frag needed and DF set (mtu = 1400)",
                        "1480 bytes from 10.0.2.1: icmp_seq=2 ttl=62 time",
                        "1480 bytes from 10.0.2.1: icmp_seq=3 ttl=62 time",
                        "",
                        "--- 10.0.2.1 ping statistics ---",
                        "3 packets transmitted, 2 received, +1 errors, 33.3333% packet loss, time 600ms");
        assertThat(route.lines())
                .containsExactly(
                        "10.0.2.1 via 10.0.1.254 dev eth0 src 10.0.1.1 uid 0 ", "    cache expires 599sec mtu 1400 ");
        assertThat(cache.lines())
                .containsExactly("10.0.2.1 via 10.0.1.254 dev eth0 ", "    cache expires 599sec mtu 1400 ");
    }

    /** net.ipv4.route.min_pmtu is 552: of a path that takes less, only that routers may split (ip_dont_fragment). */
    @Test
    void tcpLetsRoutersSplitWhereThePathTakesLessThanItMayBelieve() {
        narrow(500);
        lab.exec(0, far, "iperf -s");
        Task send = lab.exec(1, near, "iperf -c 10.0.2.1 -n 20K");
        lab.run(10 * SECOND);
        assertThat(send.exit()).isZero();
        assertThat(lab.at("r1:eth0").stream().filter(line -> line.contains("ICMP")))
                .hasSizeLessThan(20);
        assertThat(lab.seen)
                .filteredOn(line -> line.startsWith("r1:eth0 in") && line.contains("DF is set"))
                .hasSizeLessThan(20);
    }

    @Test
    void withoutDiscoveryNobodyIsForbiddenToSplit() {
        narrow(1000);
        lab.exec(0, near, "sysctl -w net.ipv4.ip_no_pmtu_disc=1");
        lab.exec(0, far, "iperf -s");
        Task send = lab.exec(1, near, "iperf -c 10.0.2.1 -n 20K");
        lab.run(10 * SECOND);
        assertThat(send.exit()).isZero();
        assertThat(lab.at("h1:eth0")).noneMatch(line -> line.contains("ICMP"));
    }

    /** tcp_v4_err looks for the connection first, and whether it has sent that. */
    @Test
    void aStrangerDoesNotChangeThePathOfTcp() {
        narrow(1400);
        far.node().at(SECOND, now -> {
            byte[] quoted = new byte[28];
            new Ipv4()
                    .wrap(quoted, 0)
                    .start(1500)
                    .protocol(Ipv4.TCP)
                    .source(Lab.ip("10.0.1.1"))
                    .destination(Lab.ip("10.0.2.1"))
                    .seal();
            Frame frame = far.stack().node().originate(Ethernet.LENGTH + 56);
            int at = frame.start() + Ethernet.LENGTH;
            new Ipv4()
                    .wrap(frame, at)
                    .start(56)
                    .protocol(Ipv4.ICMP)
                    .source(Lab.ip("10.0.2.1"))
                    .destination(Lab.ip("10.0.1.1"))
                    .seal();
            System.arraycopy(quoted, 0, frame.bytes(), at + 28, 28);
            new Icmp()
                    .wrap(frame, at + 20)
                    .start(Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED)
                    .gateway(600)
                    .seal(36);
            far.stack().transmit(frame, now);
        });
        Task cache = lab.exec(2 * SECOND, near, "ip route show cache");
        lab.run(3 * SECOND);
        assertThat(lab.at("h1:eth0")).anyMatch(line -> line.contains("ICMP"));
        assertThat(cache.lines()).isEmpty();
    }

    /** IPV4_MIN_MTU: pieces of less than eight bytes there cannot be. */
    @Test
    void aRouteWithAnMtuThatIsTooSmallForAnythingTakesSixtyEightBytes() {
        narrow(1400);
        lab.route(near, "10.0.2.0/24 via 10.0.1.254 mtu 20");
        Task ping = lab.exec(0, near, "ping -c 1 -s 100 10.0.2.1");
        lab.run(2 * SECOND);
        assertThat(ping.exit()).isZero();
        assertThat(lab.at("h1:eth0").stream()
                        .filter(line -> line.startsWith("out") && line.contains("10.0.1.1 > 10.0.2.1")))
                .hasSize(3);
    }

    @Test
    void whoMayNotFragmentIsToldByItsOwnHostFromThenOn() {
        narrow(1400);
        Task ping = lab.exec(0, near, "ping -c 3 -i 0.3 -s 1472 -M do 10.0.2.1");
        lab.run(2 * SECOND);
        assertThat(lines(ping).subList(1, 4))
                .containsExactly(
                        "From 10.0.1.254 icmp_seq=1 Frag needed and DF set (mtu = 1400)",
                        "ping: local error: message too long, mtu=1400",
                        "ping: local error: message too long, mtu=1400");
        assertThat(ping.exit()).isEqualTo(1);
        assertThat(lab.at("h1:eth0").stream().filter(line -> line.contains("request")))
                .hasSize(1);
    }

    @Test
    void whatIsKnownOfAPathExpiresAfterTenMinutesAndCanBeFlushed() {
        narrow(1400);
        lab.exec(0, near, "ping -c 1 -s 1472 10.0.2.1");
        Task late = lab.exec(599 * SECOND, near, "ip route get 10.0.2.1");
        Task after = lab.exec(601 * SECOND, near, "ip route get 10.0.2.1");
        lab.exec(602 * SECOND, near, "ping -c 1 -s 1472 10.0.2.1");
        lab.exec(603 * SECOND, near, "ip route flush cache");
        Task flushed = lab.exec(603 * SECOND, near, "ip route get 10.0.2.1");
        lab.run(604 * SECOND);
        assertThat(late.lines()).contains("    cache expires 1sec mtu 1400 ");
        assertThat(after.lines()).contains("    cache ");
        assertThat(flushed.lines()).contains("    cache ");
    }

    @Test
    void anExceptionGoesWithTheRouteItIsOf() {
        narrow(1400);
        lab.exec(0, near, "ping -c 1 -s 1472 10.0.2.1");
        lab.exec(SECOND, near, "ip route replace 10.0.2.0/24 via 10.0.1.254");
        Task after = lab.exec(SECOND, near, "ip route get 10.0.2.1");
        lab.run(2 * SECOND);
        assertThat(after.lines()).contains("    cache ");
    }

    @Test
    void aPathThatTakesLessThanItShouldIsTakenForOneThatFragments() {
        narrow(300);
        Task ping = lab.exec(0, near, "ping -c 3 -i 0.3 -s 600 10.0.2.1");
        Task route = lab.exec(SECOND, near, "ip route get 10.0.2.1");
        Task strict = lab.exec(SECOND, near, "ping -c 1 -s 600 -M do 10.0.2.1");
        lab.run(2 * SECOND);
        assertThat(lines(ping))
                .contains("3 packets transmitted, 2 received, +1 errors, 33.3333% packet loss, time 600ms");
        assertThat(route.lines()).contains("    cache expires 599sec mtu lock 552 ");
        assertThat(strict.lines()).contains("ping: local error: message too long, mtu=552");
    }

    @Test
    void routersPassOnBigPacketsInFragmentsWhereTheyMay() {
        narrow(1400);
        Task ping = lab.exec(0, near, "ping -c 2 -i 0.3 -s 1472 -M dont 10.0.2.1");
        Task huge = lab.exec(SECOND, near, "ping -c 1 -s 65507 10.0.2.1");
        lab.run(2 * SECOND);
        assertThat(lines(ping)).contains("2 packets transmitted, 2 received, 0% packet loss, time 300ms");
        assertThat(lines(huge)).contains("65515 bytes from 10.0.2.1: icmp_seq=1 ttl=62 time");
    }

    @Test
    void theMtuOfARouteIsNeverLookedForOnceItIsLocked() {
        narrow(1400);
        lab.exec(0, near, "ip route add 10.0.2.0/24 via 10.0.1.254 mtu lock 1300");
        Task route = lab.exec(0, near, "ip route get 10.0.2.1");
        Task ping = lab.exec(0, near, "ping -c 1 -s 1000 10.0.2.1");
        lab.run(SECOND);
        assertThat(route.lines()).contains("    cache mtu lock 1300 ");
        assertThat(lines(ping)).contains("1008 bytes from 10.0.2.1: icmp_seq=1 ttl=62 time");
        assertThat(lab.seen.stream().filter(line -> line.contains("unreachable")))
                .isEmpty();
    }

    @Test
    void aHostThatIsToldNotToLookForPathsBelievesNobody() {
        narrow(1400);
        lab.exec(0, near, "sysctl -w net.ipv4.ip_no_pmtu_disc=2");
        lab.exec(1, near, "ping -c 1 -s 1472 10.0.2.1");
        Task route = lab.exec(SECOND, near, "ip route get 10.0.2.1");
        lab.run(2 * SECOND);
        assertThat(route.lines()).contains("    cache ");
    }
}
