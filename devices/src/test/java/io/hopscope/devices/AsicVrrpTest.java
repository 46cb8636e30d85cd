package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Port;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.PuntClass;
import io.hopscope.protocols.vrrp.VirtualRouter.State;
import io.hopscope.protocols.vrrp.VrrpSettings;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AsicVrrpTest {
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final AsicSpec USUAL = AsicSpec.of("16k");

    private final Lab lab = new Lab();
    private final Switch[] access = new Switch[2];
    private final Host[] hosts = new Host[2];
    private final AsicSwitch[] routers = new AsicSwitch[2];

    /** Two VLANs, each a switch with a host; both routers have a foot in each, the first one is preferred. */
    @BeforeEach
    void build() {
        for (int i = 0; i < 2; i++) {
            access[i] = new Switch(lab.network.node("sw" + i), "", "switch");
            int vlan = 101 + i;
            hosts[i] = lab.host("h" + i, "10.1." + vlan + ".11/24", "default via 10.1." + vlan + ".1");
            lab.cable(hosts[i].port("eth0"), access[i].attach("host", VlanRules.access(1)));
        }
    }

    private void routers(AsicSpec spec) {
        for (int r = 0; r < 2; r++) {
            routers[r] = new AsicSwitch(lab.network.node("r" + r), "", "router", spec);
            for (int i = 0; i < 2; i++) {
                int vlan = 101 + i;
                lab.cable(
                        routers[r].attach("eth" + i, VlanRules.access(vlan)),
                        access[i].attach("r" + r, VlanRules.access(1)));
                NetInterface svi = routers[r]
                        .svi(vlan, 0x0200_0000_0100L + 16 * r + i)
                        .address(InterfaceAddress.parse("10.1." + vlan + "." + (2 + r) + "/24"));
                svi.vrrp(
                        new VrrpSettings(vlan, 200 - 100 * r, VrrpSettings.INTERVAL, true, svi.primary()),
                        new int[] {Lab.ip("10.1." + vlan + ".1")});
            }
        }
    }

    private static AsicSpec with(AsicSpec.Cpu cpu, AsicSpec.Crash crash) {
        return new AsicSpec(USUAL.tables(), List.of(), USUAL.fdbAge(), USUAL.hostAge(), cpu, crash, USUAL.sample());
    }

    private State state(int router, int interfaceOf) {
        return routers[router]
                .stack()
                .interfaces()
                .get(interfaceOf)
                .vrrp()
                .machine()
                .state();
    }

    private void link(int router, boolean on, long at) {
        for (Port end : routers[router].ports()) {
            end.node().at(at, now -> end.carrier(on, now));
            end.peer().node().at(at, now -> end.peer().carrier(on, now));
        }
    }

    private static int received(Task ping) {
        String summary = ping.lines().stream()
                .filter(line -> line.contains(" received"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(summary.replaceAll(".* transmitted, (\\d+) received.*", "$1"));
    }

    @Test
    void theBackupTakesOverWhenTheMasterIsCutOffAndGivesBack() {
        routers(USUAL);
        Task ping = lab.exec(6 * SECOND, hosts[0], "ping -c 100 -i 0.1 10.1.102.11");
        link(0, false, 8 * SECOND + 50 * Lab.MILLI);
        lab.network.node("r1").at(14 * SECOND, now -> assertThat(state(1, 0)).isEqualTo(State.MASTER));
        link(0, true, 16 * SECOND + 50 * Lab.MILLI);
        Task own = lab.exec(19 * SECOND, hosts[0], "ping -c 2 10.1.101.1");
        Task virtual = lab.exec(19 * SECOND, routers[0].node(), null, "vrrp");
        lab.run(22 * SECOND);
        assertThat(state(0, 0)).isEqualTo(State.MASTER);
        assertThat(state(1, 0)).isEqualTo(State.BACKUP);
        assertThat(received(ping)).as("3.6 s are lost at most").isBetween(63, 80);
        assertThat(received(own)).isEqualTo(2);
        assertThat(virtual.lines()).anyMatch(line -> line.contains("00:00:5e:00:01:65"));
        assertThat(lab.seen)
                .as("silicon routes what is for the virtual MAC, in either router")
                .anyMatch(line -> line.startsWith("r0:eth0 in") && line.contains("host table: 10.1.102.11"))
                .anyMatch(line -> line.startsWith("r1:eth0 in") && line.contains("host table: 10.1.102.11"));
        assertThat(routers[1].covered(Lab.ip("10.1.101.1")))
                .as("it is the neighbour's again, and no local address")
                .isFalse();
    }

    @Test
    void advertisementsAreHeardByWayOfTheCpu() {
        routers(USUAL);
        lab.run(10 * SECOND);
        assertThat(routers[1].handled(PuntClass.ROUTING)).isGreaterThan(10);
        assertThat(state(1, 0)).isEqualTo(State.BACKUP);
    }

    /** Somebody pings the backup's own address a thousand times a second; its CPU handles a hundred packets. */
    private void flood(String copp) {
        routers(with(new AsicSpec.Cpu(100, 50, CoppProfile.named(copp), 0, 0, true), null));
        lab.exec(6 * SECOND, hosts[0], "ping -c 12000 -i 0.001 10.1.101.3");
        lab.run(17 * SECOND);
    }

    @Test
    void withoutPolicingAFloodTakesTheAdvertisementsAndThereAreTwoMasters() {
        flood("none");
        assertThat(routers[1].refused(PuntClass.ROUTING)).isPositive();
        assertThat(state(0, 0)).isEqualTo(State.MASTER);
        assertThat(state(1, 0)).isEqualTo(State.MASTER);
    }

    @Test
    void withPolicingTheBackupStaysBackup() {
        flood("sonic");
        assertThat(routers[1].refused(PuntClass.ROUTING)).isZero();
        assertThat(state(1, 0)).isEqualTo(State.BACKUP);
    }

    @Test
    void aMasterThatCrashesIsFollowedAndTakesOverAgain() {
        AsicSpec.Crash crash = new AsicSpec.Crash(AsicSpec.Cause.CPU, SECOND, 10 * SECOND);
        routers(with(new AsicSpec.Cpu(10, 50, CoppProfile.named("sonic"), 0, 0, true), crash));
        lab.exec(6 * SECOND, hosts[0], "ping -c 200 -i 0.01 10.1.101.2");
        lab.network.node("r1").at(15 * SECOND, now -> assertThat(state(1, 1)).isEqualTo(State.MASTER));
        lab.run(30 * SECOND);
        assertThat(routers[0].metrics(30 * SECOND).last("crashes")).isEqualTo(1);
        assertThat(state(0, 1)).isEqualTo(State.MASTER);
        assertThat(state(1, 1)).isEqualTo(State.BACKUP);
    }
}
