package io.hopscope.protocols.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Tcp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A listener whose queues are full, with more than one client. */
class ListenerTest {
    private final TcpSettings settings = new TcpSettings();
    private final List<String> sent = new ArrayList<>();
    private long now;
    private int answered;

    private final TcpTable table = new TcpTable(
            settings,
            new Wire() {
                @Override
                public boolean send(Endpoint from, Segment segment, long at) {
                    String flags = (segment.has(Tcp.SYN) ? "S" : "") + (segment.has(Tcp.RST) ? "R" : "");
                    sent.add(from.remotePort() + " " + flags + (segment.has(Tcp.ACK) ? "." : ""));
                    answered = segment.seq;
                    return true;
                }

                @Override
                public int mtu(int local, int remote) {
                    return 1500;
                }

                @Override
                public void rearm() {}
            },
            new Link.Random(1)::next);

    private void receive(int port, int flags, int seq, int ack) {
        Segment segment = new Segment().clear();
        segment.flags = flags;
        segment.seq = seq;
        segment.ack = ack;
        segment.window = 60_000;
        segment.bytes = new byte[0];
        table.receive(1, 2, segment, 80, port, now);
    }

    /** Returns what the SYN,ACK had as its number. */
    private int syn(int port) {
        receive(port, Tcp.SYN, 77, 0);
        return answered;
    }

    private void ack(int port, int isn) {
        receive(port, Tcp.ACK, 78, isn + 1);
    }

    private void pass(long span) {
        long until = now + span;
        while (table.nextDeadline() <= until) {
            now = table.nextDeadline();
            table.wake(now);
        }
        now = until;
    }

    @Test
    void whomAnOverflowResetsIsForgotten() {
        settings.abortOnOverflow = true;
        TcpListener listener = table.listen(0, 80, 2, (socket, at) -> {});
        listener.pause();
        int first = syn(1);
        int second = syn(2);
        ack(1, first);
        ack(2, second);
        int third = syn(3);
        int fourth = syn(4);
        ack(3, third);
        ack(4, fourth);
        assertThat(listener.waiting()).isEqualTo(3);
        assertThat(sent).last().isEqualTo("4 R");
        assertThat(table.size()).isEqualTo(3);
        assertThat(listener.handshakes).isZero();
        sent.clear();
        pass(60 * Time.SECOND);
        assertThat(sent).isEmpty();
    }
}
