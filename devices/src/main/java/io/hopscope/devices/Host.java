package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.View;
import java.util.ArrayList;
import java.util.List;

/** The network stack of a virtual machine, a container or a server; a Linux router where forwarding is on. */
public final class Host extends Device implements StackOwner {
    private static final Egress WIRE = (via, frame) -> via.port().transmit(frame);

    private final IpStack stack = new IpStack(this);
    private List<Service> services = List.of();

    public Host(Node node, String name) {
        super(node, name, "host");
    }

    /** A network interface with a port of its name. */
    public NetInterface addInterface(String name, long mac) {
        Port port = addPort(name);
        NetInterface added =
                stack.add(name, mac, port, (via, frame) -> via.port().transmit(frame));
        port.attachment = added;
        return added;
    }

    /**
     * A hidden port by which a tunnel device gives packets of this host's own to the stack and takes what comes for its
     * UDP port: wire the tunnel's underlay port to it.
     */
    public Port addUnderlay(String name, int udpPort) {
        Port port = addPort(name).hide().immediate();
        stack.bind(udpPort, (in, ingress, frame, ip, udp, now) -> {
            if (frame.traced()) {
                ingress.because("UDP port " + udp.destinationPort() + " is " + name + "'s");
            }
            port.transmit(frame);
        });
        return port;
    }

    /** What runs here, in order of its start. */
    public List<Service> services() {
        return services;
    }

    public void begin(Service service) {
        services = services.isEmpty() ? new ArrayList<>(1) : services;
        services.add(service);
    }

    public void end(Service service) {
        if (!services.isEmpty()) {
            services.remove(service);
        }
    }

    @Override
    public IpStack stack() {
        return stack;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (ingress.attachment instanceof NetInterface in) {
            if (frame.length() >= Ethernet.LENGTH && foreign(in, View.get64(frame.bytes(), frame.start()) >>> 16)) {
                ingress.drop(frame, IpStack.Drop.OTHER_HOST);
                return;
            }
            stack.receive(in, ingress, frame, now);
        } else if (!stack.send(frame, now)) {
            ingress.drop(frame, IpStack.Drop.NO_ROUTE);
        }
        rearm();
    }

    private static boolean foreign(NetInterface in, long destination) {
        return destination != in.mac() && !MacAddress.isGroup(destination) && destination != in.virtualMac();
    }

    @Override
    public void rearm() {
        long deadline = stack.nextDeadline();
        if (deadline != Long.MAX_VALUE) {
            wakeAt(deadline);
        }
    }

    @Override
    protected void wake(long now) {
        stack.wake(now);
        rearm();
    }

    @Override
    protected int held() {
        return stack.held();
    }

    @Override
    protected void release() {
        stack.release();
    }
}
