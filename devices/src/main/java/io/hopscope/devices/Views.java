package io.hopscope.devices;

import io.hopscope.core.Node;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;

/**
 * The header views that the stacks of one node look through, and the ways in and out that work with them. One node is run by one thread, and one stack at a time, so a
 * server with a hundred containers needs them once.
 */
final class Views {
    final Ethernet eth = new Ethernet();
    final Ipv4 ip = new Ipv4();
    final Udp udp = new Udp();
    final Ethernet neighbourEth = new Ethernet();
    final Arp arp = new Arp();
    final Ipv4 waitingIp = new Ipv4();
    final Ethernet errorEth = new Ethernet();
    final Ipv4 causeIp = new Ipv4();
    final Ipv4 madeIp = new Ipv4();
    final Icmp icmp = new Icmp();
    final Icmp madeIcmp = new Icmp();

    final RouteLookup routes = new RouteLookup();
    final Splitter splitter = new Splitter();
    /** Of the node's own network namespace, which bridges share; null where nobody asked for it. */
    Netfilter netfilter;

    final IpOutput output;
    final IpInput input;

    private Views() {
        output = new IpOutput(this);
        input = new IpInput(this);
    }

    /** For a stack that may go to another node. */
    static Views own() {
        return new Views();
    }

    static Views of(Node node) {
        if (!(node.attachment instanceof Views)) {
            node.attachment = new Views();
        }
        return (Views) node.attachment;
    }
}
