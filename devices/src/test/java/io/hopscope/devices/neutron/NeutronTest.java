package io.hopscope.devices.neutron;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Engine;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Ipv4Address;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeutronTest {
    private static final int COMPUTES = 60;

    @Test
    void everyInstanceOfAClusterGetsAnAddressOfItsOwnByRealFrames() {
        Cluster cluster = new Cluster(COMPUTES, 15, "101=10.1.0.0/16", "0:1ms,30000:3ms");
        Engine engine = new Engine(cluster.network, new Engine.Options());
        assertThat(engine.run(Long.MAX_VALUE)).isFalse();
        engine.finish();
        assertThat(cluster.errors).isEmpty();
        Set<Integer> addresses = new HashSet<>();
        Set<Long> macs = new HashSet<>();
        for (Cluster.Compute each : cluster.nodes) {
            for (Host vm : each.instances) {
                NetInterface eth0 = vm.stack().interfaces().get(0);
                addresses.add(eth0.primary());
                macs.add(eth0.mac());
                assertThat(eth0.mac() >>> 24).isEqualTo(0xfa163eL);
            }
        }
        assertThat(addresses).hasSize(15 * COMPUTES).doesNotContain(Ipv4Address.bits("10.1.0.1"));
        assertThat(macs).hasSize(15 * COMPUTES);
        assertThat(cluster.server.server().ports()).hasSize(15 * COMPUTES);
    }
}
