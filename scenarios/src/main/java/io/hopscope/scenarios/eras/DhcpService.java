package io.hopscope.scenarios.eras;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.devices.DhcpSocket;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.programs.Dnsmasq;
import io.hopscope.devices.programs.Udhcpc;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** A DHCP server behind the first core. Both cores relay to it what is asked in the subnets (RFC 2131). */
final class DhcpService {
    /** Two broadcasts a client, when SONiC lets 300 DHCP packets a second through to the CPU. */
    static final long SPACING = 8_000_000_000L;
    /** A client that got no answer asks again twice, after three seconds each. */
    static final long PATIENCE = 10_000_000_000_000L;

    /** 192.168.254.0/24. */
    private static final Subnets OWN = new Subnets(0xc0a8fe00, 24, Layer2Fabric.SERVICES, 1, 1);

    private final Program udhcpc = new Udhcpc();

    /**
     * @param most leases
     */
    DhcpService(Network network, Layer2Fabric fabric, Subnets clients, long mac, int most) {
        fabric.gateways(OWN);
        Host host = new Host(network.node("dhcp1"), "");
        NetInterface eth0 = host.addInterface("eth0", mac);
        eth0.address(new InterfaceAddress(OWN.address(0, 0), OWN.length()));
        host.stack().route(Route.via(Prefix.ALL, OWN.gateway(0), eth0.index()));
        network.cable(eth0.port(), fabric.onCore("dhcp1", Layer2Fabric.SERVICES), CableSpec.DEFAULT);
        for (int core = 0; core < 2; core++) {
            for (int s = 0; s < clients.count(); s++) {
                DhcpSocket.relay(fabric.core(core).stack().find("vlan" + clients.vlan(s)), eth0.primary());
            }
        }
        List<String> words = words(clients, most);
        // A network without a run has no clock to start it by.
        host.node().at(0, now -> start(new Dnsmasq(), host, words, () -> {}, now));
    }

    /** It is told not to ping what it offers: that takes three seconds each, and it serves nobody else meanwhile. */
    private static List<String> words(Subnets clients, int most) {
        List<String> words = new ArrayList<>(List.of("dnsmasq", "--port=0", "--no-ping", "--dhcp-lease-max=" + most));
        for (int s = 0; s < clients.count(); s++) {
            String tag = "vlan" + clients.vlan(s);
            words.add("--dhcp-range=set:" + tag + "," + Ipv4Address.text(clients.first(s)) + ","
                    + Ipv4Address.text(clients.last(s)) + "," + Ipv4Address.text(Prefix.mask(clients.length()))
                    + ",12h");
            words.add("--dhcp-option=tag:" + tag + ",option:router," + Ipv4Address.text(clients.gateway(s)));
        }
        return words;
    }

    private static void start(Program program, Host host, List<String> words, Runnable ended, long now) {
        Node node = host.node();
        program.start(node, host, new Task(words, name -> null).whenEnded(ended), now);
    }

    /** Starts a client; once it has a lease it goes into the background. */
    void lease(NetInterface at, Host host, LongConsumer bound, long now) {
        List<String> words = List.of("udhcpc", "-i", at.name());
        start(udhcpc, host, words, () -> bound.accept(host.node().now()), now);
    }
}
