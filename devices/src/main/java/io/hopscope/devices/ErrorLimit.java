package io.hopscope.devices;

import io.hopscope.core.RandomStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many ICMP messages Linux sends: to one address six at once, then one a second (inet_peer_xrlim_allow), and of all
 * those that are counted fifty at once and a thousand a second (icmp_global_allow).
 */
final class ErrorLimit {
    private static final long SECOND = 1_000_000_000_000L;

    /** ip_rt_error_cost. */
    private static final long REFUSAL = SECOND;

    private static final int BURST = 6;

    /** ip_rt_error_burst. */
    private static final int BURST_OF_REFUSALS = 5;

    /** inet_peer_threshold. */
    private static final int PEERS = 65_664;

    /** What a new address has saved up: more than the largest burst. */
    private static final long SAVED = 60 * SECOND;

    /** The bucket of all is filled at most so often. */
    private static final long FILL = SECOND / 50;

    /** ip_rt_redirect_load, ip_rt_redirect_number, ip_rt_redirect_silence. */
    private static final long REDIRECT = SECOND / 50;

    private static final int REDIRECTS = 9;
    private static final long SILENCE = REDIRECT << REDIRECTS + 1;

    private static final class Bucket {
        private long tokens = SAVED;
        private long last;
        private int redirects;
    }

    private final Map<Integer, Bucket> buckets = new LinkedHashMap<>();
    private final RandomStream random;
    private int credit;
    private long filled = -SECOND;

    ErrorLimit(RandomStream random) {
        this.random = random;
    }

    /**
     * Whether icmp_send sends, as far as all addresses together go.
     *
     * @param rate a second
     */
    boolean allowsAny(int rate, int burst, long now) {
        if (credit > 0) {
            return true;
        }
        long passed = Math.min(now - filled, SECOND);
        long more = passed < FILL ? 0 : rate * (passed / 1_000_000_000L) / 1000;
        if (more == 0) {
            return false;
        }
        credit = (int) Math.min(credit + more, burst);
        filled = now;
        return true;
    }

    /** Whether icmp_send sends to that address: one message in {@code cost}. */
    boolean allows(int address, long cost, long now) {
        if (!take(bucket(address, now), BURST, cost, now)) {
            return false;
        }
        // icmp_global_consume: nobody is to learn from it how many there were.
        credit -= random.nextInt(3);
        return true;
    }

    /** Whether ip_error, which has to do with packets that no route takes, asks icmp_send at all: from the same bucket. */
    boolean allowsRefusal(int address, long now) {
        return take(bucket(address, now), BURST_OF_REFUSALS, REFUSAL, now);
    }

    /** Whether ip_rt_send_redirect says once more where to send: ever later, and then no more until there is silence. */
    boolean allowsRedirect(int address, long now) {
        Bucket bucket = bucket(address, now);
        if (now > bucket.last + SILENCE) {
            bucket.tokens = 0;
            bucket.redirects = 0;
        }
        if (bucket.redirects >= REDIRECTS) {
            bucket.last = now;
            return false;
        }
        if (bucket.redirects > 0 && now <= bucket.last + (REDIRECT << bucket.redirects)) {
            return false;
        }
        bucket.last = now;
        bucket.redirects++;
        return true;
    }

    private Bucket bucket(int address, long now) {
        Bucket bucket = buckets.get(address);
        if (bucket == null) {
            if (buckets.size() >= PEERS) {
                buckets.remove(buckets.keySet().iterator().next());
            }
            bucket = new Bucket();
            bucket.last = now;
            buckets.put(address, bucket);
        }
        return bucket;
    }

    private static boolean take(Bucket bucket, int burst, long cost, long now) {
        bucket.tokens = Math.min(bucket.tokens + (now - bucket.last), burst * cost);
        bucket.last = now;
        if (bucket.tokens < cost) {
            return false;
        }
        bucket.tokens -= cost;
        return true;
    }
}
