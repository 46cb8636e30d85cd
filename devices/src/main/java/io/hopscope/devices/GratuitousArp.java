package io.hopscope.devices;

import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.MacAddress;

/** ARP that nobody asked for (RFC 5227, section 3): tells switches and neighbours where an address is. */
public final class GratuitousArp {
    private GratuitousArp() {}

    /** A request for each address of an interface, from a MAC of its own or a virtual one, as RFC 5798 has masters do. */
    public static void announce(NetInterface of, long mac) {
        announce(of, mac, "announces virtual MAC " + MacAddress.text(mac));
    }

    /**
     * As {@link #announce(NetInterface, long)}.
     *
     * @param why said of it where it is traced
     */
    public static void announce(NetInterface of, long mac, String why) {
        for (InterfaceAddress each : of.addresses()) {
            Frame frame = of.stack().node().originate(Ethernet.LENGTH + Arp.LENGTH);
            Ethernet eth = new Ethernet().wrap(frame);
            eth.destination(Ethernet.BROADCAST).source(mac).type(Ethernet.ARP);
            new Arp()
                    .wrap(frame, eth.end())
                    .start(Arp.REQUEST)
                    .senderMac(mac)
                    .senderIp(each.address())
                    .targetMac(0)
                    .targetIp(each.address());
            if (frame.traced()) {
                of.stack().node().remark("gratuitous ARP: " + why);
            }
            of.egress.send(of, frame);
        }
    }
}
