package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.neutron.BridgeWiring;
import io.hopscope.devices.neutron.NeutronAgent;
import io.hopscope.protocols.ipam.LatencyCurve;
import java.util.List;

/** {@code neutron-openvswitch-agent} for provider networks. No tunnels, no security groups, no resynchronisation. */
public final class NeutronOpenvswitchAgent implements Program {
    private static final List<String> OPTIONS = List.of("--server", "--integration-bridge", "--timeout", "--tries");

    @Override
    public String name() {
        return "neutron-openvswitch-agent";
    }

    @Override
    public String summary() {
        return "a compute node's agent: --server ADDRESS [--integration-bridge br-int] [--timeout 4s] [--tries 10]";
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
        LongOptions options = new LongOptions("neutron-openvswitch-agent", task.arguments(), OPTIONS);
        if (host == null) {
            throw new Misuse(1, "no network stack on " + node.name());
        } else if (!options.operands().isEmpty() || options.last("--server") == null) {
            throw new Misuse(2, "neutron-openvswitch-agent: error: --server ADDRESS and no other words are needed");
        }
        Integer server = Words.address(task, options.last("--server"));
        if (server == null) {
            throw misuse("found --server " + options.last("--server") + ", expected an address");
        }
        BridgeWiring wiring = wiring(node, options.last("--integration-bridge"));
        long timeout = timeout(options.last("--timeout"));
        int tries = tries(options.last("--tries"));
        return (run, now) -> {
            if (NeutronAgent.taken(host)) {
                throw misuse("an agent runs there already");
            }
            new NeutronAgent(host, wiring, server, timeout, tries).begin();
        };
    }

    private static Misuse misuse(String text) {
        return new Misuse(2, "neutron-openvswitch-agent: error: " + text);
    }

    private static BridgeWiring wiring(Node node, String given) {
        String name = given == null ? "br-int" : given;
        if (!(node.device(name) instanceof OvsBridge integration)) {
            String text = "neutron-openvswitch-agent: error: Integration bridge " + name + " does not exist";
            throw new Misuse(1, text, name, OvsOfctl.bridges(node));
        }
        OvsBridge physical = BridgeWiring.physical(integration);
        if (physical == null) {
            throw misuse("no patch port int-BRIDGE leads from " + name + " to a provider bridge");
        }
        return BridgeWiring.of(integration, physical);
    }

    private static long timeout(String text) {
        try {
            return text == null
                    ? NeutronAgent.TIMEOUT
                    : Math.max(1, LatencyCurve.parse("0:" + text).at(0));
        } catch (IllegalArgumentException e) {
            throw misuse("found --timeout " + text + ", expected a time such as 1s or 500ms");
        }
    }

    private static int tries(String text) {
        if (text == null) {
            return NeutronAgent.TRIES;
        } else if (!text.matches("[1-9]\\d{0,3}")) {
            throw misuse("found --tries " + text + ", expected a number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }
}
