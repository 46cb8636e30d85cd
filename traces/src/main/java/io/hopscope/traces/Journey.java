package io.hopscope.traces;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Printer;
import io.hopscope.encap.View;
import java.util.List;

/**
 * The life of one packet, from the device that made it to its fates.
 *
 * @param id as in {@code frame.packet_id}
 * @param hops in order of time; copies of a flood are among them
 */
public record Journey(long id, List<Hop> hops) {
    /** {@code ICMP echo request seq 2}. */
    public String title() {
        byte[] bytes = hops.get(0).bytes();
        return Printer.summary(bytes, 0, bytes.length);
    }

    public Hop first() {
        return hops.get(0);
    }

    public Hop last() {
        return hops.get(hops.size() - 1);
    }

    /** The first hop at which the packet, or a copy of it, died; null if none did. */
    public Hop drop() {
        for (Hop hop : hops) {
            if (hop.dropped()) {
                return hop;
            }
        }
        return null;
    }

    /** Whether what was to be delivered died: the drop of a flood's copy that was not meant for its place is no loss. */
    public boolean lost() {
        Hop drop = drop();
        return drop != null && (!group() || last() == drop);
    }

    private boolean group() {
        byte[] bytes = first().bytes();
        return bytes.length > 0 && (bytes[0] & 1) != 0;
    }

    /** Whether it carries data: no ARP, no ICMP error. */
    public boolean data() {
        byte[] bytes = first().bytes();
        if (bytes.length < Ethernet.LENGTH || !Ethernet.fits(bytes, 0, bytes.length)) {
            return false;
        }
        return View.get16(bytes, new Ethernet().wrap(bytes, 0).payload() - 2) == Ethernet.IPV4
                && !title().contains("unreachable")
                && !title().contains("exceeded");
    }

    /** Whether it asks where an address is. */
    boolean asks() {
        return title().startsWith("ARP who-has");
    }

    /** Picoseconds from the first hop to the last. */
    public long duration() {
        return last().picos() - first().picos();
    }
}
