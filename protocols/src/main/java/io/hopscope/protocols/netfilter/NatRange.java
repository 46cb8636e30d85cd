package io.hopscope.protocols.netfilter;

/** What a NAT target lets an address and a port become (nf_nat_range2). */
final class NatRange {
    int least;
    int most;
    boolean addresses;
    int leastPort;
    int mostPort;
    boolean ports;
    /** --random and --random-fully: the port is drawn, even where the old one is free. */
    boolean random;
    /** The same client keeps its address in a range. */
    boolean persistent;

    NatRange clear() {
        addresses = false;
        ports = false;
        random = false;
        persistent = false;
        return this;
    }

    NatRange address(int one) {
        return addresses(one, one);
    }

    NatRange addresses(int from, int to) {
        least = from;
        most = to;
        addresses = true;
        return this;
    }

    NatRange ports(int from, int to) {
        leastPort = from;
        mostPort = to;
        ports = true;
        return this;
    }

    void set(NatRange other) {
        least = other.least;
        most = other.most;
        addresses = other.addresses;
        leastPort = other.leastPort;
        mostPort = other.mostPort;
        ports = other.ports;
        random = other.random;
        persistent = other.persistent;
    }

    boolean takes(int address) {
        return !addresses
                || Integer.compareUnsigned(address, least) >= 0 && Integer.compareUnsigned(address, most) <= 0;
    }
}
