package io.hopscope.scenarios.watch;

import io.hopscope.protocols.tcp.TcpInfo;
import java.util.ArrayList;
import java.util.List;

/** A connection as one of its ends saw it, at regular instants. */
public final class TcpTrack {
    /**
     * @param instant in picoseconds
     */
    public record Sample(long instant, TcpInfo info) {}

    private final String node;
    private final String label;
    private final String local;
    private final String remote;
    private final List<Sample> samples = new ArrayList<>();

    /**
     * @param label what figures call it; empty for its two ends
     */
    TcpTrack(String node, String label, String local, String remote) {
        this.node = node;
        this.label = label;
        this.local = local;
        this.remote = remote;
    }

    void add(long instant, TcpInfo info) {
        samples.add(new Sample(instant, info));
    }

    public String node() {
        return node;
    }

    public String label() {
        return label.isEmpty() ? local + " to " + remote : label;
    }

    /** {@code 10.0.0.1:40000} */
    public String local() {
        return local;
    }

    public String remote() {
        return remote;
    }

    /** In order of time; never empty. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    private Sample first() {
        return samples.get(0);
    }

    private Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** Whether this end has sent more than it has received. */
    public boolean sends() {
        return last().info().bytesAcked() > last().info().bytesReceived();
    }

    /** Bits a second that were acknowledged between the first sample and the last. */
    public double throughput() {
        double seconds = (last().instant() - first().instant()) / 1e12;
        long bytes = last().info().bytesAcked() - first().info().bytesAcked();
        return seconds <= 0 ? 0 : 8 * bytes / seconds;
    }

    /** The part of its segments with data that were sent again, from 0 to 1. */
    public double retransmitted() {
        TcpInfo info = last().info();
        return info.dataSegmentsOut() == 0 ? 0 : (double) info.retransmitsTotal() / info.dataSegmentsOut();
    }

    /** Seconds; 0 where none was measured. */
    public double meanRtt() {
        double sum = 0;
        int n = 0;
        for (Sample each : samples) {
            if (each.info().rtt() > 0) {
                sum += each.info().rtt() / 1e6;
                n++;
            }
        }
        return n == 0 ? 0 : sum / n;
    }

    public int mss() {
        return last().info().mss();
    }

    public String congestion() {
        return last().info().congestion();
    }
}
