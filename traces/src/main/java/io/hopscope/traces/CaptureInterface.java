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
    public CaptureInterface(String name) {
        this(name, "", 0, 0);
    }

    /** Says of a port what the port itself knows. */
    public static CaptureInterface of(Port port) {
        return new CaptureInterface(port.toString(), port.device().kind() + " port", 0, port.mac());
    }
}
