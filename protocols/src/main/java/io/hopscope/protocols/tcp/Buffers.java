package io.hopscope.protocols.tcp;

import java.util.ArrayList;
import java.util.List;

/** Buffers that connections of a host do not need while they are idle. */
final class Buffers {
    /** As many are kept, and none that is larger. */
    private static final int SPARE = 64;

    private static final int MOST = 65_536;

    private final List<SendBuffer> sends = new ArrayList<>();
    private final List<ReceiveBuffer> receives = new ArrayList<>();

    SendBuffer send() {
        return sends.isEmpty() ? new SendBuffer() : sends.remove(sends.size() - 1);
    }

    ReceiveBuffer receive() {
        return receives.isEmpty() ? new ReceiveBuffer() : receives.remove(receives.size() - 1);
    }

    /** SND.UNA has advanced; a buffer with nothing in it is somebody else's. */
    void acknowledged(Connection c) {
        SendBuffer buffer = c.unsent;
        buffer.acknowledge(c.sndUna);
        if (!Seq.before(c.sndUna, c.writeSeq)) {
            c.unsent = null;
            if (sends.size() < SPARE && buffer.size() <= MOST) {
                sends.add(buffer);
            }
        }
    }

    /** The application has read, or a gap was filled. */
    void read(Connection c) {
        ReceiveBuffer buffer = c.received;
        boolean unread = c.rcvNxt - c.copiedSeq - (c.finReceived ? 1 : 0) != 0;
        if (buffer == null || unread || c.dsack || !buffer.empty()) {
            return;
        }
        c.received = null;
        if (receives.size() < SPARE && buffer.size() <= MOST) {
            receives.add(buffer);
        }
    }
}
