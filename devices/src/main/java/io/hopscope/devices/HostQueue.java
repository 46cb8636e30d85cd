package io.hopscope.devices;

import io.hopscope.encap.Frame;
import io.hopscope.protocols.tcp.LocalQueue;
import io.hopscope.protocols.tcp.TcpSocket;

/**
 * A connection's segments in the queues of its own host. A stack that goes to another node leaves this behind: the frames
 * left there belong to another thread.
 */
final class HostQueue extends LocalQueue implements Frame.Departure {
    private final TcpLayer layer;
    private boolean left;

    HostQueue(TcpLayer layer) {
        this.layer = layer;
    }

    void add(TcpSocket of, Frame frame, int bytes) {
        frame.departure = this;
        add(of, bytes);
    }

    void abandon() {
        left = true;
        leave();
    }

    @Override
    public void left(Frame frame) {
        if (!left && layer.powered() && remove(layer.now())) {
            layer.spare(this);
        }
    }
}
