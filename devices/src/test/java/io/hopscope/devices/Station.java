package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;

/** Sends bare Ethernet frames at given instants, and counts what comes. */
final class Station extends Device {
    private static final int EXPERIMENTAL = 0x88b5;

    private final Port port = addPort("eth0");
    private final long mac;
    private int heard;
    private int lastVid = -1;
    private boolean lastTagged;
    private int lastPriority;

    Station(Node node, long mac) {
        super(node, "", "station");
        this.mac = mac;
    }

    Port port() {
        return port;
    }

    long mac() {
        return mac;
    }

    int heard() {
        return heard;
    }

    /** VLAN id of the last frame; 0 for one without a tag. */
    int lastVid() {
        return lastVid;
    }

    boolean lastTagged() {
        return lastTagged;
    }

    /** Of the tag of the last frame; 0 without one. */
    int lastPriority() {
        return lastPriority;
    }

    void sends(long at, long destination) {
        sendsAs(at, mac, destination);
    }

    void sendsAs(long at, long source, long destination) {
        node().at(at, now -> port.transmit(frame(source, destination)));
    }

    void sendsTagged(long at, int tci, long destination) {
        node().at(at, now -> {
            Frame frame = frame(mac, destination);
            Vlan.push(frame, tci);
            port.transmit(frame);
        });
    }

    /** A tagged frame that ends behind its tag's type. */
    void sendsShort(long at, int tci, long destination) {
        node().at(at, now -> {
            Frame frame = frame(mac, destination);
            Vlan.push(frame, tci);
            frame.length(Ethernet.LENGTH + 2);
            port.transmit(frame);
        });
    }

    private Frame frame(long source, long destination) {
        Frame frame = node().originate(60);
        new Ethernet().wrap(frame).destination(destination).source(source).type(EXPERIMENTAL);
        return frame;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        Ethernet eth = new Ethernet().wrap(frame);
        heard++;
        lastTagged = eth.tagged();
        lastVid = eth.vid();
        lastPriority = lastTagged ? View.get16(frame.bytes(), frame.start() + 14) >>> 13 : 0;
        ingress.consume(frame);
    }
}
