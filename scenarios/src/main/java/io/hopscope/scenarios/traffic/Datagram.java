package io.hopscope.scenarios.traffic;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import java.util.Arrays;

/** Writes packets of traffic: IPv4, UDP, {@link TrafficHeader} and zeros. */
final class Datagram {
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private final TrafficHeader header = new TrafficHeader();

    /** Where the header of traffic is to be set; then {@link #seal}. */
    TrafficHeader start(Frame frame, int source, int destination, int sourcePort, int destinationPort) {
        int at = frame.start() + Ethernet.LENGTH;
        int total = frame.length() - Ethernet.LENGTH;
        ip.wrap(frame, at)
                .start(total)
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(destination)
                .seal();
        udp.wrap(frame, at + Ipv4.LENGTH).set(sourcePort, destinationPort, total - Ipv4.LENGTH);
        int end = udp.end() + TrafficHeader.LENGTH;
        if (end < frame.end()) {
            Arrays.fill(frame.bytes(), end, frame.end(), (byte) 0);
        }
        return header.wrap(frame.bytes(), udp.end());
    }

    /** The zeros add nothing to the sum (RFC 1071): only what was written is added up. */
    void seal() {
        int pseudo = Checksum.pseudo(ip.source(), ip.destination(), Ipv4.UDP, udp.length());
        int ports = udp.sourcePort() + udp.destinationPort() + udp.length();
        int checksum = Checksum.of(pseudo + ports + header.sum());
        udp.checksum(checksum == 0 ? 0xffff : checksum);
    }
}
