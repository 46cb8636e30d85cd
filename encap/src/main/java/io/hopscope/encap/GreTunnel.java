package io.hopscope.encap;

/**
 * IPv4 in GRE (RFC 2784), without key, checksum or sequence numbers when sent; a key (RFC 2890) is read when received,
 * checksums and sequence numbers are skipped.
 */
public final class GreTunnel implements Tunnel {
    private static final int HEADERS = Ipv4.LENGTH + Gre.LENGTH;

    private final Ethernet eth = new Ethernet();
    private final Ipv4 inner = new Ipv4();
    private final Ipv4 ip = new Ipv4();
    private final Gre gre = new Gre();

    @Override
    public String name() {
        return "gre";
    }

    @Override
    public int overhead() {
        return HEADERS;
    }

    @Override
    public boolean carriesEthernet() {
        return false;
    }

    @Override
    public void encapsulate(Frame frame, Outer outer) {
        int start = frame.push(HEADERS);
        eth.wrap(frame, start)
                .destination(outer.destinationMac())
                .source(outer.sourceMac())
                .type(Ethernet.IPV4);
        inner.wrap(frame, eth.end() + HEADERS);
        ip.wrap(frame, eth.end())
                .start(inner.totalLength() + HEADERS)
                .tos(inner.tos())
                .df(outer.df() || inner.df())
                .ttl(outer.ttl() == 0 ? inner.ttl() : outer.ttl())
                .protocol(Ipv4.GRE)
                .source(outer.source())
                .destination(outer.destination())
                .seal();
        gre.wrap(frame, ip.end()).start(Ethernet.IPV4);
    }

    @Override
    public long decapsulate(Frame frame) {
        if (!Ethernet.fits(frame) || eth.wrap(frame).type() != Ethernet.IPV4) return NOT_MINE;
        if (!Ipv4.fits(frame, eth.end()) || !ip.wrap(frame, eth.end()).checksumOk()) return NOT_MINE;
        if (ip.protocol() != Ipv4.GRE || ip.fragment()) return NOT_MINE;
        if (!Gre.fits(frame.bytes(), ip.end(), ip.limit())) return NOT_MINE;
        gre.wrap(frame, ip.end());
        if (gre.protocol() != Ethernet.IPV4 || !Ipv4.fits(frame.bytes(), gre.end(), ip.limit())) return NOT_MINE;
        long key = gre.key() & 0xffff_ffffL;
        long destination = eth.destination();
        long source = eth.source();
        int headers = gre.end() - ip.at();
        frame.length(ip.limit() - frame.start());
        eth.wrap(frame, frame.pull(headers))
                .destination(destination)
                .source(source)
                .type(Ethernet.IPV4);
        return key;
    }
}
