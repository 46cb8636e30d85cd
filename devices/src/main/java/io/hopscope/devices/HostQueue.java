package io.hopscope.devices;

import io.hopscope.encap.Frame;
import io.hopscope.protocols.tcp.TcpSocket;

/**
 * What a connection has in the queues of its own host, so that it does not fill them (TCP small queues). A stack that goes
 * to another node leaves this behind: the frames left there belong to another thread.
 */
final class HostQueue implements Frame.Departure {
    private final TcpLayer layer;
    /** Null when it has gone. */
    private TcpSocket socket;

    private HostQueue(TcpSocket socket, TcpLayer layer) {
        this.socket = socket;
        this.layer = layer;
    }

    static void add(TcpSocket socket, TcpLayer layer, Frame frame, int bytes) {
        if (socket.below == null) {
            socket.below = new HostQueue(socket, layer);
        }
        frame.departure = (HostQueue) socket.below;
        socket.queued(bytes);
    }

    static void leave(TcpSocket socket) {
        if (socket.below instanceof HostQueue left) {
            left.socket = null;
            socket.below = null;
            socket.moved();
        }
    }

    @Override
    public void left(Frame frame) {
        if (socket != null) {
            socket.departed(layer.stack().node().now());
        }
    }
}
