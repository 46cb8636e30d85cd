package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.NeighbourTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class DhcpProgramsTest {
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final String SERVER = "dnsmasq -d --dhcp-range=10.0.0.100,10.0.0.150,2m";

    private final Lab lab = new Lab();
    private final Host server = lab.host("srv", "10.0.0.1/24");
    private final Host client = new Host(lab.network.node("c1"), "");
    private final NetInterface eth0 = client.addInterface("eth0", 0x02d0_0000_0002L);

    private void cable() {
        lab.cable(server.port("eth0"), eth0.port());
    }

    @Test
    void aClientGetsAnAddressAndADefaultRoute() {
        cable();
        Task dnsmasq = lab.exec(0, server, SERVER + " --no-ping");
        Task udhcpc = lab.exec(1, client, "udhcpc -q");
        Task route = lab.exec(SECOND, client, "ip route");
        lab.run(2 * SECOND);
        assertThat(udhcpc.lines())
                .containsExactly(
                        "udhcpc: started, v1.35.0",
                        "udhcpc: broadcasting discover",
                        "udhcpc: broadcasting select for 10.0.0.106, server 10.0.0.1",
                        "udhcpc: lease of 10.0.0.106 obtained from 10.0.0.1, lease time 120");
        assertThat(udhcpc.exit()).isZero();
        assertThat(client.services()).isEmpty();
        assertThat(eth0.addresses()).containsExactly(InterfaceAddress.parse("10.0.0.106/24"));
        assertThat(route.lines())
                .containsExactly(
                        "default via 10.0.0.1 dev eth0 ",
                        "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.106 ");
        assertThat(dnsmasq.lines()).contains("dnsmasq-dhcp: DHCPACK(eth0) 10.0.0.106 02:d0:00:00:00:02 ");
    }

    @Test
    void aRangesTagChoosesTheRouter() {
        cable();
        lab.exec(
                0,
                server,
                "dnsmasq --no-ping --dhcp-range=set:red,10.0.0.100,10.0.0.150,2m --dhcp-option=tag:red,tag:eth0,3,10.0.0.9"
                        + " --dhcp-option=tag:blue,option:router,10.0.0.8 --dhcp-option=3,10.0.0.7");
        lab.exec(1, client, "udhcpc -q");
        Task route = lab.exec(SECOND, client, "ip route");
        Task two = lab.exec(0, server, "dnsmasq --dhcp-range=set:a,set:b,10.0.0.100,10.0.0.150");
        Task empty = lab.exec(0, server, "dnsmasq --dhcp-option=tag:,3,10.0.0.9");
        Task alone = lab.exec(0, server, "dnsmasq --dhcp-option=tag:red");
        lab.run(2 * SECOND);
        assertThat(route.lines()).contains("default via 10.0.0.9 dev eth0 ");
        assertThat(two.lines()).containsExactly("dnsmasq: bad dhcp-range at 'set:a,set:b,10.0.0.100,10.0.0.150'");
        assertThat(empty.lines()).containsExactly("dnsmasq: bad dhcp-option at 'tag:,3,10.0.0.9'");
        assertThat(alone.lines()).containsExactly("dnsmasq: bad dhcp-option at 'tag:red'");
    }

    @Test
    void theServerPingsAnAddressBeforeItOffersIt() {
        cable();
        lab.exec(0, server, SERVER);
        lab.exec(1, client, "udhcpc -f");
        lab.run(4 * SECOND);
        assertThat(lab.at("srv:eth0"))
                .filteredOn(line -> line.contains("who-has 10.0.0.106"))
                .hasSize(3);
        assertThat(eth0.addresses()).hasSize(1);
    }

    @Test
    void aClientInTheBackgroundIsToldByKillall() {
        cable();
        lab.exec(0, server, SERVER + " --no-ping");
        Task udhcpc = lab.exec(1, client, "udhcpc");
        Task release = lab.exec(SECOND, client, "killall -USR2 udhcpc");
        Task nobody = lab.exec(SECOND, client, "killall dnsmasq");
        Task leases = lab.exec(2 * SECOND, server, "cat /var/lib/misc/dnsmasq.leases");
        lab.run(3 * SECOND);
        assertThat(udhcpc.exit()).isZero();
        assertThat(udhcpc.lines()).last().asString().startsWith("udhcpc: lease of");
        assertThat(release.exit()).isZero();
        assertThat(nobody.lines()).containsExactly("dnsmasq: no process found");
        assertThat(leases.lines()).isEmpty();
        assertThat(eth0.addresses()).isEmpty();
        assertThat(client.stack().fib().size()).isZero();
    }

    @Test
    void withoutAServerAClientFailsIfItIsToldTo() {
        cable();
        Task udhcpc = lab.exec(0, client, "udhcpc -n -t 2 -T 1");
        lab.run();
        assertThat(udhcpc.lines()).endsWith("udhcpc: broadcasting discover", "udhcpc: no lease, failing");
        assertThat(udhcpc.exit()).isEqualTo(1);
    }

    @Test
    void wrongOptionsAreSaidInOneLine() {
        cable();
        Task udhcpc = lab.exec(0, client, "udhcpc -i eth9");
        Task letter = lab.exec(0, client, "udhcpc -Z");
        Task word = lab.exec(0, server, "dnsmasq --dhcp-rang=10.0.0.1,10.0.0.2");
        Task range = lab.exec(0, server, "dnsmasq --dhcp-range=10.0.0.9,10.0.0.2");
        Task first = lab.exec(0, server, SERVER);
        Task second = lab.exec(0, server, SERVER);
        Task file = lab.exec(0, server, "cat /etc/motd");
        lab.run(SECOND);
        assertThat(List.of(udhcpc, letter, word, range, second, file)).allMatch(task -> task.exit() > 0);
        assertThat(udhcpc.lines()).containsExactly("udhcpc: SIOCGIFINDEX: No such device");
        assertThat(letter.lines()).containsExactly("udhcpc: invalid option -- 'Z'");
        assertThat(word.lines()).singleElement().asString().contains("did you mean dhcp-range?");
        assertThat(range.lines()).containsExactly("dnsmasq: bad dhcp-range at '10.0.0.9,10.0.0.2'");
        assertThat(first.exit()).isEqualTo(-1);
        assertThat(second.lines())
                .containsExactly("dnsmasq: failed to bind DHCP server socket: Address already in use");
    }

    @Test
    void anInjectedNeighbourIsProbedOnceUsed() {
        cable();
        NeighbourTable table = server.stack().neighbourTable();
        int address = Ipv4Address.bits("10.0.0.7");
        table.inject(2, address, 7, 0);
        assertThat(table.find(2, address).state()).hasToString("STALE");
        assertThat(table.use(2, address, 0).resolved()).isTrue();
        assertThat(table.nextDeadline()).isEqualTo(NeighbourTable.DELAY_FIRST_PROBE);
    }
}
