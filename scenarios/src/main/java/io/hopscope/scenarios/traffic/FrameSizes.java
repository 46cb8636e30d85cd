package io.hopscope.scenarios.traffic;

import io.hopscope.core.RandomStream;
import java.util.Arrays;

/** How long frames are, in bytes as a capture shows them: with the Ethernet header, without FCS. */
public final class FrameSizes {
    /** Ethernet's shortest, which has room for what a packet of traffic carries. */
    public static final int LEAST = 60;

    /** What a jumbo frame of 9,000 bytes of IPv4 has. */
    public static final int MOST = 9014;

    /** The simple IMIX: packets of 40, 576 and 1,500 bytes as 7 : 4 : 1; the first are padded. */
    public static final FrameSizes IMIX = new FrameSizes("imix", 60, 60, 60, 60, 60, 60, 60, 590, 590, 590, 590, 1514);

    /** Two peaks, at 200 and 1,400 bytes, as measured in data centres (Benson, Akella, Maltz, IMC 2010); half of each. */
    public static final FrameSizes DATA_CENTRE = new FrameSizes("data-centre", 200, 1400);

    private final String name;
    /** All equally likely. */
    private final int[] lengths;

    private FrameSizes(String name, int... lengths) {
        this.name = name;
        this.lengths = lengths;
    }

    public static FrameSizes fixed(int bytes) {
        if (bytes < LEAST || bytes > MOST) {
            throw new IllegalArgumentException("a frame of " + bytes + " bytes; expected " + LEAST + " to " + MOST);
        }
        return new FrameSizes(String.valueOf(bytes), bytes);
    }

    int next(RandomStream random) {
        return lengths.length == 1 ? lengths[0] : lengths[random.nextInt(lengths.length)];
    }

    public int longest() {
        return Arrays.stream(lengths).max().orElseThrow();
    }

    public double mean() {
        return Arrays.stream(lengths).average().orElseThrow();
    }

    @Override
    public String toString() {
        return name;
    }
}
