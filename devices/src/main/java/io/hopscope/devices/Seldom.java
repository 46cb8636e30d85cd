package io.hopscope.devices;

import io.hopscope.protocols.dhcp.DhcpRelay;
import java.util.List;
import java.util.Map;

/** What most stacks of a large network never need: made at first use, so that the rest lies close together. */
final class Seldom {
    IcmpReplies icmpReplies;
    Fragments fragments;
    TcpLayer tcp;
    List<VrrpGroup> groups = List.of();
    List<Service> services = List.of();
    DhcpRelay relay;
    boolean acceptsGratuitous;
    IpStack.NeighbourWatch watch;
    IpStack.ForwardFilter filter;
    Netfilter netfilter;
    StackMemory memory;
    NameService names;
    /** UDP sockets of programs. */
    List<UdpEndpoint> endpoints = List.of();

    /** What ICMP said about paths (route exceptions). */
    Map<Integer, Integer> pathMtu = Map.of();

    /** What a stack needs that may go to another node. */
    Luggage luggage;
    /** The stack that was here before this empty one, and may still be on its way. */
    IpStack gone;
}
