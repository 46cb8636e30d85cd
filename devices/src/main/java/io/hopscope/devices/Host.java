package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Frame;

/** The network stack of a virtual machine, a container or a server. */
public final class Host extends Device {
    private final IpStack stack = new IpStack(this);

    public Host(Node node, String name) {
        super(node, name, "host");
    }

    public NetInterface addInterface(String name, long mac) {
        Port port = addPort(name);
        NetInterface added =
                stack.add(name, mac, port, (via, frame) -> via.port().transmit(frame));
        port.attachment = added;
        return added;
    }

    public IpStack stack() {
        return stack;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        stack.receive((NetInterface) ingress.attachment, ingress, frame, now);
    }
}
