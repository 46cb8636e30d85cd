package io.hopscope.devices;

import io.hopscope.core.DropReason;
import io.hopscope.core.Port;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vrrp;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.vrrp.VirtualRouter;
import io.hopscope.protocols.vrrp.VrrpSettings;

/**
 * An interface's part in a virtual router (RFC 5798): as master it has the addresses and the MAC 00:00:5e:00:01:VRID, and
 * says so. Packets to the addresses are taken (Accept_Mode true), as FRR and keepalived do. One group an interface.
 */
public final class VrrpGroup implements VirtualRouter.Owner {
    /** Why an advertisement is not heeded. */
    enum Drop implements DropReason {
        NO_ADVERTISEMENT("no VRRPv3 advertisement"),
        TTL_NOT_255("VRRP with a TTL other than 255: not from this link"),
        BAD_CHECKSUM("VRRP checksum wrong"),
        OTHER_GROUP("a virtual router that this one takes no part in");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private final NetInterface via;
    private final IpStack stack;
    private final VirtualRouter machine;
    private final int[] addresses;
    private final long mac;
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Vrrp vrrp = new Vrrp();

    VrrpGroup(NetInterface via, VrrpSettings settings, int[] addresses) {
        this.via = via;
        this.stack = via.stack();
        this.addresses = addresses.clone();
        machine = new VirtualRouter(settings, this);
        mac = Vrrp.mac(settings.vrid());
    }

    public VirtualRouter machine() {
        return machine;
    }

    public int[] addresses() {
        return addresses.clone();
    }

    /** Whether the address is the virtual router's. */
    boolean covers(int address) {
        for (int each : addresses) {
            if (each == address) {
                return true;
            }
        }
        return false;
    }

    /** A packet to 224.0.0.18: it ends here. */
    void receive(Port ingress, Frame frame, Ipv4 packet, long now) {
        int at = packet.payload();
        if (!Vrrp.fits(frame.bytes(), at, packet.limit())) {
            ingress.drop(frame, Drop.NO_ADVERTISEMENT);
        } else if (packet.ttl() != 255) {
            ingress.drop(frame, Drop.TTL_NOT_255);
        } else if (!vrrp.wrap(frame.bytes(), at).checksumOk(packet.source(), packet.destination())) {
            ingress.drop(frame, Drop.BAD_CHECKSUM);
        } else if (vrrp.vrid() != machine.settings().vrid()) {
            ingress.drop(frame, Drop.OTHER_GROUP);
        } else {
            if (frame.traced()) {
                ingress.because("VRRP " + vrrp.vrid() + ", priority " + vrrp.priority() + "; this router is "
                        + machine.state());
            }
            int priority = vrrp.priority();
            long interval = vrrp.interval();
            int source = packet.source();
            ingress.consume(frame);
            machine.heard(priority, interval, source, now);
        }
    }

    @Override
    public void advertise(int priority, long now) {
        int length = Vrrp.length(addresses.length);
        Frame frame = stack.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + length);
        eth.wrap(frame).destination(Vrrp.GROUP_MAC).source(mac).type(Ethernet.IPV4);
        int source = machine.settings().primary();
        ip.wrap(frame, eth.end())
                .start(Ipv4.LENGTH + length)
                .id(stack.nextIdentification())
                .ttl(255)
                .protocol(Vrrp.PROTOCOL)
                .source(source)
                .destination(Vrrp.GROUP)
                .seal();
        vrrp.wrap(frame.bytes(), eth.end() + Ipv4.LENGTH)
                .start(machine.settings().vrid(), addresses.length)
                .priority(priority)
                .interval(machine.settings().interval());
        for (int i = 0; i < addresses.length; i++) {
            vrrp.address(i, addresses[i]);
        }
        vrrp.seal(source, Vrrp.GROUP);
        if (frame.traced()) {
            stack.node().remark("VRRP " + machine.settings().vrid() + ": " + machine.state());
        }
        via.egress.send(via, frame);
    }

    @Override
    public void takeOver(long now) {
        via.virtualMac(mac);
        for (int address : addresses) {
            if (!via.owns(address)) {
                stack.route(Route.local(address, via.index()));
            }
            announce(address);
        }
    }

    /** Power is lost. */
    void forget() {
        machine.forget();
        via.virtualMac(0);
    }

    @Override
    public void giveUp(long now) {
        via.virtualMac(0);
        for (int address : addresses) {
            if (!via.owns(address)) {
                stack.fib().remove(Route.local(address, via.index()));
            }
        }
    }

    private void announce(int address) {
        Frame frame = stack.node().originate(Ethernet.LENGTH + Arp.LENGTH);
        eth.wrap(frame).destination(Ethernet.BROADCAST).source(mac).type(Ethernet.ARP);
        new Arp()
                .wrap(frame, eth.end())
                .start(Arp.REQUEST)
                .senderMac(mac)
                .senderIp(address)
                .targetMac(0)
                .targetIp(address);
        if (frame.traced()) {
            stack.node()
                    .remark("VRRP: " + Ipv4Address.text(address) + " is at " + MacAddress.text(mac)
                            + " here from now on");
        }
        via.egress.send(via, frame);
    }
}
