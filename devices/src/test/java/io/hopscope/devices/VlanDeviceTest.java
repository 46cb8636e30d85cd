package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Vlan;
import org.junit.jupiter.api.Test;

/** A router on a stick: Linux's VLAN devices on one port. */
class VlanDeviceTest {
    private final Lab lab = new Lab();
    private final Host router = new Host(lab.network.node("r"), "");
    private final NetInterface eth0 = router.addInterface("eth0", 0x0200_0000_00ffL);
    private final NetInterface ten = vlan(eth0, 10, eth0.mac(), "10.1.0.1/24");
    private final NetInterface twenty = vlan(eth0, 20, 0x0200_0000_00feL, "10.2.0.1/24");
    private final Host a = lab.host("a", "10.1.0.2/24", "default via 10.1.0.1");
    private final Host b = lab.host("b", "10.2.0.2/24", "default via 10.2.0.1");

    private NetInterface vlan(NetInterface on, int vlan, long mac, String address) {
        return router.addVlan(on, vlan, mac).address(InterfaceAddress.parse(address));
    }

    private void stick() {
        router.stack().forwarding(true);
        Switch sw = new Switch(lab.network.node("sw"), "", "switch");
        lab.cable(a.port("eth0"), sw.attach("eth1", VlanRules.access(10)));
        lab.cable(b.port("eth0"), sw.attach("eth2", VlanRules.access(20)));
        lab.cable(router.port("eth0"), sw.attach("eth3", VlanRules.trunk(null, -1)));
    }

    @Test
    void routesBetweenTwoVlansOfOnePort() {
        stick();
        Task ping = lab.exec(0, a, "ping -c 2 10.2.0.2");
        Totals totals = lab.run();
        assertThat(ping.lines()).anyMatch(line -> line.contains("2 received"));
        assertThat(totals.drops()).isEmpty();
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("r:eth0 in ")
                        && line.contains("echo request")
                        && line.contains("VLAN 10 is eth0.10's; route 10.2.0.0/24 dev eth0.20"));
        assertThat(router.stack().neighbourTable().find(twenty.index(), Lab.ip("10.2.0.2")))
                .isNotNull();
    }

    @Test
    void looksAsIprouteShowsIt() {
        stick();
        Task link = lab.exec(0, router, "ip -d link show eth0.20");
        Task brief = lab.exec(0, router, "ip -br addr");
        lab.run();
        assertThat(link.lines())
                .containsExactly(
                        "4: eth0.20@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT"
                                + " group default qlen 1000",
                        "    link/ether 02:00:00:00:00:fe brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 0 maxmtu 65535 ",
                        "    vlan protocol 802.1Q id 20 <REORDER_HDR> numtxqueues 1 numrxqueues 1 gso_max_size 65536"
                                + " gso_max_segs 65535 ");
        assertThat(brief.lines()).contains("eth0.10@eth0     UP             10.1.0.1/24 ");
    }

    /** Sends an ARP request from a cable's other end, with these tags, the inner one first. */
    private Station asks(String target, long destination, int... tags) {
        Station station = new Station(lab.network.node("x"), 0x0200_0000_0042L);
        Port other = station.port();
        lab.cable(other, router.port("eth0"));
        other.node().at(Lab.MILLI, now -> {
            Frame frame = other.node().originate(Ethernet.LENGTH + Arp.LENGTH);
            Ethernet eth = new Ethernet().wrap(frame);
            eth.destination(destination).source(0x0200_0000_0042L).type(Ethernet.ARP);
            new Arp()
                    .wrap(frame, eth.end())
                    .start(Arp.REQUEST)
                    .senderMac(0x0200_0000_0042L)
                    .senderIp(Lab.ip("10.9.9.9"))
                    .targetMac(0)
                    .targetIp(Lab.ip(target));
            for (int tag : tags) {
                Vlan.push(frame, tag);
            }
            other.transmit(frame);
        });
        return station;
    }

    @Test
    void aPriorityTagStaysWithTheParent() {
        eth0.address(InterfaceAddress.parse("10.0.0.1/24"));
        Station x = asks("10.0.0.1", Ethernet.BROADCAST, 5 << 13);
        lab.run();
        assertThat(lab.at("x:eth0")).anyMatch(line -> line.contains("10.0.0.1 is-at 02:00:00:00:00:ff"));
        assertThat(x.lastVid()).isZero();
    }

    @Test
    void aVlanWithoutDeviceIsDropped() {
        asks("10.1.0.1", Ethernet.BROADCAST, 30);
        Totals totals = lab.run();
        assertThat(totals.drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(IpStack.Drop.TAGGED));
    }

    @Test
    void takesWhatIsForItsOwnMacAndForItsParents() {
        asks("10.2.0.1", eth0.mac(), 20);
        lab.run();
        assertThat(lab.at("x:eth0"))
                .anyMatch(line -> line.startsWith("in") && line.contains("10.2.0.1 is-at 02:00:00:00:00:fe"));
    }

    @Test
    void aVlanDeviceOnAVlanDeviceHasTwoTags() {
        vlan(ten, 7, ten.mac(), "10.7.0.1/24");
        Station x = asks("10.7.0.1", Ethernet.BROADCAST, 7, 10);
        lab.run();
        assertThat(lab.at("x:eth0")).anyMatch(line -> line.startsWith("in") && line.contains("10.7.0.1 is-at"));
        assertThat(x.lastVid()).isEqualTo(10);
    }
}
