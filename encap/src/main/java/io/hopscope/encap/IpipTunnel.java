package io.hopscope.encap;

/** IPv4 in IPv4 (RFC 2003): DF and type of service are copied from the inner packet; no tunnel path MTU is kept here. */
public final class IpipTunnel implements Tunnel {
    private final Ethernet eth = new Ethernet();
    private final Ipv4 inner = new Ipv4();
    private final Ipv4 ip = new Ipv4();

    @Override
    public String name() {
        return "ipip";
    }

    @Override
    public int overhead() {
        return Ipv4.LENGTH;
    }

    @Override
    public boolean carriesEthernet() {
        return false;
    }

    @Override
    public void encapsulate(Frame frame, Outer outer) {
        int start = frame.push(Ipv4.LENGTH);
        eth.wrap(frame, start)
                .destination(outer.destinationMac())
                .source(outer.sourceMac())
                .type(Ethernet.IPV4);
        inner.wrap(frame, eth.end() + Ipv4.LENGTH);
        ip.wrap(frame, eth.end())
                .start(inner.totalLength() + Ipv4.LENGTH)
                .tos(inner.tos())
                .df(outer.df() || inner.df())
                .ttl(outer.ttl() == 0 ? inner.ttl() : outer.ttl())
                .protocol(Ipv4.IPIP)
                .source(outer.source())
                .destination(outer.destination())
                .seal();
    }

    @Override
    public long decapsulate(Frame frame) {
        if (!Ethernet.fits(frame) || eth.wrap(frame).type() != Ethernet.IPV4) return NOT_MINE;
        if (!Ipv4.fits(frame, eth.end()) || !ip.wrap(frame, eth.end()).checksumOk()) return NOT_MINE;
        if (ip.protocol() != Ipv4.IPIP || ip.fragment()) return NOT_MINE;
        if (!Ipv4.fits(frame.bytes(), ip.end(), ip.limit())) return NOT_MINE;
        long destination = eth.destination();
        long source = eth.source();
        frame.length(ip.limit() - frame.start());
        eth.wrap(frame, frame.pull(ip.headerLength()))
                .destination(destination)
                .source(source)
                .type(Ethernet.IPV4);
        return 0;
    }
}
