package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.Arrays;
import java.util.List;

/**
 * The frames that arrive at a node within one window, in order of (instant, port, sequence in the cable). All of them are
 * known when the window begins, since no cable is shorter than a window; so they are put in order once, and what will be
 * read of them is read ahead: where frames are too many for the caches every first look waits for memory, and waits that
 * are asked for one after the other overlap.
 */
final class Agenda {
    /** How many devices ahead are looked at. */
    private static final int FORESIGHT = 4;

    /** Frames that are read ahead at a time: what was read must still be in the cache when its turn comes. */
    private static final int STRETCH = 256;

    private static final int FIRST = 64;

    private long[] times = new long[FIRST];
    private Frame[] frames = new Frame[FIRST];
    private Port[] ports = new Port[FIRST];
    private long[] sortedTimes = new long[FIRST];
    private Frame[] sortedFrames = new Frame[FIRST];
    private Port[] sortedPorts = new Port[FIRST];
    private int[] starts = new int[FIRST + 1];
    private int count;
    private int next;
    /** Frames before this one have been read ahead; {@link Integer#MAX_VALUE} where that is not worth while. */
    private int ahead = Integer.MAX_VALUE;

    private int foresight;
    /** The device, where the node has but one. */
    private Device alone;

    /** What was read: means nothing, but has to go somewhere. */
    private long looked;
    /** Whether what was added so far is in order as it stands. */
    private boolean ordered;

    void clear() {
        count = 0;
        next = 0;
        ahead = Integer.MAX_VALUE;
        ordered = true;
    }

    int count() {
        return count;
    }

    /** To be called port by port, in order of their ordinals, and cable by cable in order of arrival. */
    void add(long time, Frame frame, Port port) {
        int at = count++;
        if (at == times.length) {
            grow();
        }
        ordered &= at == 0 || times[at - 1] <= time;
        times[at] = time;
        frames[at] = frame;
        ports[at] = port;
    }

    private void grow() {
        int size = times.length * 2;
        times = Arrays.copyOf(times, size);
        frames = Arrays.copyOf(frames, size);
        ports = Arrays.copyOf(ports, size);
        sortedTimes = new long[size];
        sortedFrames = new Frame[size];
        sortedPorts = new Port[size];
        starts = new int[size + 1];
    }

    /** By buckets of time about as many as there are frames, then what is left by insertion; both keep the order of equals. */
    void sort() {
        if (ordered) {
            return;
        }
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, times[i]);
            most = Math.max(most, times[i]);
        }
        int shift = Math.max(0, 64 - Long.numberOfLeadingZeros((most - least) / count));
        int buckets = (int) (most - least >>> shift) + 1;
        Arrays.fill(starts, 0, buckets + 1, 0);
        for (int i = 0; i < count; i++) {
            starts[(int) (times[i] - least >>> shift) + 1]++;
        }
        for (int i = 1; i < buckets; i++) {
            starts[i] += starts[i - 1];
        }
        for (int i = 0; i < count; i++) {
            int to = starts[(int) (times[i] - least >>> shift)]++;
            sortedTimes[to] = times[i];
            sortedFrames[to] = frames[i];
            sortedPorts[to] = ports[i];
        }
        swap();
        insertion();
    }

    private void swap() {
        long[] t = times;
        times = sortedTimes;
        sortedTimes = t;
        Frame[] f = frames;
        frames = sortedFrames;
        sortedFrames = f;
        Port[] p = ports;
        ports = sortedPorts;
        sortedPorts = p;
    }

    private void insertion() {
        for (int i = 1; i < count; i++) {
            long time = times[i];
            if (times[i - 1] <= time) {
                continue;
            }
            Frame frame = frames[i];
            Port port = ports[i];
            int at = i;
            while (at > 0 && times[at - 1] > time) {
                times[at] = times[at - 1];
                frames[at] = frames[at - 1];
                ports[at] = ports[--at];
            }
            times[at] = time;
            frames[at] = frame;
            ports[at] = port;
        }
    }

    /** When the next frame arrives; {@link Long#MAX_VALUE} when none is left. */
    long time() {
        return next < count ? times[next] : Long.MAX_VALUE;
    }

    Port port() {
        return ports[next];
    }

    /** The next frame, which is the caller's now. */
    Frame take() {
        if (next == ahead) {
            stretch();
        }
        return frames[next++];
    }

    /**
     * From now on what the next frames will read is read for a stretch of them at a time; changes no result.
     *
     * @param devices of the node, of which a few are looked at, one after the other
     */
    void readAhead(List<Device> devices) {
        foresight = Math.min(devices.size() - 1, FORESIGHT);
        alone = devices.get(0);
        ahead = 0;
    }

    private void stretch() {
        int from = ahead;
        ahead = Math.min(count, from + STRETCH);
        long sum = looked;
        for (int i = from; i < ahead; i++) {
            sum += frames[i].touch();
        }
        for (int i = from; i < ahead; i++) {
            sum += frames[i].touchHeaders();
        }
        looked = sum;
        if (foresight > 0) {
            foresee(from, ahead - from);
        } else {
            alone.foresee(ports, frames, from, ahead);
        }
    }

    private void foresee(int from, int n) {
        for (int i = from; i < from + n; i++) {
            frames[i].stamp = 0;
        }
        System.arraycopy(frames, from, sortedFrames, 0, n);
        System.arraycopy(ports, from, sortedPorts, 0, n);
        int left = n;
        for (int depth = 0; depth < foresight && left > 0; depth++) {
            left = foresee(sortedFrames, sortedPorts, left);
        }
    }

    /** One device further: returns how many of the frames would go on to another device of this node. */
    private static int foresee(Frame[] frames, Port[] ports, int n) {
        for (int pass = 0; pass < Device.FORESIGHT; pass++) {
            for (int i = 0; i < n; i++) {
                ports[i].device().foresee(ports[i], frames[i], pass);
            }
        }
        int left = 0;
        for (int i = 0; i < n; i++) {
            Port egress = ports[i].device().foresee(ports[i], frames[i], Device.FORESIGHT);
            if (egress != null && egress.transmitter() == null && egress.peer() != null) {
                frames[left] = frames[i];
                ports[left++] = egress.peer();
            }
        }
        return left;
    }
}
