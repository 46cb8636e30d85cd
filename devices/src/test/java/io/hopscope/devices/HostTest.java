package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Engine;
import io.hopscope.core.Node;
import io.hopscope.core.RandomStream;
import io.hopscope.core.Seed;
import io.hopscope.core.Totals;
import io.hopscope.devices.programs.RouteWords;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.vrrp.VrrpSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostTest {
    private final Lab lab = new Lab();

    /** h1 - router - h2. */
    private Host[] routed() {
        Host h1 = lab.host("h1", "10.0.1.1/24", "default via 10.0.1.254");
        Host h2 = lab.host("h2", "10.0.2.1/24", "default via 10.0.2.254");
        Host router = new Host(lab.network.node("r"), "");
        router.addInterface("eth0", 0x0200_0000_0101L).address(InterfaceAddress.parse("10.0.1.254/24"));
        router.addInterface("eth1", 0x0200_0000_0102L).address(InterfaceAddress.parse("10.0.2.254/24"));
        router.stack().forwarding(true);
        lab.cable(h1.port("eth0"), router.port("eth0"));
        lab.cable(router.port("eth1"), h2.port("eth0"));
        return new Host[] {h1, router, h2};
    }

    @Test
    void asksByArpBeforeTheFirstPacketAndAnswersEcho() {
        Host h1 = lab.host("h1", "10.0.0.1/24");
        Host h2 = lab.host("h2", "10.0.0.2/24");
        lab.cable(h1.port("eth0"), h2.port("eth0"));
        Task ping = lab.exec(0, h1, "ping -c 2 -i 0.3 10.0.0.2");
        Totals totals = lab.run(1000 * Lab.MILLI);
        assertThat(lab.at("h1:eth0"))
                .containsExactly(
                        "out ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
                        "in ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28",
                        "out 10.0.0.1 > 10.0.0.2: ICMP echo request, id " + id(0) + ", seq 1, length 64",
                        "in 10.0.0.2 > 10.0.0.1: ICMP echo reply, id " + id(0) + ", seq 1, length 64",
                        "out 10.0.0.1 > 10.0.0.2: ICMP echo request, id " + id(0) + ", seq 2, length 64",
                        "in 10.0.0.2 > 10.0.0.1: ICMP echo reply, id " + id(0) + ", seq 2, length 64");
        assertThat(ping.lines())
                .containsExactly(
                        "PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.",
                        "64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.004 ms",
                        "64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.002 ms",
                        "",
                        "--- 10.0.0.2 ping statistics ---",
                        "2 packets transmitted, 2 received, 0% packet loss, time 300ms",
                        "rtt min/avg/max/mdev = 0.002/0.003/0.004/0.001 ms");
        assertThat(ping.exit()).isZero();
        assertThat(totals.dropped()).isZero();
    }

    private String id(int n) {
        String line = lab.seen.stream()
                .filter(each -> each.contains("echo request, id "))
                .findFirst()
                .orElseThrow();
        return line.replaceAll(".*id (\\d+),.*", "$1");
    }

    @Test
    void aPacketThatArpFoundNobodyForIsSeenWhereItWouldHaveGoneOut() {
        Host h1 = lab.host("h1", "10.0.0.1/24");
        Host h2 = lab.host("h2", "10.0.0.2/24");
        lab.cable(h1.port("eth0"), h2.port("eth0"));
        lab.exec(0, h1, "ping -c 1 10.0.0.9");
        lab.run();
        assertThat(lab.seen)
                .filteredOn(line -> line.contains("drop: "))
                .containsExactly("h1:eth0 out 10.0.0.1 > 10.0.0.9: ICMP echo request, id " + id(0)
                        + ", seq 1, length 64 | drop: no answer to ARP for the next hop (route 10.0.0.0/24 dev eth0"
                        + " proto kernel scope link src 10.0.0.1)");
    }

    @Test
    void forwardsWithOneHopLessAndBothMacsChanged() {
        Host[] hosts = routed();
        Task ping = lab.exec(0, hosts[0], "ping -c 1 10.0.2.1");
        lab.run();
        assertThat(ping.lines().get(1)).contains("ttl=63");
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("r:eth0 in")
                        && line.contains("echo request")
                        && line.contains("waits for ARP of 10.0.2.1"));
    }

    @Test
    void explainsARoutedPacketByRouteNeighbourAndTtl() {
        Host[] hosts = routed();
        lab.exec(0, hosts[0], "ping -c 2 10.0.2.1");
        lab.run();
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("r:eth0 in")
                        && line.endsWith("route 10.0.2.0/24 dev eth1 proto kernel scope link src 10.0.2.254;"
                                + " neighbour 10.0.2.1 lladdr 02:00:00:00:00:02 REACHABLE; TTL 64 -> 63"));
    }

    @Test
    void answersTimeExceededWhenTtlRunsOut() {
        Host[] hosts = routed();
        Task ping = lab.exec(0, hosts[0], "ping -c 1 -t 1 10.0.2.1");
        Totals totals = lab.run();
        assertThat(ping.lines()).contains("From 10.0.1.254 icmp_seq=1 Time to live exceeded");
        assertThat(ping.lines()).contains("1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms");
        assertThat(ping.exit()).isEqualTo(1);
        assertThat(totals.drops()).singleElement().satisfies(drop -> {
            assertThat(drop.reason()).isEqualTo(IpStack.Drop.TTL_EXPIRED);
            assertThat(drop.port().toString()).isEqualTo("r:eth0");
        });
    }

    @Test
    void saysHostUnreachableAfterThreeRequestsWithoutAnswer() {
        Host[] hosts = routed();
        Task ping = lab.exec(0, hosts[0], "ping -c 1 10.0.2.9");
        Totals totals = lab.run();
        assertThat(ping.lines()).contains("From 10.0.1.254 icmp_seq=1 Destination Host Unreachable");
        assertThat(lab.at("r:eth1")).hasSize(3).allMatch(line -> line.contains("who-has 10.0.2.9 tell 10.0.2.254"));
        assertThat(totals.drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(IpStack.Drop.NEIGHBOUR_FAILED));
    }

    @Test
    void tellsTheSenderOfAPacketTooBigAndTheSenderRemembers() {
        Host[] hosts = routed();
        hosts[1].stack().find("eth1").mtu(1400);
        Task ping = lab.exec(0, hosts[0], "ping -c 2 -M do -s 1400 10.0.2.1");
        lab.run();
        assertThat(ping.lines()).contains("From 10.0.1.254 icmp_seq=1 Frag needed and DF set (mtu = 1400)");
        assertThat(ping.lines()).contains("ping: local error: message too long, mtu=1400");
    }

    @Test
    void splitsAndReassemblesWhatIsLargerThanTheMtu() {
        Host[] hosts = routed();
        Task ping = lab.exec(0, hosts[0], "ping -c 1 -s 4000 10.0.2.1");
        Totals totals = lab.run();
        assertThat(ping.lines().get(1)).startsWith("4008 bytes from 10.0.2.1: icmp_seq=1 ttl=63");
        assertThat(lab.at("h2:eth0").stream().filter(line -> line.startsWith("in 10.0.1.1")))
                .hasSize(3);
        assertThat(totals.dropped()).isZero();
    }

    @Test
    void probesAStaleNeighbourThatIsUsedAfterFiveSeconds() {
        Host h1 = lab.host("h1", "10.0.0.1/24");
        Host h2 = lab.host("h2", "10.0.0.2/24");
        lab.cable(h1.port("eth0"), h2.port("eth0"));
        lab.exec(0, h1, "ping -c 1 10.0.0.2");
        lab.run();
        // h2 knew h1 from its request only: stale, used by the reply, confirmed by nobody.
        assertThat(lab.at("h2:eth0"))
                .contains("out ARP, Request who-has 10.0.0.1 tell 10.0.0.2, length 28")
                .contains("in ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 28");
    }

    @Test
    void tracesARoute() {
        Host[] hosts = routed();
        Task trace = lab.exec(0, hosts[0], "traceroute -n 10.0.2.1");
        lab.run();
        assertThat(trace.lines()).hasSize(3);
        assertThat(trace.lines().get(0)).isEqualTo("traceroute to 10.0.2.1 (10.0.2.1), 30 hops max, 60 byte packets");
        assertThat(trace.lines().get(1)).startsWith(" 1  10.0.1.254  0.");
        assertThat(trace.lines().get(2)).startsWith(" 2  10.0.2.1  0.");
    }

    /** As h3 of the real spine-leaf capture 02: sixteen probes go out, and of those that arrive six are answered. */
    @Test
    void sendsSixIcmpErrorsAtOnceAndThenOneASecond() {
        Host[] hosts = routed();
        lab.exec(0, hosts[0], "traceroute -n -q 1 10.0.2.1");
        lab.run();
        assertThat(lab.at(hosts[2] + ":eth0").stream()
                        .filter(line -> line.contains("out") && line.contains("unreachable")))
                .hasSize(6);
        assertThat(lab.at(hosts[0] + ":eth0").stream().filter(line -> line.contains("out") && line.contains("UDP")))
                .hasSize(16);
        ErrorLimit limit = new ErrorLimit(new Seed(1).stream("icmp"));
        long second = 1_000_000_000_000L;
        for (int i = 0; i < 6; i++) {
            assertThat(limit.allows(1, second, 5 * second)).isTrue();
        }
        assertThat(limit.allows(1, second, 5 * second)).isFalse();
        assertThat(limit.allows(2, second, 5 * second)).isTrue();
        assertThat(limit.allows(1, second, 6 * second)).isTrue();
        assertThat(limit.allows(1, second, 6 * second + second / 2)).isFalse();
    }

    @Test
    void answersArpForWhatItRoutesElsewhereWithProxyArp() {
        Host[] hosts = routed();
        hosts[1].stack().find("eth0").proxyArp(true);
        Host near = hosts[0];
        near.stack().route(RouteWords.parse(near.stack(), List.of("10.0.2.0/24", "dev", "eth0")));
        Task ping = lab.exec(0, near, "ping -c 1 10.0.2.1");
        lab.run();
        assertThat(ping.exit()).isZero();
        assertThat(lab.at("h1:eth0")).contains("in ARP, Reply 10.0.2.1 is-at 02:00:00:00:01:01, length 28");
    }

    @Test
    void readsItsTablesAsIproute2Does() {
        Host[] hosts = routed();
        lab.exec(0, hosts[0], "ping -c 1 10.0.2.1");
        Task routes = lab.exec(2 * Lab.MILLI, hosts[0], "ip route");
        Task neighbours = lab.exec(2 * Lab.MILLI, hosts[0], "ip neigh");
        Task addresses = lab.exec(2 * Lab.MILLI, hosts[0], "ip addr show eth0");
        Task get = lab.exec(2 * Lab.MILLI, hosts[0], "ip route get 10.0.2.1");
        Task cut = lab.exec(2 * Lab.MILLI, hosts[0], "ip rout sh");
        Task bad = lab.exec(2 * Lab.MILLI, hosts[0], "ip route add 10.9.0.0/16 vai 10.0.1.254");
        lab.run();
        assertThat(routes.lines())
                .containsExactly(
                        "default via 10.0.1.254 dev eth0 ",
                        "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.1 ");
        assertThat(neighbours.lines()).containsExactly("10.0.1.254 dev eth0 lladdr 02:00:00:00:01:01 REACHABLE ");
        assertThat(addresses.lines())
                .containsExactly(
                        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen"
                                + " 1000",
                        "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff",
                        "    inet 10.0.1.1/24 brd 10.0.1.255 scope global eth0",
                        "       valid_lft forever preferred_lft forever");
        assertThat(get.lines().get(0)).isEqualTo("10.0.2.1 via 10.0.1.254 dev eth0 src 10.0.1.1 uid 0 ");
        assertThat(cut.lines()).isEqualTo(routes.lines());
        assertThat(bad.lines()).singleElement().asString().contains("did you mean via?");
        assertThat(bad.exit()).isEqualTo(255);
    }

    @Test
    void carriesFramesThroughVxlanFiftyBytesLongerAndShowsWhy() {
        Host[] nodes = new Host[2];
        Host[] pods = new Host[2];
        for (int i = 0; i < 2; i++) {
            int n = i + 1;
            nodes[i] = lab.host("n" + n, "192.168.10.1" + n + "/24", 0x10 + n);
            Host node = nodes[i];
            node.addInterface("flannel.1", 0x0e00_0000_0000L + n)
                    .mtu(1450)
                    .address(InterfaceAddress.parse("10.244." + n + ".0/32"));
            node.addInterface("veth", 0x0200_0000_0020L + n)
                    .mtu(1450)
                    .address(InterfaceAddress.parse("10.244." + n + ".1/24"));
            node.stack().forwarding(true);
            VxlanDevice vxlan = new VxlanDevice(node.node(), "flannel.1", 1, 8472, Lab.ip("192.168.10.1" + n), true);
            vxlan.remote(0x0e00_0000_0000L + 3 - n, Lab.ip("192.168.10.1" + (3 - n)));
            lab.network.wire(vxlan.overlay(), node.port("flannel.1"));
            lab.network.wire(vxlan.underlay(), node.addUnderlay("flannel.1", vxlan));
            String peer = "10.244." + (3 - n) + ".0";
            lab.route(node, peer + "/24 via " + peer + " dev flannel.1 onlink");
            node.stack().neighbourTable().permanent(3, Lab.ip(peer), 0x0e00_0000_0000L + 3 - n);
            pods[i] = new Host(node.node(), "pod" + n);
            pods[i].addInterface("eth0", 0x0a58_0000_0000L + n)
                    .address(InterfaceAddress.parse("10.244." + n + ".3/24"));
            lab.route(pods[i], "default via 10.244." + n + ".1");
            lab.network.wire(pods[i].port("eth0"), node.port("veth"));
        }
        lab.cable(nodes[0].port("eth0"), nodes[1].port("eth0"));
        Task ping = lab.exec(0, pods[0], "ping -c 2 10.244.2.3");
        Totals totals = lab.run();
        assertThat(ping.lines().get(1)).contains("icmp_seq=1 ttl=62");
        assertThat(totals.dropped()).isZero();
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("n1:eth0 out 192.168.10.11.")
                        && line.contains("VXLAN")
                        && line.contains("| FDB 0e:00:00:00:00:02 dst 192.168.10.12; VXLAN vni 1, entropy port "));
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("n2:flannel.1 in 10.244.1.3 > 10.244.2.3")
                        && line.contains("VXLAN vni 1 from 192.168.10.11 decapsulated"));
    }

    @Test
    void theBackupOfAVirtualRouterTakesOverWhenTheMastersLinkIsCut() {
        Lab net = new Lab();
        Switch sw = new Switch(net.network.node("sw"), "", "switch");
        Host[] routers = new Host[2];
        for (int i = 0; i < 2; i++) {
            routers[i] = net.host("r" + i, "10.0.0." + (2 + i) + "/24");
            NetInterface eth0 = routers[i].stack().find("eth0");
            eth0.vrrp(
                    new VrrpSettings(7, 200 - 100 * i, VrrpSettings.INTERVAL, true, eth0.primary()),
                    new int[] {Lab.ip("10.0.0.1")});
            net.cable(routers[i].port("eth0"), sw.attach("eth" + i, VlanRules.access(1)));
        }
        Host asker = net.host("h", "10.0.0.9/24");
        net.cable(asker.port("eth0"), sw.attach("eth2", VlanRules.access(1)));
        Task before = net.exec(6_000 * Lab.MILLI, asker, "ping -c 1 10.0.0.1");
        for (io.hopscope.core.Port end : List.of(routers[0].port("eth0"), sw.port("eth0"))) {
            end.node().at(8_000 * Lab.MILLI, now -> end.carrier(false, now));
        }
        Task after = net.exec(13_000 * Lab.MILLI, asker, "ping -c 1 10.0.0.1");
        for (io.hopscope.core.Port end : List.of(routers[0].port("eth0"), sw.port("eth0"))) {
            end.node().at(14_000 * Lab.MILLI, now -> end.carrier(true, now));
        }
        net.run(20_000 * Lab.MILLI);
        assertThat(before.lines().get(1)).contains("from 10.0.0.1");
        assertThat(after.lines().get(1)).contains("from 10.0.0.1");
        assertThat(net.seen)
                .as("adverts from the virtual MAC, then the backup's announcement, and no new ARP for the gateway")
                .anyMatch(line ->
                        line.startsWith("h:eth0 in 10.0.0.2 > 224.0.0.18: VRRPv3, Advertisement, vrid 7, prio 200"))
                .anyMatch(line ->
                        line.startsWith("h:eth0 in 10.0.0.3 > 224.0.0.18: VRRPv3, Advertisement, vrid 7, prio 100"));
        assertThat(asker.stack().neighbourTable().find(2, Lab.ip("10.0.0.1")).mac())
                .isEqualTo(0x0000_5e00_0107L);
        assertThat(routers[0].stack().lookup(Lab.ip("10.0.0.1")).ofLocalTable())
                .as("the address is the first one's again")
                .isTrue();
        assertThat(routers[1].stack().lookup(Lab.ip("10.0.0.1")).ofLocalTable())
                .as("and nobody else's")
                .isFalse();
        assertThat(routers[1].stack().fib().routes().stream().map(route -> route.text("eth0")))
                .as("a backup's own routes stay")
                .containsExactly(
                        "local 10.0.0.3 dev eth0 proto kernel scope host src 10.0.0.3",
                        "broadcast 10.0.0.255 dev eth0 proto kernel scope link src 10.0.0.3",
                        "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.3");
    }

    @Test
    void whoAsksIsKnownWithoutHavingAnswered() {
        Host a = lab.host("a", "10.0.0.1/24");
        Host b = lab.host("b", "10.0.0.2/24");
        lab.cable(a.port("eth0"), b.port("eth0"));
        lab.exec(0, a, "ping -c 1 10.0.0.2");
        lab.exec(0, b, "ping -c 1 10.0.0.1");
        lab.run();
        assertThat(lab.seen)
                .noneMatch(line -> line.contains("STALE has answered"))
                .anyMatch(line -> line.startsWith("a:eth0 out 10.0.0.1 > 10.0.0.2")
                        && line.contains("STALE is known by what it sent, not by an answer"));
    }

    @Test
    void answersItselfWhateverFrameWasInThePoolBefore() {
        Host h1 = lab.host("h1", "10.0.0.1/24");
        Station noise = new Station(lab.network.node("x"), 0x0200_0000_0077L);
        lab.cable(h1.port("eth0"), noise.port());
        noise.sends(0, 0xffff_ffff_ffffL);
        Task ping = lab.exec(Lab.MILLI, h1, "ping -c 1 -s 20 10.0.0.1");
        lab.run();
        assertThat(ping.exit()).isZero();
    }

    @Test
    void showsAPacketThatNobodyTookWithoutBytesOfAnotherOne() {
        Host h1 = lab.host("h1", "10.0.0.1/24");
        lab.cable(h1.port("eth0"), new Station(lab.network.node("x"), 0x0200_0000_0077L).port());
        lab.exec(0, h1, "ping -c 1 -W 5 10.0.0.2");
        lab.run();
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("h1:eth0 out 10.0.0.1 > 10.0.0.2: ICMP echo request")
                        && line.contains("drop: no answer to ARP"));
    }

    @Test
    void pingsWithTheLargestPacketThereIs() {
        Host[] hosts = routed();
        Task ping = lab.exec(0, hosts[0], "ping -c 1 -s 65507 10.0.2.1");
        lab.run();
        assertThat(ping.lines().get(1)).startsWith("65515 bytes from 10.0.2.1: icmp_seq=1 ttl=63");
    }

    @Test
    void dropsFragmentsThatWithTheOptionsOfTheFirstAreTooMuch() {
        Host host = lab.host("h", "10.0.0.1/24");
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        int[][] pieces = {{0, 32760, 15}, {32760, 32755, 5}};
        for (int[] piece : pieces) {
            bare.sends(piece[0], Ethernet.LENGTH + 4 * piece[2] + piece[1], frame -> {
                int at = Bare.ethernet(frame, 0x0200_0000_0001L, Ethernet.IPV4);
                View.put16(frame.bytes(), at, 0x4000 | piece[2] << 8);
                new Ipv4()
                        .wrap(frame, at)
                        .totalLength(4 * piece[2] + piece[1])
                        .fragmentOffset(piece[0])
                        .mf(piece[0] == 0)
                        .ttl(64)
                        .protocol(Ipv4.UDP)
                        .source(Lab.ip("10.0.0.2"))
                        .destination(Lab.ip("10.0.0.1"))
                        .seal();
            });
        }
        Totals totals = lab.run();
        assertThat(totals.drops()).singleElement().satisfies(drop -> {
            assertThat(drop.reason()).isEqualTo(IpStack.Drop.REASSEMBLY_FAILED);
            assertThat(drop.frames()).isEqualTo(2);
        });
    }

    @Test
    void refusesToCarryByVxlanWhatNoOuterPacketCanHold() {
        Node node = lab.network.node("n");
        VxlanDevice vxlan = new VxlanDevice(node, "vxlan1", 1, 4789, Lab.ip("10.0.0.1"), false);
        vxlan.remote(0, Lab.ip("10.0.0.2"));
        Bare bare = new Bare(node);
        lab.network.wire(bare.port(), vxlan.overlay());
        bare.sends(0, 65500, frame -> Bare.ethernet(frame, 0xffff_ffff_ffffL, 0x88b5));
        assertThat(lab.run().drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(VxlanDevice.Drop.TOO_BIG));
    }

    @Test
    void doesNotAnswerAPingToTheBroadcastAddressOfAnotherNetwork() {
        Host[] hosts = routed();
        Task ping = lab.exec(0, hosts[0], "ping -c 1 -W 1 10.0.2.255");
        lab.run();
        assertThat(ping.exit()).isEqualTo(1);
        assertThat(lab.at("h1:eth0")).noneMatch(line -> line.contains("echo reply"));
    }

    @Test
    void complainsOfNoBroadcastAndToNoBroadcastAddress() {
        Host host = lab.host("h", "10.0.0.1/24", "default via 10.0.0.2");
        host.stack().neighbourTable().permanent(2, Lab.ip("10.0.0.2"), Bare.MAC);
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        long mac = host.port("eth0").mac();
        bare.sends(0, 60, frame -> Bare.udp(frame, mac, "10.0.0.2", "10.0.0.255"));
        bare.sends(0, 60, frame -> Bare.udp(frame, mac, "255.255.255.255", "10.0.0.1"));
        bare.sends(0, 60, frame -> Bare.udp(frame, mac, "10.0.0.255", "10.0.0.1"));
        lab.run();
        assertThat(bare.heard()).isZero();
    }

    @Test
    void complainsOfADatagramThatNobodyTakes() {
        Host host = lab.host("h", "10.0.0.1/24");
        host.stack().neighbourTable().permanent(2, Lab.ip("10.0.0.2"), Bare.MAC);
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        bare.sends(0, 60, frame -> Bare.udp(frame, host.port("eth0").mac(), "10.0.0.2", "10.0.0.1"));
        lab.run();
        assertThat(lab.at("x:eth0")).anyMatch(line -> line.contains("10.0.0.1 udp port 9 unreachable"));
    }

    @Test
    void complainsFromTheAddressThatWasAsked() {
        Host[] hosts = routed();
        Task trace = lab.exec(0, hosts[0], "traceroute -n 10.0.2.254");
        lab.run();
        assertThat(trace.lines().get(1)).startsWith(" 1  10.0.2.254  0.");
    }

    @Test
    void saysOfNoPacketThatItCausedItself() {
        Host h1 = lab.host("h1", "10.0.0.1/24");
        lab.cable(h1.port("eth0"), new Bare(lab.network.node("x")).port());
        Task ping = lab.exec(0, h1, "ping -c 1 -W 5 10.0.0.2");
        lab.run();
        assertThat(ping.lines()).contains("From 10.0.0.1 icmp_seq=1 Destination Host Unreachable");
        assertThat(lab.seen)
                .anyMatch(line -> line.contains("drop: no answer to ARP for the next hop"))
                .noneMatch(line -> line.contains("caused by"));
    }

    @Test
    void asksByArpFromTheSourceOfThePacketFromTheFirstRequestOn() {
        Host host = lab.host("h", "10.0.0.1/24");
        host.stack().find("eth0").address(InterfaceAddress.parse("10.9.9.9/32"));
        lab.route(host, "10.0.5.0/24 dev eth0 src 10.9.9.9");
        lab.cable(host.port("eth0"), new Bare(lab.network.node("x")).port());
        lab.exec(0, host, "ping -c 1 -W 5 10.0.5.2");
        lab.run();
        assertThat(lab.at("x:eth0")).hasSize(3).allMatch(line -> line.contains("who-has 10.0.5.2 tell 10.9.9.9"));
    }

    /** Requests and replies among 256 addresses, one of them the host's and some its neighbours', and what came of them. */
    private static List<String> heardOf(boolean traced) {
        Lab lab = new Lab();
        Host host = lab.host("h", "10.0.0.1/24");
        host.stack().neighbourTable().permanent(2, Lab.ip("10.0.0.7"), Bare.MAC);
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        lab.exec(0, host, "ping -c 1 -W 1 10.0.0.2");
        host.node().at(20 * Lab.MILLI, now -> host.stack().listen((in, frame, instant) -> false));
        host.node()
                .at(
                        30 * Lab.MILLI,
                        now -> host.stack().interfaces().get(0).address(InterfaceAddress.parse("10.0.0.99/24")));
        RandomStream random = lab.network.seed().stream("pairs");
        for (int i = 0; i < 4000; i++) {
            int from = Lab.ip("10.0.0.0") + random.nextInt(256);
            int about = random.nextInt(4) == 0 ? from : Lab.ip("10.0.0.0") + random.nextInt(256);
            int op = 1 + random.nextInt(2);
            bare.sends(Lab.MILLI + i * Lab.MILLI / 100, 42, frame -> new Arp()
                    .wrap(frame, Bare.ethernet(frame, Ethernet.BROADCAST, Ethernet.ARP))
                    .start(op)
                    .senderMac(Bare.MAC + (from & 7))
                    .senderIp(from)
                    .targetIp(about));
        }
        Engine engine = new Engine(
                lab.network, traced ? new Engine.Options().capture(lab).trace(Long.MAX_VALUE) : new Engine.Options());
        engine.run(1000 * Lab.MILLI);
        List<String> after = new ArrayList<>(List.of(engine.finish().toString(), bare.heard() + " answers"));
        host.stack().neighbourTable().entries(engine.now()).forEach(each -> after.add(each.text("eth0")));
        return after;
    }

    @Test
    void makesTheSameOfBroadcastsWhetherAnybodyLooksOrNot() {
        List<String> looked = heardOf(true);
        assertThat(looked).hasSizeBetween(10, 250);
        assertThat(heardOf(false)).isEqualTo(looked);
    }

    @Test
    void takesNeitherRequestNorReplyForAnArpPacketOfAnotherKind() {
        Host host = lab.host("h", "10.0.0.1/24");
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        lab.exec(0, host, "ping -c 1 -W 1 10.0.0.2");
        bare.sends(Lab.MILLI, 42, frame -> new Arp()
                .wrap(frame, Bare.ethernet(frame, host.port("eth0").mac(), Ethernet.ARP))
                .start(9)
                .senderMac(Bare.MAC)
                .senderIp(Lab.ip("10.0.0.2"))
                .targetIp(Lab.ip("10.0.0.1")));
        lab.run();
        assertThat(host.stack().neighbourTable().find(2, Lab.ip("10.0.0.2")).state())
                .isEqualTo(Neighbour.State.FAILED);
    }

    @Test
    void takesNoFrameForMacZero() {
        Host host = lab.host("h", "10.0.0.1/24");
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        bare.sends(0, 60, frame -> Bare.udp(frame, 0, "10.0.0.2", "10.0.0.1"));
        assertThat(lab.run().drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(IpStack.Drop.OTHER_HOST));
    }

    @Test
    void takesAPriorityTagForNone() {
        Host host = lab.host("h", "10.0.0.1/24");
        host.stack().neighbourTable().permanent(2, Lab.ip("10.0.0.2"), Bare.MAC);
        Bare bare = new Bare(lab.network.node("x"));
        lab.cable(host.port("eth0"), bare.port());
        bare.sends(0, 60, frame -> {
            Bare.udp(frame, host.port("eth0").mac(), "10.0.0.2", "10.0.0.1");
            Vlan.push(frame, 0xa000);
        });
        assertThat(lab.run().drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(IpStack.Drop.NO_SOCKET));
    }

    @Test
    void forwardsAPacketWithoutItsPadding() {
        Host router = new Host(lab.network.node("r"), "");
        Bare[] bare = new Bare[2];
        for (int i = 0; i < 2; i++) {
            bare[i] = new Bare(lab.network.node("x" + i));
            router.addInterface("eth" + i, 0x0200_0000_0101L + i)
                    .address(InterfaceAddress.parse("10.0." + i + ".254/24"));
            lab.cable(bare[i].port(), router.port("eth" + i));
        }
        router.stack().forwarding(true).neighbourTable().permanent(3, Lab.ip("10.0.1.7"), Bare.MAC);
        bare[0].sends(0, 60, frame -> Bare.udp(frame, 0x0200_0000_0101L, "10.0.0.7", "10.0.1.7"));
        lab.run();
        assertThat(bare[1].heard()).isEqualTo(1);
        assertThat(bare[1].length(0)).isEqualTo(14 + 20 + 8);
    }

    @Test
    void receivesVxlanOnWhateverPortItSendsTo() {
        Node node = lab.network.node("n");
        VxlanDevice[] ends = new VxlanDevice[2];
        Bare[] bare = new Bare[2];
        for (int i = 0; i < 2; i++) {
            ends[i] = new VxlanDevice(node, "vxlan" + i, 7, 4790, Lab.ip("10.0.0.1") + i, true);
            ends[i].remote(0, Lab.ip("10.0.0.2") - i);
            bare[i] = new Bare(node);
            lab.network.wire(bare[i].port(), ends[i].overlay());
        }
        lab.network.wire(ends[0].underlay(), ends[1].underlay());
        bare[0].sends(0, 60, frame -> Bare.ethernet(frame, 0xffff_ffff_ffffL, 0x88b5));
        lab.run();
        assertThat(bare[1].heard()).isEqualTo(1);
    }

    @Test
    void theFirstAddressInANetworkIsTheSource() {
        Host host = lab.host("h", "10.0.0.1/24");
        host.stack().find("eth0").address(InterfaceAddress.parse("10.0.0.5/24"));
        host.addInterface("eth1", 2).address(InterfaceAddress.parse("10.0.0.6/24"));
        Route route = host.stack().lookup(Lab.ip("10.0.0.9"));
        assertThat(route.text("eth0")).isEqualTo("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1");
        assertThat(host.stack().lookup(Lab.ip("10.0.0.5")).type()).isEqualTo(Route.Type.LOCAL);
    }
}
