package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Node;
import io.hopscope.core.Totals;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.netfilter.RulesText;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Fragments where connections are followed, on a bridge and on a router: what Linux 6.18 does with the same pieces, seen by
 * tcpdump behind it.
 */
class NetfilterFragmentsTest {
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final String RULE = "*filter\n-A FORWARD -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT";

    private final Lab lab = new Lab();
    private final Host a = lab.host("a", "10.0.0.1/24", "default via 10.0.0.254");
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private long clock;
    private int id;
    private long to;
    private int address;

    private void rules(Netfilter of) {
        RulesText.restore(of.hooks().rules(), RULE, true, true);
    }

    /** A bridge with br_netfilter, behind which is 10.0.0.2; a third station hears what is flooded. */
    private Station bridged(boolean known) {
        Node node = lab.network.node("br");
        LinuxBridge bridge = new LinuxBridge(node, "");
        Station b = new Station(lab.network.node("b"), 0x0200_0000_0022L);
        Station c = new Station(lab.network.node("c"), 0x0200_0000_0033L);
        lab.cable(a.port("eth0"), bridge.attach("eth1"));
        lab.cable(b.port(), bridge.attach("eth2"));
        lab.cable(c.port(), bridge.attach("eth3"));
        Netfilter netfilter = Netfilter.of(node);
        netfilter.bridges(true);
        rules(netfilter);
        if (known) {
            bridge.fdb().addStatic(0, b.mac(), bridge.port("eth2").tag);
        }
        to = b.mac();
        address = Lab.ip("10.0.0.2");
        return b;
    }

    /** A router with 10.0.1.2 behind it. */
    private void routed(int mtu) {
        Host r = new Host(lab.network.node("r"), "");
        r.addInterface("eth1", 0x0200_0000_0099L).address(InterfaceAddress.parse("10.0.0.254/24"));
        r.addInterface("eth2", 0x0200_0000_0098L)
                .address(InterfaceAddress.parse("10.0.1.254/24"))
                .mtu(mtu);
        r.stack().forwarding(true);
        Host b = lab.host("b", "10.0.1.2/24", "default via 10.0.1.254");
        lab.cable(a.port("eth0"), r.port("eth1"));
        lab.cable(b.port("eth0"), r.port("eth2"));
        rules(Netfilter.of(r));
        to = 0x0200_0000_0099L;
        address = Lab.ip("10.0.1.2");
    }

    /** A datagram in pieces that end there, in that order. */
    private void sends(boolean whole, int[] order, int... ends) {
        id++;
        for (int i : order) {
            int from = i == 0 ? 0 : ends[i - 1];
            piece(whole, from, ends[i], i < ends.length - 1);
        }
    }

    private void piece(boolean whole, int from, int end, boolean more) {
        int number = id;
        clock += Lab.MILLI;
        a.node().at(clock, now -> {
            Frame frame = a.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + end - from);
            eth.wrap(frame).destination(to).source(0x0200_0000_0001L).type(Ethernet.IPV4);
            ip.wrap(frame, eth.end())
                    .start(Ipv4.LENGTH + end - from)
                    .id(number)
                    .df(whole)
                    .fragmentOffset(from)
                    .mf(more)
                    .protocol(Ipv4.UDP)
                    .source(0x0a000001)
                    .destination(address)
                    .seal();
            if (from == 0) {
                new Udp().wrap(frame, ip.payload()).set(1111, 2222, 2084);
            }
            a.port("eth0").transmit(frame);
        });
    }

    /** What went in at a port; the whole that a host makes of it is seen there once more where it dies. */
    private List<String> pieces(String port) {
        return lab.pieces.stream()
                .filter(line -> line.startsWith(port + " in ") && !line.endsWith(", 2104@0"))
                .map(line -> line.substring(port.length() + 4))
                .toList();
    }

    private static int[] inOrder(int n) {
        int[] all = new int[n];
        for (int i = 0; i < n; i++) {
            all[i] = i;
        }
        return all;
    }

    private void four() {
        sends(false, inOrder(3), 504, 1984, 2084);
        sends(false, new int[] {2, 0, 1}, 504, 1984, 2084);
        sends(true, inOrder(3), 1480, 1984, 2084);
        sends(false, new int[] {4, 3, 2, 1, 0}, 504, 1008, 1512, 2016, 2084);
    }

    private static final List<String> AS_THEY_CAME = List.of(
            "id 1, 524@0+",
            "id 1, 1500@504+",
            "id 1, 120@1984",
            "id 2, 524@0+",
            "id 2, 1500@504+",
            "id 2, 120@1984",
            "id 3, 1500@0+",
            "id 3, 524@1480+",
            "id 3, 120@1984",
            "id 4, 524@0+",
            "id 4, 524@504+",
            "id 4, 524@1008+",
            "id 4, 524@1512+",
            "id 4, 88@2016");

    @Test
    void aBridgePassesOnThePiecesThatCameInOrderAndForgetsThatTheyMightNotBeCut() {
        bridged(true);
        four();
        lab.run(SECOND);
        assertThat(pieces("b:eth0")).isEqualTo(AS_THEY_CAME);
        assertThat(pieces("c:eth0")).isEmpty();
    }

    @Test
    void aRouterDoesSoToo() {
        routed(1500);
        four();
        lab.run(SECOND);
        assertThat(pieces("b:eth0")).isEqualTo(AS_THEY_CAME);
    }

    @Test
    void wherePiecesDoNotFitThePacketIsCutAnewOrItsSenderTold() {
        routed(1000);
        four();
        lab.run(SECOND);
        assertThat(pieces("b:eth0"))
                .containsExactly(
                        "id 1, 996@0+",
                        "id 1, 996@976+",
                        "id 1, 152@1952",
                        "id 2, 996@0+",
                        "id 2, 996@976+",
                        "id 2, 152@1952",
                        "id 4, 524@0+",
                        "id 4, 524@504+",
                        "id 4, 524@1008+",
                        "id 4, 524@1512+",
                        "id 4, 88@2016");
        assertThat(lab.at("a:eth0"))
                .anyMatch(line -> line.startsWith("in") && line.contains("need to frag (mtu 1000)"));
    }

    @Test
    void copiesOfAFloodAreCutByTheLargestPieceAndTheLastAsItCame() {
        bridged(false);
        sends(false, inOrder(3), 504, 1984, 2084);
        lab.run(SECOND);
        assertThat(pieces("b:eth0")).containsExactly("id 1, 1500@0+", "id 1, 624@1480");
        assertThat(pieces("c:eth0")).containsExactly("id 1, 524@0+", "id 1, 1500@504+", "id 1, 120@1984");
    }

    @Test
    void piecesOfASmallPacketStayPieces() {
        bridged(true);
        sends(false, inOrder(2), 48, 100);
        lab.run(SECOND);
        assertThat(pieces("b:eth0")).containsExactly("id 1, 68@0+", "id 1, 72@48");
    }

    @Test
    void onABridgePiecesThatLackOthersGoAfterHalfAMinuteAndNobodyIsTold() {
        bridged(true);
        sends(false, new int[] {0, 2}, 504, 1984, 2084);
        Totals totals = lab.run(29 * SECOND);
        assertThat(totals.drops()).isEmpty();
        assertThat(lab.at("a:eth0")).noneMatch(line -> line.startsWith("in"));
    }

    @Test
    void onABridgePiecesAreForgottenInTime() {
        bridged(true);
        sends(false, new int[] {0, 2}, 504, 1984, 2084);
        Totals totals = lab.run(31 * SECOND);
        assertThat(totals.drops()).singleElement().satisfies(drop -> {
            assertThat(drop.reason()).isEqualTo(IpStack.Drop.REASSEMBLY_TIMEOUT);
            assertThat(drop.frames()).isEqualTo(2);
        });
        assertThat(lab.at("a:eth0")).noneMatch(line -> line.startsWith("in"));
    }

    @Test
    void onABridgeAPieceThatOverlapsIsTheEndOfAll() {
        bridged(true);
        id++;
        piece(false, 0, 504, true);
        piece(false, 496, 1000, true);
        piece(false, 1000, 2084, false);
        Totals totals = lab.run(SECOND);
        assertThat(pieces("b:eth0")).isEmpty();
        assertThat(totals.drops())
                .anySatisfy(drop -> assertThat(drop.reason()).isEqualTo(IpStack.Drop.FRAGMENTS_OVERLAP));
    }

    @Test
    void onABridgePiecesTakeNoMoreMemoryThanTheKernelGives() {
        bridged(true);
        for (int i = 0; i < 3000; i++) {
            id++;
            clock -= Lab.MILLI - Lab.MILLI / 500;
            piece(false, 0, 1480, true);
        }
        Totals totals = lab.run(20 * SECOND);
        assertThat(totals.drops()).singleElement().satisfies(drop -> {
            assertThat(drop.reason()).isEqualTo(IpStack.Drop.TOO_MANY_FRAGMENTS);
            assertThat(drop.frames()).isEqualTo(3000 - 1821);
        });
    }
}
