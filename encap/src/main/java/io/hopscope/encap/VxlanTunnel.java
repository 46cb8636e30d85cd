package io.hopscope.encap;

/**
 * VXLAN (RFC 7348), received on ports 4789 and 8472 unless another is named; no propagation of congestion marks (RFC
 * 6040).
 */
public final class VxlanTunnel implements Tunnel {
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private final Vxlan vxlan = new Vxlan();
    private final int only;

    public VxlanTunnel() {
        this(0);
    }

    /**
     * @param port the only UDP port that is received; 0 for 4789 and 8472
     */
    public VxlanTunnel(int port) {
        only = port;
    }

    @Override
    public String name() {
        return "vxlan";
    }

    @Override
    public int overhead() {
        return Vxlan.OVERHEAD;
    }

    @Override
    public boolean carriesEthernet() {
        return true;
    }

    @Override
    public void encapsulate(Frame frame, Outer outer) {
        int inner = frame.length();
        int sourcePort = FlowHash.vxlanPort(FlowHash.of(frame, frame.start()));
        eth.wrap(frame, frame.push(Vxlan.OVERHEAD))
                .destination(outer.destinationMac())
                .source(outer.sourceMac())
                .type(Ethernet.IPV4);
        ip.wrap(frame, eth.end())
                .start(inner + Vxlan.OVERHEAD - Ethernet.LENGTH)
                .df(outer.df())
                .ttl(outer.ttl() == 0 ? 64 : outer.ttl())
                .protocol(Ipv4.UDP)
                .source(outer.source())
                .destination(outer.destination())
                .seal();
        udp.wrap(frame, ip.end()).set(sourcePort, outer.port(), inner + Udp.LENGTH + Vxlan.LENGTH);
        vxlan.wrap(frame, udp.end()).vni(outer.key());
        if (outer.udpChecksum()) udp.seal(outer.source(), outer.destination());
    }

    @Override
    public long decapsulate(Frame frame) {
        if (!Ethernet.fits(frame) || eth.wrap(frame).type() != Ethernet.IPV4) return NOT_MINE;
        if (!Ipv4.fits(frame, eth.end()) || !ip.wrap(frame, eth.end()).checksumOk()) return NOT_MINE;
        if (ip.protocol() != Ipv4.UDP || ip.fragment()) return NOT_MINE;
        if (!Udp.fits(frame.bytes(), ip.end(), ip.limit())) return NOT_MINE;
        udp.wrap(frame, ip.end());
        int port = udp.destinationPort();
        int end = udp.at() + udp.length();
        boolean mine = only == 0 ? port == Vxlan.PORT || port == Vxlan.LINUX_PORT : port == only;
        if (!mine || !udp.checksumOk(ip.source(), ip.destination())) {
            return NOT_MINE;
        }
        if (!Vxlan.fits(frame.bytes(), udp.end(), end) || end - udp.end() < Vxlan.LENGTH + Ethernet.LENGTH) {
            return NOT_MINE;
        }
        int vni = vxlan.wrap(frame, udp.end()).vni();
        frame.length(end - frame.start());
        frame.pull(vxlan.end() - frame.start());
        return vni;
    }
}
