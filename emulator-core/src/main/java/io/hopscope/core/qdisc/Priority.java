package io.hopscope.core.qdisc;

import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.TrafficClass;
import io.hopscope.encap.View;

/** Linux's priority of a packet, 0 to 15, as {@code rt_tos2priority} has it from the type of service. */
final class Priority {
    private static final int BEST_EFFORT = 0;
    private static final int BULK = 2;
    private static final int INTERACTIVE_BULK = 4;
    private static final int INTERACTIVE = 6;
    private static final int CONTROL = 7;

    /** By the three upper bits of the four of RFC 1349; the lowest belongs to ECN today. */
    private static final int[] BY_TOS = {
        BEST_EFFORT, BEST_EFFORT, BULK, BULK, INTERACTIVE, INTERACTIVE, INTERACTIVE_BULK, INTERACTIVE_BULK
    };

    private Priority() {}

    static int of(Frame frame) {
        int tos = TrafficClass.of(frame);
        if (tos >= 0) {
            return BY_TOS[tos >> 2 & 7];
        }
        // What a bridge says to bridges goes first (br_send_bpdu).
        boolean control =
                frame.length() >= Ethernet.LENGTH && View.get64(frame.bytes(), frame.start()) >>> 16 == Bpdu.GROUP;
        return control ? CONTROL : BEST_EFFORT;
    }
}
