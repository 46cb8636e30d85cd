package io.hopscope.core.qdisc;

import java.util.List;

/**
 * {@code prio}: strict priority.
 *
 * @param bands how many there are, the first served first
 * @param map the band of each of Linux's 16 priorities
 */
public record PrioSpec(int bands, List<Integer> map) implements QdiscSpec {
    /** Linux's: three bands. */
    public static final PrioSpec DEFAULT = new PrioSpec(3, List.of(1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));

    public PrioSpec {
        map = List.copyOf(map);
        if (bands < 2 || bands > 16 || map.size() != 16 || map.stream().anyMatch(band -> band < 0 || band >= bands)) {
            throw new IllegalArgumentException(
                    bands + " bands and map " + map + "; expected 2 to 16 bands, and a band for each of 16 priorities");
        }
    }

    @Override
    public String kind() {
        return "prio";
    }

    @Override
    public Discipline make(Exit exit, int handle) {
        return new Prio(exit, handle, this);
    }
}
