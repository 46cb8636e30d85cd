package io.hopscope.scenarios.traffic;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import java.util.Arrays;

/** Writes packets of traffic: IPv4, UDP, {@link TrafficHeader} and zeros. */
final class Datagram {
    /** What is not zero: only this is summed up, since zeros add nothing to an RFC 1071 checksum. */
    private static final int WRITTEN = Udp.LENGTH + TrafficHeader.LENGTH;

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

    void seal(Frame frame) {
        int pseudo = Checksum.pseudo(ip.source(), ip.destination(), Ipv4.UDP, udp.length());
        int checksum = Checksum.of(pseudo + Checksum.sum(frame.bytes(), udp.at(), WRITTEN));
        udp.checksum(checksum == 0 ? 0xffff : checksum);
    }
}
