package io.hopscope.protocols.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Tcp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes that no TCP would send: nothing breaks, and the books stay balanced. */
class TcpFuzzTest {
    @Test
    void anyOptionsAreReadWithoutHarm() {
        Link.Random random = new Link.Random(5);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[60];
            for (int k = 0; k < bytes.length; k++) {
                // Small numbers are kinds and lengths.
                bytes[k] = (byte) (random.once(2) ? random.below(12) : random.next());
            }
            Segment segment = new Segment().clear();
            segment.flags = random.once(2) ? Tcp.SYN : Tcp.ACK;
            int from = random.below(20);
            int end = from + random.below(41);
            TcpOptions.read(bytes, from, Math.min(end, bytes.length), segment);
            assertThat(segment.blocks).isBetween(0, Segment.BLOCKS);
            assertThat(segment.windowScale).isBetween(-1, TcpOptions.MOST_SCALE);
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Link.Random random = new Link.Random(6);
        for (int i = 0; i < 20_000; i++) {
            Segment segment = new Segment().clear();
            segment.flags = random.once(2) ? Tcp.SYN : Tcp.ACK;
            boolean syn = segment.has(Tcp.SYN);
            segment.mss = syn && random.once(2) ? 1 + random.below(65535) : 0;
            segment.windowScale = syn && random.once(2) ? random.below(15) : -1;
            segment.sackPermitted = syn && random.once(2);
            segment.timestamps = random.once(2);
            segment.value = (int) random.next();
            segment.echo = (int) random.next();
            segment.blocks = syn ? 0 : random.below(segment.timestamps ? 4 : 5);
            for (int k = 0; k < segment.blocks; k++) {
                segment.left[k] = (int) random.next();
                segment.right[k] = (int) random.next();
            }
            byte[] bytes = new byte[64];
            int end = TcpOptions.write(bytes, 3, segment);
            assertThat(end - 3).isEqualTo(TcpOptions.length(segment)).isLessThanOrEqualTo(40);
            assertThat((end - 3) % 4).isZero();
            Segment read = new Segment().clear();
            read.flags = segment.flags;
            TcpOptions.read(bytes, 3, end, read);
            assertThat(read.mss).isEqualTo(segment.mss);
            assertThat(read.windowScale).isEqualTo(segment.windowScale);
            assertThat(read.sackPermitted).isEqualTo(segment.sackPermitted);
            assertThat(read.timestamps).isEqualTo(segment.timestamps);
            assertThat(read.blocks).isEqualTo(segment.blocks);
        }
    }

    @Test
    void mutatedSegmentsDoNoHarm() {
        for (int seed = 1; seed <= 40; seed++) {
            mutate(seed, 8);
        }
    }

    @Test
    @Tag("fuzz")
    void aMillionMutatedSegmentsDoNoHarm() {
        long segments = 0;
        for (int seed = 100; segments < 1_000_000; seed++) {
            segments += mutate(seed, 1 + seed % 20);
        }
    }

    private static long mutate(int seed, int oneIn) {
        Link link = new Link(seed, 2 * Time.MILLI, 100_000_000);
        link.fate = (copy, random) -> {
            if (random.once(oneIn)) {
                for (int n = random.below(4); n >= 0; n--) {
                    int header = (copy.bytes[12] & 0xf0) >> 2;
                    int at = 4 + random.below(Math.max(1, Math.min(copy.bytes.length, header) - 4));
                    // The length of the header must stay true: whoever reads it has checked that it fits.
                    if (at != 12) {
                        copy.bytes[at] =
                                (byte) (random.once(2) ? random.next() : copy.bytes[at] ^ 1 << random.below(8));
                    }
                }
                copy.times = 1 + random.below(2);
                copy.late = random.below(4) * Time.MILLI;
            }
        };
        Transfer client = new Transfer(200_000, 200_000, 5_000, true);
        Transfer server = new Transfer(200_000, 200_000, 5_000, false);
        link.b.table.listen(0, 80, 5, (socket, now) -> {
            socket.handler(server);
            server.begin(socket, now);
        });
        TcpSocket socket = link.a.table.socket().handler(client);
        link.at(0, now -> link.a.table.connect(socket, Link.A, 0, Link.B, 80, now));
        for (int i = 1; i < 200; i++) {
            link.run(i * 20 * Time.MILLI);
            balanced(client.socket);
            balanced(server.socket);
        }
        return link.a.sent + link.b.sent;
    }

    private static void balanced(TcpSocket c) {
        if (c == null || c.flight == null || c.state == TcpState.CLOSED) {
            return;
        }
        Flight flight = c.flight;
        int sacked = 0;
        int lost = 0;
        int again = 0;
        int next = c.sndUna;
        for (int i = flight.first(); i != flight.limit(); i++) {
            sacked += flight.is(i, Flight.SACKED) ? 1 : 0;
            lost += flight.is(i, Flight.LOST) ? 1 : 0;
            again += flight.is(i, Flight.AGAIN) ? 1 : 0;
            assertThat(flight.seq(i)).isEqualTo(next);
            next = flight.end(i);
        }
        assertThat(next).isEqualTo(c.sndNxt);
        assertThat(flight.lostOut).isEqualTo(lost);
        assertThat(flight.againOut).isEqualTo(again);
        if (c.sack) {
            assertThat(flight.sackedOut).isEqualTo(sacked);
        }
        assertThat(flight.inFlight()).isNotNegative();
        assertThat(c.cwnd).isPositive();
        assertThat(c.charged).isNotNegative();
        assertThat(Seq.after(c.sndNxt, c.sendEnd())).isFalse();
    }
}
