package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.stp.Pace;
import io.hopscope.protocols.stp.Stp;
import io.hopscope.protocols.stp.TreeSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinuxBridgeTest {
    private final Lab lab = new Lab();
    private final LinuxBridge bridge = new LinuxBridge(lab.network.node("br"), "");
    private final Station a = station("a", 1);
    private final Station b = station("b", 2);
    private final Station c = station("c", 3);

    private Station station(String name, int number) {
        Station station = new Station(lab.network.node(name), 0x0200_0000_0000L + number);
        lab.cable(station.port(), bridge.attach("eth" + number));
        return station;
    }

    @Test
    void floodsUnknownUnicastToEveryOtherPortAndSendsKnownOnesToOne() {
        a.sends(0, b.mac());
        b.sends(Lab.MILLI, a.mac());
        a.sends(2 * Lab.MILLI, b.mac());
        Totals totals = lab.run();
        assertThat(b.heard()).isEqualTo(2);
        assertThat(c.heard()).as("only what was flooded").isEqualTo(1);
        assertThat(a.heard()).isEqualTo(1);
        assertThat(totals.copied()).isEqualTo(1);
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("br:eth1 in") && line.endsWith("FDB 02:00:00:00:00:02 -> eth2"));
    }

    @Test
    void relearnsAStationThatMoves() {
        a.sends(0, b.mac());
        c.sendsAs(Lab.MILLI, a.mac(), b.mac());
        b.sends(2 * Lab.MILLI, a.mac());
        lab.run();
        assertThat(a.heard()).as("flooded once").isEqualTo(1);
        assertThat(c.heard()).as("flooded once, then its own").isEqualTo(2);
    }

    @Test
    void takesNoFrameFromAGroupOrFromNobody() {
        a.sendsAs(0, 0x0100_5e00_0001L, b.mac());
        a.sendsAs(Lab.MILLI, 0, b.mac());
        Totals totals = lab.run();
        assertThat(bridge.fdb().entries(0)).isEmpty();
        assertThat(b.heard()).isZero();
        assertThat(totals.drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(LinuxBridge.Drop.BAD_SOURCE));
    }

    @Test
    void forwardsBridgeProtocolFramesAsItRunsNoSpanningTree() {
        a.sends(0, 0x0180_c200_0000L);
        lab.run();
        assertThat(b.heard()).isEqualTo(1);
    }

    @Test
    void forgetsAStationNotHeardForFiveMinutes() {
        a.sends(0, b.mac());
        b.sends(299_000 * Lab.MILLI, a.mac());
        b.sends(301_000 * Lab.MILLI, a.mac());
        lab.run();
        assertThat(c.heard()).as("a's first, and b's after a is forgotten").isEqualTo(2);
    }

    @Test
    void dropsWhatIsForThePortItCameFromAndLinkLocalGroups() {
        a.sends(0, b.mac());
        a.sendsAs(Lab.MILLI, 0x0200_0000_0099L, a.mac());
        a.sends(2 * Lab.MILLI, 0x0180_c200_0003L);
        Totals totals = lab.run();
        assertThat(totals.drops().stream().map(drop -> drop.reason().name()))
                .containsExactly("SAME_PORT", "LINK_LOCAL");
    }

    @Test
    void passesUpItsOwnAndBroadcastsButNoUnknownUnicast() {
        Host host = new Host(lab.network.node("br"), "up");
        Port up = host.addInterface("cni0", 0x0200_0000_0010L).port();
        lab.network.wire(up, bridge.self(0x0200_0000_0010L));
        a.sends(0, 0x0200_0000_0010L);
        a.sends(Lab.MILLI, 0xffff_ffff_ffffL);
        a.sends(2 * Lab.MILLI, 0x0200_0000_0077L);
        lab.run();
        List<String> seen = lab.seen.stream()
                .filter(line -> line.startsWith("br/up:cni0 in"))
                .toList();
        assertThat(seen).hasSize(3);
        assertThat(seen.get(2)).contains("promiscuous");
        assertThat(lab.seen).anyMatch(line -> line.startsWith("br:eth1 in") && line.contains("unknown unicast"));
    }

    @Test
    void hairpinPortsMaySendBackWhereItCameFrom() {
        bridge.hairpin(bridge.port("eth1"));
        a.sends(0, 0xffff_ffff_ffffL);
        lab.run();
        assertThat(a.heard()).isEqualTo(1);
    }

    @Test
    void entriesAreReadInOrder() {
        c.sends(0, b.mac());
        a.sends(0, b.mac());
        lab.run();
        assertThat(bridge.fdb().entries(Lab.MILLI)).extracting(Fdb.Entry::mac).containsExactly(a.mac(), c.mac());
    }

    private void withTree(LinuxBridge of, long mac) {
        of.ports().forEach(port -> port.mac(mac + port.tag + 1));
        TreeSettings settings = TreeSettings.of(TreeSettings.PRIORITY, mac);
        of.tree(new Tree(of, of.fdb(), Tree.Mode.LINUX, owner -> new Stp(settings, owner, Pace.LINUX)), true);
    }

    @Test
    void twoLinksBetweenTwoBridgesCarryOneCopyWithATreeAndTheOtherOneTakesOver() {
        LinuxBridge other = new LinuxBridge(lab.network.node("other"), "");
        Station far = new Station(lab.network.node("far"), 0x0200_0000_0009L);
        lab.cable(far.port(), other.attach("eth1"));
        lab.cable(bridge.attach("x1"), other.attach("x1"));
        lab.cable(bridge.attach("x2"), other.attach("x2"));
        withTree(bridge, 0x0200_0000_0100L);
        withTree(other, 0x0200_0000_0200L);
        a.sends(40_000 * Lab.MILLI, 0xffff_ffff_ffffL);
        for (Port end : List.of(bridge.port("x1"), other.port("x1"))) {
            end.node().at(50_000 * Lab.MILLI, now -> end.carrier(false, now));
        }
        a.sends(60_000 * Lab.MILLI, 0xffff_ffff_ffffL);
        a.sends(90_000 * Lab.MILLI, 0xffff_ffff_ffffL);
        Task link = lab.exec(45_000 * Lab.MILLI, other.node(), null, "bridge link");
        Totals totals = lab.run(100_000 * Lab.MILLI);
        assertThat(far.heard() - bpdus("far:eth0"))
                .as("before the cut, and after the tree has healed")
                .isEqualTo(2);
        assertThat(link.lines())
                .anyMatch(line -> line.contains("x1:") && line.contains("state forwarding"))
                .anyMatch(line -> line.contains("x2:") && line.contains("state blocking"));
        assertThat(totals.drops().stream().filter(drop -> drop.reason().name().equals("BLOCKED")))
                .isNotEmpty();
    }

    private int bpdus(String port) {
        return (int) lab.seen.stream()
                .filter(line -> line.startsWith(port + " in") && line.contains("STP"))
                .count();
    }

    @Test
    void withoutATreeBpdusPassAndAPortWithoutALinkIsNotFloodedTo() {
        a.sends(0, 0x0180_c200_0000L);
        c.node().at(Lab.MILLI, now -> c.port().carrier(false, now));
        bridge.node().at(Lab.MILLI, now -> bridge.port("eth3").carrier(false, now));
        a.sends(2 * Lab.MILLI, 0xffff_ffff_ffffL);
        Totals totals = lab.run();
        assertThat(b.heard()).isEqualTo(2);
        assertThat(c.heard()).isEqualTo(1);
        assertThat(totals.dropped()).isZero();
    }
}
