package io.hopscope.devices;

import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.dhcp.DhcpRelay;
import io.hopscope.protocols.tcp.TcpSettings;
import java.util.List;
import java.util.Map;

/** What most stacks of a large network never need: made at first use, so that the rest lies close together. */
final class Seldom {
    IcmpReplies icmpReplies;
    TcpLayer tcp;
    /** Until then TCP does nothing of its own accord: what this host tells itself is on its way. */
    long hears;

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
    /** The number of the process that began last. */
    int pid;
    /** What {@code nstat} told last; empty before. */
    Map<String, Long> told = Map.of();
    /** What is counted now and then; null before. */
    Tally tally;

    /** What a stack needs that may go to another node. */
    Luggage luggage;
    /** The stack that was here before this empty one, and may still be on its way. */
    IpStack gone;
}
