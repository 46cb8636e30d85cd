package io.hopscope.scenarios.traffic;

import org.HdrHistogram.IntCountsHistogram;

/** Delays of packets: a histogram of two digits that grows as it must; extremes and mean are exact. In picoseconds. */
final class Delays {
    private static final long NANOSECOND = 1000;
    private static final int DIGITS = 2;

    private IntCountsHistogram histogram;
    private long count;
    private long least = Long.MAX_VALUE;
    private long most;
    private double sum;

    void record(long delay) {
        if (histogram == null) {
            histogram = empty();
        }
        histogram.recordValue(delay);
        count++;
        sum += delay;
        least = Math.min(least, delay);
        most = Math.max(most, delay);
    }

    private static IntCountsHistogram empty() {
        IntCountsHistogram made = new IntCountsHistogram(NANOSECOND, 2 * NANOSECOND, DIGITS);
        made.setAutoResize(true);
        return made;
    }

    void add(Delays other) {
        if (other.count == 0) {
            return;
        }
        if (histogram == null) {
            histogram = empty();
        }
        histogram.add(other.histogram);
        count += other.count;
        sum += other.sum;
        least = Math.min(least, other.least);
        most = Math.max(most, other.most);
    }

    TrafficReport.Latency latency() {
        if (count == 0) {
            return TrafficReport.Latency.NONE;
        }
        return new TrafficReport.Latency(count, least, (long) (sum / count), at(50), at(90), at(99), at(99.9), most);
    }

    /** The histogram knows a value by the end of its class, which may lie beyond every value there was. */
    private long at(double percentile) {
        return Math.max(least, Math.min(most, histogram.getValueAtPercentile(percentile)));
    }
}
