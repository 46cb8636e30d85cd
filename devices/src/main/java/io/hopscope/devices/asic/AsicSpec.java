package io.hopscope.devices.asic;

import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.CoppProfile;
import java.util.List;

/**
 * What a switch is made of.
 *
 * @param fdbAge picoseconds until a station that was not heard is forgotten
 * @param hostAge picoseconds until a host entry that no packet used is taken out
 * @param crash null where the switch survives
 * @param sample picoseconds between two rows of its time series
 */
public record AsicSpec(
        AsicProfile tables, List<AclRule> rules, long fdbAge, long hostAge, Cpu cpu, Crash crash, long sample) {
    private static final long MILLI = 1_000_000_000L;
    private static final long SECOND = 1000 * MILLI;

    /** Extreme's hardware ageing of layer 3: one hour. */
    public static final long HOST_AGE = 3600 * SECOND;

    /** 802.1D's. */
    public static final long FDB_AGE = 300 * SECOND;

    public static final long SAMPLE = 100 * MILLI;

    /**
     * The CPU.
     *
     * @param rate packets a second that it can handle
     * @param queue packets that wait in a class; in all where nothing is policed
     * @param delay picoseconds that a packet forwarded in software takes beside its service
     * @param jitter by how much that may be less or more
     * @param gratuitous whether who announces itself becomes a neighbour
     */
    public record Cpu(int rate, int queue, CoppProfile copp, long delay, long jitter, boolean gratuitous) {
        /** No vendor publishes a CPU's rate: 5,000 packets/s is a model's figure, below the sum of CoPP's classes. */
        public static final Cpu USUAL = new Cpu(5000, 1000, CoppProfile.named("sonic"), MILLI, MILLI / 2, true);
    }

    /** What brings the switch down. */
    public enum Cause {
        /** An entry that found no room, as SONiC's orchagent took SAI_STATUS_TABLE_FULL (sonic-buildimage issue 2125). */
        TABLE_FULL,
        /** A CPU that was busy without a pause. */
        CPU
    }

    /**
     * That the switch crashes.
     *
     * @param after picoseconds of a busy CPU, for {@link Cause#CPU}
     * @param boot picoseconds until it forwards again, with empty tables
     */
    public record Crash(Cause on, long after, long boot) {
        public static final Crash USUAL = new Crash(Cause.TABLE_FULL, 10 * SECOND, 60 * SECOND);
    }

    public static AsicSpec of(String profile) {
        return new AsicSpec(AsicProfile.named(profile), List.of(), FDB_AGE, HOST_AGE, Cpu.USUAL, null, SAMPLE);
    }
}
