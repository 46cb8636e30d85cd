package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.neutron.IpamService;
import io.hopscope.protocols.ipam.IpamNetwork;
import io.hopscope.protocols.ipam.LatencyCurve;
import java.util.List;

/** {@code neutron-server}: the address management of a whole cluster, for agents to ask. No API, no tenants, no quotas. */
public final class NeutronServer implements Program {
    @Override
    public String name() {
        return "neutron-server";
    }

    @Override
    public String summary() {
        return "a cluster's address management: --pool VLAN=SUBNET[,FIRST-LAST][,gateway=ADDRESS] --latency SIZE:TIME[,SIZE:TIME]";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, host, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, host, task));
    }

    private static Step parse(Node node, Host host, Task task) {
        LongOptions options = new LongOptions("neutron-server", task.arguments(), List.of("--pool", "--latency"));
        if (host == null) {
            throw new Misuse(1, "no network stack on " + node.name());
        } else if (!options.operands().isEmpty() || options.all("--pool").isEmpty()) {
            throw new Misuse(2, "neutron-server: error: at least one --pool and no other words are needed");
        }
        List<IpamNetwork> networks;
        LatencyCurve latency = LatencyCurve.DEFAULT;
        try {
            networks = options.all("--pool").stream().map(IpamNetwork::parse).toList();
            if (options.last("--latency") != null) {
                latency = LatencyCurve.parse(options.last("--latency"));
            }
        } catch (IllegalArgumentException e) {
            throw new Misuse(2, "neutron-server: error: " + e.getMessage());
        }
        if (networks.stream().mapToInt(IpamNetwork::vlan).distinct().count() < networks.size()) {
            throw new Misuse(2, "neutron-server: error: two pools of one VLAN");
        }
        for (int i = 0; i < networks.size(); i++) {
            for (IpamNetwork before : networks.subList(0, i)) {
                if (before.subnet().overlaps(networks.get(i).subnet())) {
                    throw new Misuse(
                            2,
                            "neutron-server: error: Requested subnet with cidr: "
                                    + networks.get(i).subnet() + " overlaps with another subnet: " + before.subnet());
                }
            }
        }
        LatencyCurve curve = latency;
        return (run, now) -> {
            if (IpamService.taken(host)) {
                throw new Misuse(1, "neutron-server: [Errno 98] Address already in use");
            }
            new IpamService(host, networks, curve).begin();
        };
    }
}
