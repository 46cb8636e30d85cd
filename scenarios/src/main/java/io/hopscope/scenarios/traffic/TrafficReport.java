package io.hopscope.scenarios.traffic;

import java.util.List;

/**
 * What became of traffic: counted at both ends, in packets and in bits of frames without FCS.
 *
 * @param name the traffic's
 * @param senders endpoints that were to send, once for each matrix
 * @param flowsBegun flows of several packets; 0 where each packet is by itself
 * @param picoseconds of virtual time in which it was sent
 * @param arriving picoseconds from its start until the end of sending, or until the last packet that came later
 * @param total of all destinations
 * @param categories of each kind of destination
 * @param reordered packets that came after one sent later; of flows with one destination
 * @param replies that were sent; 0 where none are wanted
 * @param answered replies that came back
 * @param roundTrip from the request to its reply
 * @param losses flows by how much of them is lost
 * @param worst the flows that lost most
 * @param strangers packets at the port that were no traffic of this run
 */
public record TrafficReport(
        String name,
        int senders,
        long flowsBegun,
        long picoseconds,
        long arriving,
        Count total,
        List<Count> categories,
        long reordered,
        long replies,
        long answered,
        Latency roundTrip,
        List<Band> losses,
        List<FlowLoss> worst,
        long strangers) {
    /**
     * Packets to one kind of destination.
     *
     * @param latency one way, of those that arrived
     */
    public record Count(String name, long sent, long received, long sentBits, long receivedBits, Latency latency) {
        public long lost() {
            return sent - received;
        }

        public double lossPercent() {
            return percent(lost(), sent);
        }
    }

    /** Delays in picoseconds; extremes are exact, what lies between within one part in a hundred. */
    public record Latency(long count, long min, long mean, long p50, long p90, long p99, long p999, long max) {
        public static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Flows that lost at least, and less than, so many percent. */
    public record Band(String name, long flows) {}

    /**
     * A flow: what an endpoint sent by one matrix.
     *
     * @param to null where destinations are drawn
     * @param reordered 0 where destinations are drawn
     */
    public record FlowLoss(int flow, String from, String to, int sent, int received, int reordered) {
        public int lost() {
            return sent - received;
        }

        public double lossPercent() {
            return percent(lost(), sent);
        }
    }

    private static double percent(long part, long of) {
        return of == 0 ? 0 : 100.0 * part / of;
    }

    /** Bits a second that were sent. */
    public double offeredRate() {
        return rate(total.sentBits, picoseconds);
    }

    /** Bits a second that arrived. */
    public double throughput() {
        return rate(total.receivedBits, arriving);
    }

    private static double rate(long bits, long picos) {
        return picos <= 0 ? 0 : bits * 1e12 / picos;
    }
}
