package io.hopscope.devices;

/** What a host counts of IPv4, ICMP and UDP (net/ipv4/proc.c), by the names of {@code nstat}; TCP has its own. */
public enum IpCounter {
    IN_RECEIVES("IpInReceives"),
    IN_HDR_ERRORS("IpInHdrErrors"),
    IN_ADDR_ERRORS("IpInAddrErrors"),
    FORW_DATAGRAMS("IpForwDatagrams"),
    IN_UNKNOWN_PROTOS("IpInUnknownProtos"),
    IN_DELIVERS("IpInDelivers"),
    OUT_REQUESTS("IpOutRequests"),
    OUT_NO_ROUTES("IpOutNoRoutes"),
    REASM_TIMEOUT("IpReasmTimeout"),
    REASM_REQDS("IpReasmReqds"),
    REASM_OKS("IpReasmOKs"),
    REASM_FAILS("IpReasmFails"),
    FRAG_OKS("IpFragOKs"),
    FRAG_FAILS("IpFragFails"),
    FRAG_CREATES("IpFragCreates"),
    OUT_TRANSMITS("IpOutTransmits"),
    IN_NO_ROUTES("IpExtInNoRoutes"),
    IN_TRUNCATED_PKTS("IpExtInTruncatedPkts"),
    IN_MCAST_PKTS("IpExtInMcastPkts"),
    OUT_MCAST_PKTS("IpExtOutMcastPkts"),
    IN_BCAST_PKTS("IpExtInBcastPkts"),
    OUT_BCAST_PKTS("IpExtOutBcastPkts"),
    IN_OCTETS("IpExtInOctets"),
    OUT_OCTETS("IpExtOutOctets"),
    IN_MCAST_OCTETS("IpExtInMcastOctets"),
    OUT_MCAST_OCTETS("IpExtOutMcastOctets"),
    IN_BCAST_OCTETS("IpExtInBcastOctets"),
    OUT_BCAST_OCTETS("IpExtOutBcastOctets"),
    IN_CSUM_ERRORS("IpExtInCsumErrors"),
    IN_NO_ECT_PKTS("IpExtInNoECTPkts"),
    IN_ECT1_PKTS("IpExtInECT1Pkts"),
    IN_ECT0_PKTS("IpExtInECT0Pkts"),
    IN_CE_PKTS("IpExtInCEPkts"),
    REASM_OVERLAPS("IpExtReasmOverlaps"),
    REVERSE_PATH_FILTER("TcpExtIPReversePathFilter"),
    ICMP_IN_MSGS("IcmpInMsgs"),
    ICMP_IN_ERRORS("IcmpInErrors"),
    ICMP_IN_CSUM_ERRORS("IcmpInCsumErrors"),
    ICMP_OUT_MSGS("IcmpOutMsgs"),
    ICMP_OUT_RATE_LIMIT_GLOBAL("IcmpOutRateLimitGlobal"),
    ICMP_OUT_RATE_LIMIT_HOST("IcmpOutRateLimitHost"),
    UDP_IN_DATAGRAMS("UdpInDatagrams"),
    UDP_NO_PORTS("UdpNoPorts"),
    UDP_IN_ERRORS("UdpInErrors"),
    UDP_OUT_DATAGRAMS("UdpOutDatagrams"),
    UDP_IN_CSUM_ERRORS("UdpInCsumErrors");

    private final String text;

    IpCounter(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
