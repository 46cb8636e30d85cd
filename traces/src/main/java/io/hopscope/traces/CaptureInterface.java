package io.hopscope.traces;

import io.hopscope.core.Port;

/**
 * What a capture says about the port that packets were seen at.
 *
 * @param name the whole name of the port, or "" if the file has none
 * @param description what it is, or ""
 * @param speed in bits per second, 0 if it has none of its own
 * @param mac 48 bits, 0 if it has none
 */
public record CaptureInterface(String name, String description, long speed, long mac) {
    /** Behind the name of a port: packets that died there, and that no interface had at that instant. */
    static final String LOST = " lost";

    public CaptureInterface(String name) {
        this(name, "", 0, 0);
    }

    /** Says of a port what the port itself knows. */
    public static CaptureInterface of(Port port) {
        return new CaptureInterface(port.toString(), port.device().kind() + " port", 0, port.mac());
    }

    /** The same for packets that died where they were kept, or before they went out: Wireshark would see them twice. */
    static CaptureInterface lostAt(Port port) {
        return new CaptureInterface(port + LOST, "packets that died here without being on the wire", 0, port.mac());
    }

    /** The port that an interface of a capture stands for. */
    static String port(String name) {
        return name.endsWith(LOST) ? name.substring(0, name.length() - LOST.length()) : name;
    }
}
