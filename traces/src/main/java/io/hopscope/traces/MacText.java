package io.hopscope.traces;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How MAC addresses are cut short in a table: so that those of one journey differ where they differ. */
enum MacText {
    /** {@code fa:16:3e..11}: who made it, and which. */
    MAKER(8, 15),
    /** {@code 0e:00..01:00}: as flannel counts. */
    HALVES(5, 12),
    /** {@code 02..0a:00:01}. */
    END(2, 9),
    WHOLE(17, 17);

    private final int head;
    private final int tail;

    MacText(int head, int tail) {
        this.head = head;
        this.tail = tail;
    }

    /** The first that tells all the addresses of these hops apart. */
    static MacText of(List<HopView> hops) {
        Set<String> all = new LinkedHashSet<>();
        for (HopView hop : hops) {
            if (hop.ethSrc() != null) {
                all.add(hop.ethSrc());
                all.add(hop.ethDst());
            }
        }
        for (MacText each : values()) {
            if (all.stream().map(each::text).collect(Collectors.toSet()).size() == all.size()) {
                return each;
            }
        }
        return WHOLE;
    }

    /** Columns of two with an arrow between. */
    int width() {
        return this == WHOLE ? 39 : 27;
    }

    String text(String whole) {
        if (this == WHOLE) {
            return whole;
        }
        return whole.equals("ff:ff:ff:ff:ff:ff")
                ? "broadcast"
                : whole.substring(0, head) + ".." + whole.substring(tail);
    }
}
