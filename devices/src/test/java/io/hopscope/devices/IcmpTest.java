package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.RandomStream;
import io.hopscope.core.Seed;
import io.hopscope.encap.InterfaceAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redirects, limits and what may come in: as a network of Linux 6.18 hosts behaved, or as its sources say. */
class IcmpTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();

    /** A host and two routers on one bridge; what the host looks for is behind the second. */
    private Host[] redirected() {
        Host host = lab.host("h1", "10.0.0.1/24", "default via 10.0.0.254");
        Host first = lab.host("r1", "10.0.0.254/24", "10.9.0.0/16 via 10.0.0.253");
        Host second = lab.host("r2", "10.0.0.253/24");
        first.stack().forwarding(true);
        second.stack().forwarding(true);
        second.addLoopback().address(InterfaceAddress.parse("10.9.0.1/32"));
        LinuxBridge bridge = new LinuxBridge(lab.network.node("sw"), "");
        for (Host each : List.of(host, first, second)) {
            lab.cable(each.port("eth0"), bridge.attach(each.node().name()));
        }
        return new Host[] {host, first, second};
    }

    @Test
    void theSecondRedirectIsHeededWhenTheBetterRouterHasAnswered() {
        Host[] all = redirected();
        Task ping = lab.exec(0, all[0], "ping -c 3 -i 0.3 10.9.0.1");
        Task route = lab.exec(SECOND, all[0], "ip route get 10.9.0.1");
        lab.run(2 * SECOND);
        assertThat(ping.lines().stream().map(line -> line.replaceFirst(" time=.*", "")))
                .contains(
                        "From 10.0.0.254: icmp_seq=1 Redirect Host(New nexthop: 10.0.0.253)",
                        "64 bytes from 10.9.0.1: icmp_seq=1 ttl=64",
                        "From 10.0.0.254: icmp_seq=2 Redirect Host(New nexthop: 10.0.0.253)",
                        "64 bytes from 10.9.0.1: icmp_seq=3 ttl=64",
                        "3 packets transmitted, 3 received, 0% packet loss, time 600ms");
        assertThat(route.lines())
                .containsExactly(
                        "10.9.0.1 via 10.0.0.253 dev eth0 src 10.0.0.1 uid 0 ",
                        "    cache <redirected> expires 299sec ");
        assertThat(lab.at("r1:eth0").stream().filter(line -> line.contains("redirect")))
                .hasSize(2);
    }

    @Test
    void neitherARouterNorAHostThatIsToldNotToHeedsRedirects() {
        Host[] all = redirected();
        lab.exec(0, all[0], "sysctl -w net.ipv4.conf.all.accept_redirects=0");
        lab.exec(0, all[0], "sysctl -w net.ipv4.conf.eth0.accept_redirects=0");
        lab.exec(1, all[0], "ping -c 4 -i 0.3 10.9.0.1");
        Task route = lab.exec(2 * SECOND, all[0], "ip route get 10.9.0.1");
        lab.run(3 * SECOND);
        assertThat(route.lines().get(0)).startsWith("10.9.0.1 via 10.0.0.254");
    }

    /** __ip_do_redirect: where the link is one network's, only a default gateway may be better (secure_redirects). */
    @Test
    void onALinkThatIsNotSharedOnlyADefaultGatewayIsBelieved() {
        Host[] all = redirected();
        lab.exec(0, all[0], "sysctl -w net.ipv4.conf.all.shared_media=0");
        lab.exec(0, all[0], "sysctl -w net.ipv4.conf.eth0.shared_media=0");
        lab.exec(1, all[0], "ping -c 4 -i 0.3 10.9.0.1");
        Task secure = lab.exec(2 * SECOND, all[0], "ip route get 10.9.0.1");
        lab.exec(3 * SECOND, all[0], "sysctl -w net.ipv4.conf.all.secure_redirects=0");
        lab.exec(3 * SECOND, all[0], "sysctl -w net.ipv4.conf.eth0.secure_redirects=0");
        lab.exec(60 * SECOND, all[0], "ping -c 4 -i 0.3 10.9.0.1");
        Task trusting = lab.exec(63 * SECOND, all[0], "ip route get 10.9.0.1");
        lab.run(64 * SECOND);
        assertThat(secure.lines().get(0)).startsWith("10.9.0.1 via 10.0.0.254");
        assertThat(trusting.lines().get(0)).startsWith("10.9.0.1 via 10.0.0.253");
    }

    /** inet_forward_change: only a change of forwarding is one of accept_redirects too. */
    @Test
    void forwardingThatStaysOffLeavesRedirectsAsTheyWereSet() {
        Host host = lab.host("h", "10.0.0.1/24");
        lab.exec(0, host, "sysctl -w net.ipv4.conf.all.accept_redirects=0");
        lab.exec(1, host, "sysctl -w net.ipv4.ip_forward=0");
        Task left = lab.exec(2, host, "sysctl net.ipv4.conf.all.accept_redirects");
        lab.run(SECOND);
        assertThat(left.lines()).containsExactly("net.ipv4.conf.all.accept_redirects = 0");
    }

    @Test
    void aRouterThatIsToldNotToSendsNone() {
        Host[] all = redirected();
        lab.exec(0, all[1], "sysctl -w net.ipv4.conf.all.send_redirects=0");
        lab.exec(0, all[1], "sysctl -w net.ipv4.conf.eth0.send_redirects=0");
        lab.exec(1, all[0], "ping -c 2 -i 0.3 10.9.0.1");
        lab.run(SECOND);
        assertThat(lab.seen).noneMatch(line -> line.contains("redirect"));
    }

    @Test
    void redirectsComeEverLaterAndThenNoMoreUntilThereIsSilence() {
        ErrorLimit limit = new ErrorLimit(new Seed(1).stream("icmp"));
        long now = 100 * SECOND;
        int sent = 0;
        for (int i = 0; i < 3000; i++) {
            sent += limit.allowsRedirect(1, now + i * 10 * Lab.MILLI) ? 1 : 0;
        }
        assertThat(sent).isEqualTo(9);
        assertThat(limit.allowsRedirect(1, now + 60 * SECOND)).isTrue();
    }

    @Test
    void allAddressesTogetherGetFiftyMessagesAtOnceAndAThousandASecond() {
        RandomStream random = new Seed(3).stream("icmp");
        ErrorLimit limit = new ErrorLimit(random);
        int sent = 0;
        for (int i = 0; i < 1000; i++) {
            sent += limit.allowsAny(1000, 50, SECOND) && limit.allows(i, SECOND, SECOND) ? 1 : 0;
        }
        // Each takes none, one or two of fifty.
        assertThat(sent).isBetween(40, 65);
        assertThat(limit.allowsAny(1000, 50, SECOND + 10 * Lab.MILLI)).isFalse();
        assertThat(limit.allowsAny(1000, 50, SECOND + 20 * Lab.MILLI)).isTrue();
    }

    @Test
    void whatCannotComeFromThereIsAMartian() {
        Host a = lab.host("a", "10.0.0.1/24");
        Host b = lab.host("b", "10.0.0.2/24");
        lab.cable(a.port("eth0"), b.port("eth0"));
        a.addLoopback().address(InterfaceAddress.parse("10.0.0.2/32"));
        lab.exec(0, a, "ping -c 1 -W 1 -I 10.0.0.2 -m 1 10.0.0.3");
        lab.exec(0, a, "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:02 dev eth0");
        lab.exec(1, a, "ping -c 1 -W 1 -I 10.0.0.2 10.0.0.9");
        lab.run(2 * SECOND);
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("b:eth0 in 10.0.0.2 > 10.0.0.9")
                        && line.endsWith("drop: an address that cannot come in here (martian)"));
    }

    @Test
    void reversePathFilteringDropsWhatShouldHaveComeInElsewhere() {
        Host a = lab.host("a", "10.0.0.1/24");
        Host b = new Host(lab.network.node("b"), "");
        b.addInterface("eth0", 0x0200_0000_0202L).address(InterfaceAddress.parse("10.0.0.2/24"));
        b.addInterface("eth1", 0x0200_0000_0203L).address(InterfaceAddress.parse("10.1.0.2/24"));
        lab.cable(a.port("eth0"), b.port("eth0"));
        a.addLoopback().address(InterfaceAddress.parse("10.1.0.9/32"));
        Task loose = lab.exec(0, b, "sysctl net.ipv4.conf.all.rp_filter");
        lab.exec(1, a, "ping -c 1 -W 1 -I 10.1.0.9 10.0.0.2");
        lab.exec(2 * SECOND, b, "sysctl -w net.ipv4.conf.eth0.rp_filter=1");
        lab.exec(3 * SECOND, a, "ping -c 1 -W 1 -I 10.1.0.9 10.0.0.2");
        lab.exec(4 * SECOND, b, "sysctl -w net.ipv4.conf.eth0.rp_filter=2");
        lab.exec(5 * SECOND, a, "ping -c 1 -W 1 -I 10.1.0.9 10.0.0.2");
        lab.run(7 * SECOND);
        assertThat(loose.lines()).containsExactly("net.ipv4.conf.all.rp_filter = 0");
        assertThat(lab.seen.stream().filter(line -> line.startsWith("b:eth0 in 10.1.0.9 > 10.0.0.2")))
                .hasSize(3)
                .filteredOn(line -> line.endsWith("drop: rp_filter: the way back leads elsewhere"))
                .hasSize(1);
    }

    @Test
    void arpIsAnsweredAsItsSettingsSay() {
        Host a = lab.host("a", "10.0.0.1/24");
        Host b = lab.host("b", "10.0.0.2/24");
        lab.cable(a.port("eth0"), b.port("eth0"));
        b.addLoopback().address(InterfaceAddress.parse("10.0.0.77/32"));
        Task any = lab.exec(0, a, "ping -c 1 -W 1 10.0.0.77");
        lab.exec(2 * SECOND, a, "ip neigh flush all");
        lab.exec(2 * SECOND, b, "sysctl -w net.ipv4.conf.all.arp_ignore=1");
        Task own = lab.exec(3 * SECOND, a, "ping -c 1 -W 1 10.0.0.77");
        Task still = lab.exec(8 * SECOND, a, "ping -c 1 -W 1 10.0.0.2");
        lab.run(12 * SECOND);
        assertThat(any.exit()).isZero();
        assertThat(own.exit()).isEqualTo(1);
        assertThat(still.exit()).isZero();
    }

    @Test
    void packetsToTheHostItselfCrossItsLoopbackOnceAndTakeTime() {
        Host a = lab.host("a", "10.0.0.1/24");
        Host b = lab.host("b", "10.0.0.2/24");
        lab.cable(a.port("eth0"), b.port("eth0"));
        a.addLoopback();
        Task own = lab.exec(0, a, "ping -c 1 10.0.0.1");
        Task loopback = lab.exec(SECOND, a, "ping -c 1 -s 65507 127.0.0.1");
        Task hidden = lab.exec(2 * SECOND, b, "ping -c 1 127.0.0.9");
        lab.run(3 * SECOND);
        assertThat(own.exit()).isZero();
        assertThat(loopback.exit()).isZero();
        assertThat(hidden.lines().get(1)).startsWith("64 bytes from 127.0.0.9: icmp_seq=1 ttl=64");
        assertThat(lab.at("a:lo")).hasSize(4).allMatch(line -> line.startsWith("in "));
        assertThat(lab.seen).noneMatch(line -> line.startsWith("b:lo"));
    }

    @Test
    void settingsAreReadAndWrittenInTheWordsOfSysctl() {
        Host a = lab.host("a", "10.0.0.1/24");
        lab.cable(a.port("eth0"), lab.host("b", "10.0.0.2/24").port("eth0"));
        Task forward = lab.exec(0, a, "sysctl -w net.ipv4.ip_forward=1");
        Task both = lab.exec(1, a, "sysctl net.ipv4.conf.all.accept_redirects net.ipv4.conf.eth0.forwarding");
        Task bare = lab.exec(1, a, "sysctl -n net/ipv4/ip_forward");
        Task unknown = lab.exec(1, a, "sysctl net.ipv4.foo");
        Task wrong = lab.exec(1, a, "sysctl -w net.ipv4.ip_forward=x");
        Task low = lab.exec(1, a, "sysctl -w net.ipv4.route.min_pmtu=10");
        Task some = lab.exec(2, a, "sysctl -ar ipfrag");
        lab.run(SECOND);
        assertThat(forward.lines()).containsExactly("net.ipv4.ip_forward = 1");
        assertThat(both.lines())
                .containsExactly("net.ipv4.conf.all.accept_redirects = 0", "net.ipv4.conf.eth0.forwarding = 1");
        assertThat(bare.lines()).containsExactly("1");
        assertThat(unknown.lines())
                .containsExactly("sysctl: cannot stat /proc/sys/net/ipv4/foo: No such file or directory");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(wrong.lines()).containsExactly("sysctl: setting key \"net.ipv4.ip_forward\": Invalid argument");
        assertThat(low.lines()).containsExactly("sysctl: setting key \"net.ipv4.route.min_pmtu\": Invalid argument");
        assertThat(some.lines())
                .containsExactly(
                        "net.ipv4.ipfrag_high_thresh = 4194304",
                        "net.ipv4.ipfrag_low_thresh = 3145728",
                        "net.ipv4.ipfrag_max_dist = 64",
                        "net.ipv4.ipfrag_time = 30");
    }
}
