package io.hopscope.protocols.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the network does, what is read is what was written, or the connection fails and says so. */
class StreamTest {
    private static final long LONG_ENOUGH = 4_000 * Time.SECOND;

    @Test
    void aStreamArrivesWholeOverALossyReorderingDuplicatingNetwork() {
        for (int seed = 1; seed <= 60; seed++) {
            play(seed);
        }
    }

    @Test
    @Tag("fuzz")
    void aStreamArrivesWholeOverManyNetworks() {
        for (int seed = 1000; seed < 2000; seed++) {
            play(seed);
        }
    }

    private static void play(int seed) {
        Link.Random dice = new Link.Random(seed);
        long delay = (100 + dice.below(20_000)) * Time.MICRO;
        long rate = new long[] {1_000_000, 20_000_000, 1_000_000_000}[dice.below(3)];
        Link link = new Link(seed, delay, rate);
        int loss = new int[] {0, 200, 50, 12}[dice.below(4)];
        int repeat = new int[] {0, 100, 10}[dice.below(3)];
        int late = new int[] {0, 100, 10, 3}[dice.below(4)];
        link.queue = 5 + dice.below(100);
        link.fate = (copy, random) -> {
            copy.times = random.once(loss) ? 0 : random.once(repeat) ? 2 : 1;
            copy.late = random.once(late) ? random.below(3) * delay : 0;
        };
        settings(link.a.table.settings(), dice);
        settings(link.b.table.settings(), dice);
        int size = rate < 10_000_000 ? 60_000 : 300_000;
        int down = dice.below(size);
        int up = dice.below(size);
        Transfer client = new Transfer(up, down, 1 + dice.below(9_000), dice.once(2));
        Transfer server = new Transfer(down, up, 1 + dice.below(9_000), dice.once(2));
        link.b.table.listen(0, 80, 5, (socket, now) -> {
            socket.handler(server);
            server.begin(socket, now);
        });
        TcpSocket socket = link.a.table.socket().handler(client);
        if (dice.once(4)) {
            socket.noDelay(true, 0);
        }
        link.at(0, now -> link.a.table.connect(socket, Link.A, 0, Link.B, 80, now));
        link.run(LONG_ENOUGH);
        String how = "seed " + seed + ", loss 1 in " + loss + ": " + client.error + " " + server.error;
        assertThat(client.wrong || server.wrong).as(how).isFalse();
        boolean complete = client.complete() && server.complete();
        boolean failed = client.error != null || server.error != null;
        assertThat(complete || failed)
                .as(how + ", read " + client.read() + " of " + down + ", " + server.read() + " of " + up)
                .isTrue();
        // Not even one segment in twelve lost, ten times in a row, is to be expected.
        assertThat(complete).as(how).isTrue();
        assertThat(link.a.table.size() + link.b.table.size())
                .as(how + ": what is left")
                .isZero();
        assertThat(link.a.table.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    private static void settings(TcpSettings settings, Link.Random dice) {
        settings.sack = !dice.once(3);
        settings.timestamps = !dice.once(3);
        settings.windowScaling = !dice.once(3);
        settings.congestion = dice.once(2) ? "reno" : "cubic";
        settings.dsack = !dice.once(4);
        settings.earlyRetransmit = dice.once(3) ? 0 : 3;
    }
}
