package io.hopscope.traces;

import io.hopscope.core.CaptureRecord;
import io.hopscope.core.CaptureSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Keeps journeys in memory, from a run as it happens or from a capture file. Bounded: what is too much is counted. */
public final class JourneyLog implements CaptureSink {
    /** Hops kept unless said otherwise. */
    public static final int LIMIT = 50_000;

    private final int limit;
    private final Map<Long, List<Hop>> byId = new LinkedHashMap<>();
    /** Made when first asked for, once all is read. */
    private Map<Long, List<Journey>> caused;

    private int kept;
    private long left;
    private boolean whole = true;

    public JourneyLog() {
        this(LIMIT);
    }

    /**
     * @param limit hops kept; journeys that began before it is reached stay whole as far as it goes
     */
    public JourneyLog(int limit) {
        this.limit = limit;
    }

    /** Reads a capture, pcapng or pcap. Where it says no journeys, each packet is one, by its number in the file. */
    public static JourneyLog read(Path file) {
        var log = new JourneyLog();
        var number = new AtomicLong();
        log.whole = CaptureReader.read(file, hop -> {
            number.incrementAndGet();
            log.add(hop.journey() != 0 ? hop : hop.ofJourney(number.get()));
        });
        return log;
    }

    @Override
    public void packet(CaptureRecord r) {
        if (kept >= limit) {
            left++;
            return;
        }
        byte[] bytes = Arrays.copyOfRange(r.bytes, r.offset, r.offset + r.length);
        add(new Hop(r.port.toString(), r.inbound, r.time, r.journey, bytes, r.originalLength, r.comment));
    }

    void add(Hop hop) {
        if (kept >= limit) {
            left++;
            return;
        }
        kept++;
        byId.computeIfAbsent(hop.journey(), id -> new ArrayList<>()).add(hop);
    }

    /** False where it was read from a file that ends inside a packet. */
    public boolean whole() {
        return whole;
    }

    /** Hops that were not kept. */
    public long left() {
        return left;
    }

    public int hops() {
        return kept;
    }

    /** In order of their first hop. */
    public List<Journey> journeys() {
        List<Journey> all = new ArrayList<>(byId.size());
        byId.forEach((id, hops) -> all.add(new Journey(id, hops)));
        return all;
    }

    /** Null if there is none of that id. */
    public Journey journey(long id) {
        List<Hop> hops = byId.get(id);
        return hops == null ? null : new Journey(id, hops);
    }

    /** Those that match at any hop, in order. */
    public List<Journey> matching(PacketFilter filter) {
        return select(journey -> journey.hops().stream().anyMatch(filter::matches));
    }

    /** Those of which the first frame matches, in order. */
    public List<Journey> startingWith(PacketFilter filter) {
        return select(journey -> filter.matches(journey.first()));
    }

    private List<Journey> select(Predicate<Journey> wanted) {
        return journeys().stream().filter(wanted).toList();
    }

    /** The first that was lost, of those wanted; null if none was. */
    public Journey firstLost(Predicate<Journey> wanted) {
        return journeys().stream()
                .filter(journey -> journey.lost() && wanted.test(journey))
                .findFirst()
                .orElse(null);
    }

    /**
     * The one to tell when nobody names one: the first of those that somebody misses, else the last with data.
     *
     * @param missed the former
     */
    public Journey telling(Predicate<Journey> missed) {
        Journey lost = firstLost(missed);
        return lost == null ? lastData() : lost;
    }

    /** A device's name without that of its node. */
    static String ownName(String device) {
        return device.substring(device.indexOf('/') + 1);
    }

    /** Own names of devices that more than one of those seen has. */
    Set<String> sharedNames() {
        Map<String, String> first = new HashMap<>();
        Set<String> shared = new HashSet<>();
        for (List<Hop> hops : byId.values()) {
            for (Hop hop : hops) {
                String device = hop.device();
                String other = first.putIfAbsent(ownName(device), device);
                if (other != null && !other.equals(device)) {
                    shared.add(ownName(device));
                }
            }
        }
        return shared;
    }

    /** The question whose loss a packet died of while it waited for the answer; null if there is none. */
    public Journey cause(Journey lost) {
        Hop drop = lost.drop();
        if (drop == null) {
            return null;
        }
        return journeys().stream()
                .filter(each -> each.lost()
                        && each.asks()
                        && each.first().device().equals(drop.device())
                        && after(each, lost)
                        && each.first().picos() <= drop.picos())
                .findFirst()
                .orElse(null);
    }

    /** What a packet made others send, as an ICMP error or a reset: in order of their first hop. */
    public List<Journey> causedBy(Journey journey) {
        if (caused == null) {
            caused = new HashMap<>();
            for (Journey each : journeys()) {
                Long cause = each.first().cause();
                if (cause != null) {
                    caused.computeIfAbsent(cause, id -> new ArrayList<>()).add(each);
                }
            }
        }
        return caused.getOrDefault(journey.id(), List.of());
    }

    /** A packet that died where it was made was seen at no instant before: journeys of one node count up. */
    private static boolean after(Journey question, Journey lost) {
        return lost.hops().size() == 1
                ? question.id() > lost.id()
                : question.first().picos() >= lost.first().picos();
    }

    /** The last with data that went furthest there and was asked for first: a request rather than its reply. */
    public Journey lastData() {
        List<Journey> data = select(Journey::data);
        if (data.isEmpty()) {
            return byId.isEmpty() ? null : journeys().get(byId.size() - 1);
        }
        for (int i = data.size() - 1; i >= 0; i--) {
            if (data.get(i).title().contains("request")) {
                return data.get(i);
            }
        }
        return data.get(data.size() - 1);
    }
}
