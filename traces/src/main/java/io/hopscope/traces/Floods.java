package io.hopscope.traces;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames to one station that a device sent everywhere, as it did not know where that is. */
public final class Floods {
    /** A first frame or two is how switches learn; so many are a fault. */
    private static final int MANY = 10;

    private final Map<String, Flood> all = new LinkedHashMap<>();

    /**
     * Floods of one device.
     *
     * @param destination MAC address that it did not know
     */
    public record Flood(String device, String destination, int times) {}

    /** Counts them in what is kept of a run. */
    public Floods(JourneyLog log) {
        for (Journey journey : log.journeys()) {
            journey.hops().stream().filter(Floods::unknown).forEach(this::count);
        }
    }

    /** As bridges, switches and Open vSwitch say it. */
    private static boolean unknown(Hop hop) {
        String why = hop.comment();
        return why != null
                && why.contains("flooded")
                && (why.contains("unknown unicast") || why.contains("no FDB entry"))
                && !group(hop.bytes());
    }

    private static boolean group(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] & 1) != 0;
    }

    private void count(Hop hop) {
        String to = HopView.of(hop).ethDst();
        String key = hop.device() + " " + to;
        Flood before = all.get(key);
        all.put(key, new Flood(hop.device(), to, before == null ? 1 : before.times + 1));
    }

    /** Those that are more than how switches learn, in the order they began. */
    public List<Flood> many() {
        List<Flood> many = new ArrayList<>(all.values());
        many.removeIf(each -> each.times < MANY);
        return many;
    }
}
