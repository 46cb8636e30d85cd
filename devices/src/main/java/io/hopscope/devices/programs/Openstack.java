package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import io.hopscope.devices.neutron.BridgeWiring;
import io.hopscope.devices.neutron.IpamService;
import io.hopscope.devices.neutron.NeutronAgent;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.ipam.IpamServer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code openstack} as far as instances and ports go. On a compute node {@code server create} does what nova-compute does
 * for an instance of that node: plugs it, has the agent ask for a port, and ends when the instance has its address.
 */
public final class Openstack implements Program {
    private static final List<String> VERBS = List.of("server create", "server delete", "port list");

    @Override
    public String name() {
        return "openstack";
    }

    @Override
    public String summary() {
        return "server create --network VLAN INSTANCE, server delete INSTANCE; port list where neutron-server runs";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        try {
            parse(node, host, task).run(task, now);
        } catch (Misuse e) {
            e.tell(task);
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, host, task));
    }

    private static Step parse(Node node, Host host, Task task) {
        LongOptions options = new LongOptions("openstack", task.arguments(), List.of("--network"));
        List<String> words = options.operands();
        String verb = String.join(" ", words.subList(0, Math.min(2, words.size())));
        if (!VERBS.contains(verb)) {
            throw new Misuse(2, "openstack: '" + verb + "' is not an openstack command", verb, VERBS);
        } else if (host == null) {
            throw new Misuse(1, "no network stack on " + node.name());
        } else if (words.size() != (verb.equals("port list") ? 2 : 3)) {
            throw new Misuse(2, "openstack " + verb + ": error: wrong number of words");
        }
        switch (verb) {
            case "port list" -> {
                return (run, now) -> list(server(host), run);
            }
            case "server delete" -> {
                NetInterface instance = instance(node, words.get(2));
                return (run, now) -> delete(agent(node, host), instance, run, now);
            }
            default -> {
                int network = network(options.last("--network"));
                NetInterface instance = instance(node, words.get(2));
                return (run, now) -> create(agent(node, host), instance, network, run, now);
            }
        }
    }

    private static int network(String text) {
        if (text == null || !text.matches("\\d{1,4}")) {
            throw new Misuse(2, "openstack server create: error: --network VLAN is needed");
        }
        return Integer.parseInt(text);
    }

    /** The first interface of an instance of the node, which is wired to a port of an integration bridge. */
    private static NetInterface instance(Node node, String name) {
        List<String> names = new ArrayList<>();
        for (var device : node.devices()) {
            if (device instanceof Host vm && !vm.name().isEmpty() && plugged(vm)) {
                if (vm.name().equals(name)) {
                    return vm.stack().interfaces().get(0);
                }
                names.add(vm.name());
            }
        }
        throw new Misuse(1, "No Server found for " + name, name, names);
    }

    private static boolean plugged(Host vm) {
        List<NetInterface> all = vm.stack().interfaces();
        return !all.isEmpty()
                && all.get(0).port().peer() != null
                && all.get(0).port().peer().device() instanceof OvsBridge bridge
                && BridgeWiring.physical(bridge) != null;
    }

    private static NeutronAgent agent(Node node, Host host) {
        NeutronAgent agent = NeutronAgent.of(host);
        if (agent == null) {
            throw new Misuse(1, "PortBindingFailed: no neutron-openvswitch-agent runs on " + node.name());
        }
        return agent;
    }

    private static void create(NeutronAgent agent, NetInterface instance, int network, Task task, long now) {
        if (!instance.addresses().isEmpty()) {
            throw new Misuse(1, "the instance has an address already: " + instance.addresses());
        }
        agent.plug(instance, network, (error, later) -> ended(error, instance, network, task), now);
    }

    private static void ended(String error, NetInterface instance, int network, Task task) {
        if (error != null) {
            task.line(error);
            task.exit(1);
            return;
        }
        Table table = new Table("Field", "Value");
        InterfaceAddress address = instance.addresses().get(0);
        table.row("addresses", network + "=" + Ipv4Address.text(address.address()));
        table.row("mac_address", MacAddress.text(instance.mac()));
        table.row("name", instance.stack().title());
        table.row("status", "ACTIVE");
        table.print(task);
        task.exit(0);
    }

    private static void delete(NeutronAgent agent, NetInterface instance, Task task, long now) {
        if (instance.addresses().isEmpty()) {
            throw new Misuse(1, "the instance has no port");
        }
        agent.unplug(
                instance,
                (error, later) -> {
                    if (error != null) {
                        task.line(error);
                    }
                    task.exit(error == null ? 0 : 1);
                },
                now);
    }

    private static IpamServer server(Host host) {
        for (Service each : host.services()) {
            if (each instanceof IpamService found) {
                return found.server();
            }
        }
        throw new Misuse(1, "Failed to contact the endpoint: no neutron-server runs there");
    }

    private static void list(IpamServer server, Task task) {
        Table table = new Table("Name", "MAC Address", "Fixed IP Addresses", "Network", "Host");
        for (IpamServer.Entry each : server.ports()) {
            table.row(
                    each.device(),
                    MacAddress.text(each.mac()),
                    Ipv4Address.text(each.address()),
                    String.valueOf(each.network().vlan()),
                    each.host());
        }
        table.print(task);
        task.exit(0);
    }
}
