package io.hopscope.scenarios.traffic;

import java.util.List;

/**
 * Traffic to make. All that all senders send together is {@code rate} times the senders; a mix shares it out.
 *
 * @param name names the random streams and the report
 * @param mix matrices and their shares of the packets, or flows; only the proportion counts
 * @param rate packets a second of each sender; flows a second where there are flow sizes
 * @param flows packets of a flow, all to one destination; null where each packet is by itself
 * @param pace bits a second at which a flow sends
 * @param replies frames that answer; null for one-way traffic
 * @param local how much of the traffic between servers stays in the sender's group, the rest leaving it; below 0 for as it falls
 * @param start instant of virtual time, in picoseconds
 * @param duration picoseconds from the start in which packets are sent
 * @param port UDP port at which it is received
 */
public record TrafficSpec(
        String name,
        List<Share> mix,
        double rate,
        FlowSizes flows,
        long pace,
        Arrivals arrivals,
        FrameSizes sizes,
        FrameSizes replies,
        double local,
        long start,
        long duration,
        int port) {
    /** The UDP port where nothing else is said. */
    public static final int PORT = 9000;

    /** What a flow sends at where nothing else is said. */
    public static final long PACE = 1_000_000_000L;

    private static final long SECOND = 1_000_000_000_000L;

    /** A matrix's part of a mix. */
    public record Share(Matrix matrix, double part) {
        public Share {
            if (!(part > 0)) {
                throw new IllegalArgumentException("a share of " + part + "; expected more than 0");
            }
        }
    }

    public TrafficSpec {
        mix = List.copyOf(mix);
        if (mix.isEmpty() || !(rate > 0) || pace < 1 || start < 0 || duration < 1 || port < 1 || port > 65535) {
            throw new IllegalArgumentException("traffic of no matrix, rate, pace, duration or port");
        }
    }

    /** One matrix: exponential arrivals of single frames of 60 bytes, one way, from now for a second. */
    public static TrafficSpec of(String name, Matrix matrix, double rate) {
        return new TrafficSpec(
                name,
                List.of(new Share(matrix, 1)),
                rate,
                null,
                PACE,
                Arrivals.EXPONENTIAL,
                FrameSizes.fixed(FrameSizes.LEAST),
                null,
                -1,
                0,
                SECOND,
                PORT);
    }

    public TrafficSpec mix(Share... shares) {
        return new TrafficSpec(
                name, List.of(shares), rate, flows, pace, arrivals, sizes, replies, local, start, duration, port);
    }

    /** Flows in place of single packets. */
    public TrafficSpec flows(FlowSizes packets, long bitsPerSecond) {
        return new TrafficSpec(
                name, mix, rate, packets, bitsPerSecond, arrivals, sizes, replies, local, start, duration, port);
    }

    public TrafficSpec arrivals(Arrivals between) {
        return new TrafficSpec(name, mix, rate, flows, pace, between, sizes, replies, local, start, duration, port);
    }

    public TrafficSpec sizes(FrameSizes frames) {
        return new TrafficSpec(name, mix, rate, flows, pace, arrivals, frames, replies, local, start, duration, port);
    }

    /** Whoever receives a packet answers with one. */
    public TrafficSpec replies(FrameSizes frames) {
        return new TrafficSpec(name, mix, rate, flows, pace, arrivals, sizes, frames, local, start, duration, port);
    }

    /** How much of the traffic between servers stays in the sender's group, from 0 to 1. */
    public TrafficSpec local(double part) {
        return new TrafficSpec(name, mix, rate, flows, pace, arrivals, sizes, replies, part, start, duration, port);
    }

    /** When packets are sent, in picoseconds of virtual time. */
    public TrafficSpec during(long instant, long picoseconds) {
        return new TrafficSpec(
                name, mix, rate, flows, pace, arrivals, sizes, replies, local, instant, picoseconds, port);
    }

    public TrafficSpec port(int number) {
        return new TrafficSpec(name, mix, rate, flows, pace, arrivals, sizes, replies, local, start, duration, number);
    }

    /** The instant at which sending ends. */
    public long end() {
        return start + duration;
    }
}
