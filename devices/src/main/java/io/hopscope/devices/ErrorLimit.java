package io.hopscope.devices;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many ICMP errors Linux sends to one address: six at once, then one a second (inet_peer_xrlim_allow). */
final class ErrorLimit {
    /** icmp_ratelimit, and ip_rt_error_cost. */
    private static final long COST = 1_000_000_000_000L;

    private static final int BURST = 6;

    /** ip_rt_error_burst. */
    private static final int BURST_OF_REFUSALS = 5;

    /** inet_peer_threshold. */
    private static final int PEERS = 65_664;

    /** What a new address has saved up: more than the largest burst. */
    private static final long SAVED = 60 * COST;

    private static final class Bucket {
        private long tokens = SAVED;
        private long last;
    }

    private final Map<Integer, Bucket> buckets = new LinkedHashMap<>();

    /** Whether icmp_send sends. */
    boolean allows(int address, long now) {
        return take(address, BURST, now);
    }

    /** Whether ip_error, which has to do with packets that no route takes, asks icmp_send at all: from the same bucket. */
    boolean allowsRefusal(int address, long now) {
        return take(address, BURST_OF_REFUSALS, now);
    }

    private boolean take(int address, int burst, long now) {
        Bucket bucket = buckets.get(address);
        if (bucket == null) {
            if (buckets.size() >= PEERS) {
                buckets.remove(buckets.keySet().iterator().next());
            }
            bucket = new Bucket();
            bucket.last = now;
            buckets.put(address, bucket);
        }
        bucket.tokens = Math.min(bucket.tokens + (now - bucket.last), burst * COST);
        bucket.last = now;
        if (bucket.tokens < COST) {
            return false;
        }
        bucket.tokens -= COST;
        return true;
    }
}
