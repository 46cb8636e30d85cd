package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Port;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;

/** Linux's IPv4: routing, neighbours, ICMP, UDP. */
public final class IpStack {
    public IpStack(Device owner) {}

    public NetInterface add(String name, long mac, Port port, Egress egress) {
        return new NetInterface(this, name, 2, mac, port, egress);
    }

    void connected(NetInterface via, InterfaceAddress address) {}

    /** A frame addressed to the interface, or to all, untagged. */
    public void receive(NetInterface in, Port ingress, Frame frame, long now) {
        ingress.consume(frame);
    }

    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    public void wake(long now) {}

    public int held() {
        return 0;
    }

    public void release() {}
}
