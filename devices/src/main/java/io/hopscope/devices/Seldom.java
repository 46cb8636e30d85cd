package io.hopscope.devices;

import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.dhcp.DhcpRelay;
import io.hopscope.protocols.tcp.TcpSettings;
import java.util.List;

/** What most stacks of a large network never need: made at first use, so that the rest lies close together. */
final class Seldom {
    IcmpReplies icmpReplies;
    TcpLayer tcp;
    TcpSettings tcpSettings;
    Reassembly reassembly;
    List<VrrpGroup> groups = List.of();
    List<Service> services = List.of();
    DhcpRelay relay;
    boolean acceptsGratuitous;
    IpStack.NeighbourWatch watch;
    IpStack.ForwardFilter filter;
    Netfilter netfilter;
    StackMemory memory;
    NameService names;
    HostFiles files;
    /** UDP sockets of programs. */
    List<UdpEndpoint> endpoints = List.of();

    PathCache paths;
    RoutingPolicy policy;
    Sysctls sysctls;
    NetInterface loopback;
    /** 0 before anything was spread. */
    long hashSeed;

    /** What a stack needs that may go to another node. */
    Luggage luggage;
    /** The stack that was here before this empty one, and may still be on its way. */
    IpStack gone;
}
