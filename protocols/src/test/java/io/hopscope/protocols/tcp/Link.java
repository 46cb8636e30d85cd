package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/** Two hosts at the ends of a link that has a rate, a delay, a queue, and may lose, delay and repeat: for tests. */
final class Link {
    static final int A = 0x0a000001;
    static final int B = 0x0a000002;
    /** Ethernet, IPv4 and what a cable adds: preamble, FCS, gap. */
    static final int FRAMING = 14 + 20 + 24;

    /** What becomes of a segment: how often it arrives, and how much later than it should. */
    interface Fate {
        void decide(Copy copy, Random random);
    }

    /** A segment under way. */
    static final class Copy implements Comparable<Copy> {
        final boolean toB;
        final long number;
        final byte[] bytes;
        final int dataLength;
        long at;
        int times = 1;
        long late;

        Copy(boolean toB, long number, byte[] bytes, int dataLength) {
            this.toB = toB;
            this.number = number;
            this.bytes = bytes;
            this.dataLength = dataLength;
        }

        @Override
        public int compareTo(Copy other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** SplitMix64. */
    static final class Random {
        private long state;

        Random(long seed) {
            state = seed;
        }

        long next() {
            long z = state += 0x9e3779b97f4a7c15L;
            z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
            z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
            return z ^ z >>> 31;
        }

        int below(int bound) {
            return (int) ((next() >>> 33) % bound);
        }

        boolean once(int in) {
            return in > 0 && below(in) == 0;
        }
    }

    final class End implements Wire {
        final int address;
        final boolean first;
        final TcpTable table;
        int mtu = 1500;
        long freeAt;
        int queued;
        long sent;
        long dropped;

        End(int address, boolean first, long seed) {
            this.address = address;
            this.first = first;
            Random random = new Random(seed);
            table = new TcpTable(new TcpSettings(), this, random::next);
        }

        @Override
        public boolean send(Endpoint from, Segment segment, long at) {
            sent++;
            int header = Tcp.LENGTH + TcpOptions.length(segment);
            byte[] bytes = new byte[header + segment.length];
            new Tcp()
                    .wrap(bytes, 0)
                    .sourcePort(from.localPort())
                    .destinationPort(from.remotePort())
                    .seq(segment.seq)
                    .ack(segment.ack)
                    .headerLength(header)
                    .flags(segment.flags)
                    .window(segment.window);
            TcpOptions.write(bytes, Tcp.LENGTH, segment);
            if (segment.length > 0) {
                from.copy(segment.seq, bytes, header, segment.length);
            }
            Copy copy = new Copy(first, numbers++, bytes, segment.length);
            watch.accept(copy);
            fate.decide(copy, random);
            transmit(copy, at);
            return true;
        }

        private void transmit(Copy copy, long at) {
            long begin = Math.max(at, freeAt);
            long waiting = picosPerByte == 0 ? 0 : (begin - at) / (picosPerByte * 1538);
            if (waiting >= queue) {
                dropped++;
                return;
            }
            freeAt = begin + (copy.bytes.length + FRAMING) * picosPerByte;
            for (int i = 0; i < copy.times; i++) {
                Copy one = i == 0 ? copy : new Copy(copy.toB, numbers++, copy.bytes, copy.dataLength);
                one.at = freeAt + delay + copy.late;
                wire.add(one);
            }
        }

        @Override
        public int mtu(int local, int remote) {
            return mtu;
        }

        @Override
        public void rearm() {}
    }

    final List<String> log = new ArrayList<>();
    final Random random;
    final End a;
    final End b;
    long now;
    long delay;
    long picosPerByte;
    int queue = Integer.MAX_VALUE;
    Fate fate = (copy, dice) -> {};
    Consumer<Copy> watch = copy -> {};
    private final PriorityQueue<Copy> wire = new PriorityQueue<>();
    private final PriorityQueue<Action> actions = new PriorityQueue<>();
    private long numbers;
    private final Segment segment = new Segment();

    private record Action(long at, long number, LongUnaryOperator what) implements Comparable<Action> {
        @Override
        public int compareTo(Action other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    Link(long seed, long delay, long bitsPerSecond) {
        this.delay = delay;
        picosPerByte = bitsPerSecond == 0 ? 0 : 8_000_000_000_000L / bitsPerSecond;
        random = new Random(seed);
        a = new End(A, true, seed ^ 1);
        b = new End(B, false, seed ^ 2);
    }

    /** Does something at an instant. */
    void at(long instant, Consumer<Long> what) {
        actions.add(new Action(instant, numbers++, t -> {
            what.accept(t);
            return 0;
        }));
    }

    /** Runs until an instant, or until nothing is left to happen. */
    void run(long until) {
        while (true) {
            long w = wire.isEmpty() ? Long.MAX_VALUE : wire.peek().at;
            long x = actions.isEmpty() ? Long.MAX_VALUE : actions.peek().at;
            long t = Math.min(a.table.nextDeadline(), b.table.nextDeadline());
            long next = Math.min(Math.min(w, x), t);
            if (next == Long.MAX_VALUE || next > until) {
                now = Math.max(now, until == Long.MAX_VALUE ? now : until);
                return;
            }
            now = Math.max(now, next);
            if (x == next) {
                actions.poll().what.applyAsLong(now);
            } else if (w == next) {
                arrive(wire.poll());
            } else {
                a.table.wake(now);
                b.table.wake(now);
            }
        }
    }

    private void arrive(Copy copy) {
        Tcp tcp = new Tcp().wrap(copy.bytes, 0);
        segment.read(tcp, copy.bytes, copy.bytes.length);
        End to = copy.toB ? b : a;
        End from = copy.toB ? a : b;
        to.table.receive(to.address, from.address, segment, tcp.destinationPort(), tcp.sourcePort(), now);
    }

    /** A pattern that tells every place of a stream from its neighbours. */
    static final ByteSource PATTERN = (offset, to, at, length) -> {
        for (int i = 0; i < length; i++) {
            long o = offset + i;
            to[at + i] = (byte) (o ^ o >> 8 ^ o >> 16);
        }
    };
}
