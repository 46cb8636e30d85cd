package io.hopscope.scenarios.eras;

import java.util.List;
import java.util.Map;

/**
 * What one era's experiment has shown: read from the devices and from the packets, nothing computed ahead.
 *
 * @param name as {@code --era} takes it, such as {@code container-l2}
 * @param title for people
 * @param nodes servers
 * @param endpoints hosts with an address that answer ARP
 * @param limiting the table that this design fills first, a key of {@code tables}
 * @param tables of the core that holds most, by name
 * @param punts packets that the cores' CPUs were given
 * @param coppDrops packets that policing kept from them
 * @param cpuPercent utilisation of the busiest core CPU while the traffic ran
 * @param loads one for each rate of traffic, in order; the last is the heaviest
 * @param curve how the limiting table filled while the endpoints came
 * @param firstFailure endpoints that had come when an entry first found no room; -1 for never
 * @param links the busiest, most used first
 * @param arpFrames frames at ports that one ARP request for a station of the same subnet brought about
 * @param setupMillis real time of building it
 * @param wallMillis real time of the experiment, without building
 * @param peakHeapBytes the most that was in use after a collection
 * @param notes what a reader must know, such as that entries were preloaded
 */
public record EraResult(
        String name,
        String title,
        int nodes,
        int endpoints,
        String limiting,
        Map<String, TableUse> tables,
        long punts,
        long coppDrops,
        double cpuPercent,
        List<Load> loads,
        List<Point> curve,
        int firstFailure,
        List<LinkUse> links,
        long arpFrames,
        long setupMillis,
        long wallMillis,
        long peakHeapBytes,
        List<String> notes) {
    /**
     * A table of a switch.
     *
     * @param usable entries until which it is safe to fill it: 70 %
     * @param watermark the most that it held
     * @param collisions insertions refused while there was room elsewhere, or none at all
     * @param missing hosts known without an entry
     */
    public record TableUse(int capacity, int usable, int entries, int watermark, long collisions, int missing) {}

    /**
     * Traffic at one rate.
     *
     * @param perEndpoint packets a second
     * @param uncoveredSent packets to endpoints without an entry
     * @param uncoveredLossPercent of the packets to endpoints without an entry; NaN where there are none
     * @param expectedLossPercent of those by 1 - min(1, admitted / offered); NaN where there are none
     */
    public record Load(
            double perEndpoint,
            long sent,
            long received,
            double lossPercent,
            double coveredLossPercent,
            long uncoveredSent,
            double uncoveredLossPercent,
            double expectedLossPercent,
            double cpuPercent,
            Latency latency) {}

    /** One-way delay in nanoseconds of virtual time. */
    public record Latency(long p50, long p90, long p99, long p999, long max) {}

    /** Endpoints that had come, and entries there were. */
    public record Point(int endpoints, int entries) {}

    /** A direction of a cable, and how much of its rate it carried. */
    public record LinkUse(String from, String to, double percent) {}

    /** Of all packets of the heaviest load. */
    public double lossPercent() {
        return loads.isEmpty() ? 0 : loads.get(loads.size() - 1).lossPercent();
    }
}
