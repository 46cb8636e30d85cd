package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.encap.InterfaceAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class BondTest {
    private static final long ALL = 0xffff_ffff_ffffL;
    private static final long MAC = 0x0200_0000_0010L;
    private static final String GRATUITOUS = "who-has 10.0.0.1 tell 10.0.0.1";

    private final Lab lab = new Lab();
    private final Node node = lab.network.node("server");
    private final Host host = new Host(node, "");
    private final Bond bond = new Bond(node, "bond0");
    private final Station[] far = new Station[2];
    private NetInterface bond0;

    private void built() {
        for (int i = 0; i < 2; i++) {
            far[i] = new Station(lab.network.node("far" + i), 0x0200_0000_0050L + i);
            lab.cable(far[i].port(), bond.enslave("eth" + i, MAC + i));
        }
        bond0 = bond.under(host).address(InterfaceAddress.parse("10.0.0.1/24"));
    }

    private void link(int i, boolean up, long at) {
        Port near = bond.member("eth" + i);
        Port other = far[i].port();
        near.node().at(at, now -> near.carrier(up, now));
        other.node().at(at, now -> other.carrier(up, now));
    }

    private List<String> reasons(Totals totals) {
        return totals.drops().stream().map(drop -> drop.reason().name()).toList();
    }

    @Test
    void sendsByOneMemberWithTheFirstOnesMacAndRefusesWhatComesByTheOther() {
        built();
        lab.exec(0, host, "ping -c 1 -W 1 10.0.0.9");
        far[1].sends(Lab.MILLI, ALL);
        Totals totals = lab.run();
        assertThat(bond0.mac()).isEqualTo(MAC);
        assertThat(far[0].heard()).isPositive();
        assertThat(far[1].heard()).isZero();
        assertThat(reasons(totals)).contains("BACKUP_MEMBER");
        assertThat(lab.seen).anyMatch(line -> line.startsWith("server:eth0 out") && line.contains("eth0 is active"));
    }

    @Test
    void noticesNothingOfACutBeforeItLooks() {
        built();
        link(0, false, 250 * Lab.MILLI);
        lab.run(299 * Lab.MILLI);
        assertThat(bond.active()).isSameAs(bond.member("eth0"));
    }

    @Test
    void movesAtTheNextLookAndSaysSo() {
        built();
        link(0, false, 250 * Lab.MILLI);
        lab.run();
        assertThat(bond.active()).isSameAs(bond.member("eth1"));
        assertThat(lab.at("server:eth1")).singleElement().asString().contains(GRATUITOUS);
        assertThat(lab.at("server:bond0")).singleElement().asString().contains(GRATUITOUS);
        assertThat(far[1].heard()).isEqualTo(1);
    }

    @Test
    void thePrimaryTakesOverAgainWhenItsLinkIsBackAndAnotherMemberDoesNot() {
        for (String primary : List.of("eth0", "eth1")) {
            BondTest test = new BondTest();
            test.built();
            test.bond.primary(primary);
            test.link(primary.equals("eth0") ? 0 : 1, false, 250 * Lab.MILLI);
            test.link(primary.equals("eth0") ? 0 : 1, true, 550 * Lab.MILLI);
            test.lab.run();
            assertThat(test.bond.active()).isSameAs(test.bond.member(primary));
        }
        built();
        link(0, false, 250 * Lab.MILLI);
        link(0, true, 550 * Lab.MILLI);
        lab.run();
        assertThat(bond.active()).as("no primary: whoever carries goes on").isSameAs(bond.member("eth1"));
    }

    @Test
    void withoutAnyLinkTheInterfaceHasNoCarrierAndTheAnnouncementWaitsForTheNextLook() {
        built();
        link(0, false, 100 * Lab.MILLI);
        link(1, false, 100 * Lab.MILLI);
        link(1, true, 950 * Lab.MILLI);
        lab.exec(500 * Lab.MILLI, host, "ping -c 1 -W 1 10.0.0.9");
        lab.exec(500 * Lab.MILLI, host, "cat /proc/net/bonding/bond0");
        Totals totals = lab.run(1_050 * Lab.MILLI);
        assertThat(reasons(totals)).contains("NO_CARRIER");
        assertThat(lab.tasks.get(1).lines()).contains("Currently Active Slave: None", "MII Status: down");
        assertThat(far[1].heard()).isZero();
        assertThat(bond.active()).isSameAs(bond.member("eth1"));
    }

    @Test
    void looksAtNothingWithoutMiimon() {
        built();
        bond.miimon(0);
        link(0, false, 250 * Lab.MILLI);
        lab.run();
        assertThat(bond.active()).isSameAs(bond.member("eth0"));
    }

    @Test
    void announcesAsOftenAsItIsTold() {
        built();
        bond.announcements(3);
        link(0, false, 250 * Lab.MILLI);
        lab.run();
        assertThat(lab.at("server:eth1")).hasSize(3).allMatch(line -> line.contains(GRATUITOUS));
    }

    /** The text is that of a Rocky Linux 8 machine, the first line of its driver, with our MACs and counters. */
    @Test
    void readsOutAsTheRealDriverDoes() {
        built();
        bond.primary("eth0");
        link(0, false, 250 * Lab.MILLI);
        Task cat = lab.exec(400 * Lab.MILLI, host, "cat /proc/net/bonding/bond0");
        lab.run();
        assertThat(cat.lines())
                .containsExactly(
                        "Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)",
                        "",
                        "Bonding Mode: fault-tolerance (active-backup)",
                        "Primary Slave: eth0 (primary_reselect always)",
                        "Currently Active Slave: eth1",
                        "MII Status: up",
                        "MII Polling Interval (ms): 100",
                        "Up Delay (ms): 0",
                        "Down Delay (ms): 0",
                        "Peer Notification Delay (ms): 0",
                        "",
                        "Slave Interface: eth0",
                        "MII Status: down",
                        "Speed: Unknown",
                        "Duplex: Unknown",
                        "Link Failure Count: 1",
                        "Permanent HW addr: 02:00:00:00:00:10",
                        "Slave queue ID: 0",
                        "",
                        "Slave Interface: eth1",
                        "MII Status: up",
                        "Speed: 10000 Mbps",
                        "Duplex: full",
                        "Link Failure Count: 0",
                        "Permanent HW addr: 02:00:00:00:00:11",
                        "Slave queue ID: 0");
    }
}
