package io.hopscope.scenarios.eras;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Engine;
import io.hopscope.devices.Host;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.asic.PuntClass;
import io.hopscope.scenarios.Tshark;
import io.hopscope.traces.CaptureFile;
import io.hopscope.traces.CaptureOutput;
import io.hopscope.traces.PacketFilter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers get their addresses through the cores' relays. */
class DhcpServiceTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final long READY = 8 * SECOND;
    private static final int OUTSIDE = Ipv4Address.bits("203.0.113.1");
    /** Four subnets with room for eleven each. */
    private static final EraSpec SMALL =
            EraSpec.usual(Eras.BARE_METAL).size(4, 10, 1).subnetSize(28);

    /** Everybody comes, and nobody sends anything. */
    private static Site come(Site site, Engine.Options options) {
        Engine engine = new Engine(site.network, options);
        engine.run(READY);
        Announcements all = new Announcements(site, engine.now(), site.network.seed().stream("announcements"));
        engine.run(all.end());
        site.come.run();
        engine.finish();
        return site;
    }

    private static Host host(Site site, String name) {
        return site.network.nodes().stream()
                .filter(each -> each.name().equals(name))
                .map(each -> (Host) each.device(""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everybodyGetsAnAddressOfTheOwnSubnetAndTheVirtualRouter() {
        Site site = come(Eras.build(SMALL), new Engine.Options());
        Set<Integer> addresses = new HashSet<>();
        for (Site.Arrival each : site.arrivals) {
            int own = each.eth0().primary();
            addresses.add(own);
            // The subnet begins below its gateway; the first three addresses are routers'.
            assertThat(own - each.gateway()).isBetween(3, 13);
            assertThat(each.eth0().addresses().get(0).length()).isEqualTo(28);
            Route route = each.host().stack().lookup(OUTSIDE);
            assertThat(route.gateway()).isEqualTo(each.gateway());
        }
        assertThat(addresses).hasSize(40);
        assertThat(site.notes).containsExactly("40 servers got their address by DHCP, through the cores' relays");
        assertThat(site.core().handled(PuntClass.DHCP)).isEqualTo(80);
        assertThat(site.fabric.core(1).handled(PuntClass.DHCP)).isEqualTo(80);
        assertThat(site.core().coppDrops()).isZero();
        List<String> leases = host(site, "dhcp1").stack().services().get(0).file("/var/lib/misc/dnsmasq.leases");
        assertThat(leases).hasSize(40).allMatch(line -> addresses.contains(Ipv4Address.bits(line.split(" ")[2])));
    }

    @Test
    void nothingIsLostAndFurtherAddressesAreOutOfTheServersReach() {
        EraResult result = Eras.run(SMALL.size(4, 10, 2), (phase, done, total) -> {}, () -> 0);
        assertThat(result.endpoints()).isEqualTo(80);
        assertThat(result.tables().get("host").entries()).isGreaterThanOrEqualTo(80);
        assertThat(result.loads().get(0).sent()).isPositive();
        assertThat(result.loads().get(0).lossPercent()).isZero();
        assertThat(result.notes()).contains("40 servers got their address by DHCP, through the cores' relays");
    }

    @Test
    void whoeverGetsNoLeaseIsCounted() {
        Site site = Eras.build(SMALL);
        Host dhcp1 = host(site, "dhcp1");
        dhcp1.node()
                .at(READY + SECOND / 10, now -> dhcp1.stack().services().get(0).signal("TERM", now));
        come(site, new Engine.Options());
        int with = site.endpoints().size();
        assertThat(with).isBetween(1, 39);
        assertThat(site.notes)
                .containsExactly(with + " servers got their address by DHCP, through the cores' relays; " + (40 - with)
                        + " got no lease");
    }

    @Test
    void aPreloadedNetworkSpeaksNoDhcp() {
        Site site = Eras.build(SMALL.warm(true));
        assertThat(site.network.nodes()).noneMatch(each -> each.name().equals("dhcp1"));
        assertThat(site.endpoints()).hasSize(40);
        assertThat(site.notes).containsExactly("Servers have static addresses: no DHCP is spoken");
    }

    @Test
    @Tag("oracle")
    void whatIsRelayedIsDissectedWithoutAFault(@TempDir Path folder) {
        Tshark.needed();
        Path file = folder.resolve("dhcp.pcapng");
        CaptureFile capture = new CaptureFile(CaptureOutput.file(file), "era", 1, Map.of())
                .matching(PacketFilter.exact("udp port 67 or udp port 68"));
        Engine.Options options = new Engine.Options()
                .ports(port -> List.of("dhcp1", "server1").contains(port.node().name()))
                .capture(capture);
        Site site = come(Eras.build(SMALL), options);
        assertThat(Tshark.fields(
                        file,
                        "!dhcp || _ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0"
                                + " || _ws.expert.severity == 0x800000",
                        "frame.number"))
                .isEmpty();
        List<String> acks = Tshark.fields(
                file,
                "dhcp.option.dhcp == 5 && frame.interface_name == \"dhcp1:eth0\"",
                "ip.src",
                "dhcp.hops",
                "dhcp.ip.relay",
                "dhcp.option.router",
                "dhcp.option.subnet_mask",
                "dhcp.option.ip_address_lease_time");
        // Both cores have relayed each request.
        assertThat(acks).hasSize(80);
        Set<String> kinds = new HashSet<>(acks);
        Set<String> expected = new HashSet<>();
        for (Site.Arrival each : site.arrivals) {
            for (int core = 1; core <= 2; core++) {
                expected.add("192.168.254.4|1|" + Ipv4Address.text(each.gateway() + core) + "|"
                        + Ipv4Address.text(each.gateway()) + "|255.255.255.240|43200");
            }
        }
        assertThat(kinds).isEqualTo(expected);
        assertThat(Tshark.fields(file, "frame.interface_name contains \"server1\" && dhcp.option.dhcp == 5", "ip.dst"))
                .contains(Ipv4Address.text(site.arrivals.get(0).eth0().primary()));
    }
}
