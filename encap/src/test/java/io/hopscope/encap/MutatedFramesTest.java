package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Good frames made bad: nothing that reads bytes may throw, and nothing may read behind the last one. */
@Tag("fuzz")
class MutatedFramesTest {
    private static final int ITERATIONS = 200_000;
    private final SplittableRandom random = new SplittableRandom(20_000);
    private final List<Probe> probes = Probe.all();

    @Test
    void nothingThrowsWhateverTheBytesAre() {
        List<Tunnel> tunnels = new ArrayList<>();
        ServiceLoader.load(Tunnel.class).forEach(tunnels::add);
        List<byte[]> seeds = seeds();
        long fitted = 0;
        for (int i = 0; i < ITERATIONS; i++) {
            int at = random.nextInt(3);
            byte[] bytes = mutated(seeds.get(random.nextInt(seeds.size())), at);
            try {
                fitted += exercise(bytes, at);
                tunnels.get(i % tunnels.size()).decapsulate(Corpus.frame(bytes));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "iteration " + i + ", at " + at + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(fitted).isGreaterThan(ITERATIONS);
    }

    private int exercise(byte[] bytes, int at) {
        int length = bytes.length - at;
        String line = Printer.line(bytes, at, length);
        if (line.isEmpty() || line.indexOf('\n') >= 0) throw new AssertionError("printed '" + line + "'");
        Printer.brief(bytes, at, length);
        Printer.summary(bytes, at, length);
        FlowHash.of(bytes, at, bytes.length);
        int fitted = 0;
        int[] offsets = {at, at + 14, at + 18, at + 34, at + random.nextInt(length + 1)};
        for (Probe probe : probes) {
            int offset = offsets[random.nextInt(offsets.length)];
            if (offset > bytes.length || !probe.header.fits(bytes, offset, bytes.length)) continue;
            probe.wrap(bytes, offset);
            probe.readAll();
            fitted++;
        }
        return fitted;
    }

    /** Some bytes overwritten, sometimes cut, and no byte behind the frame in the array. */
    private byte[] mutated(byte[] seed, int at) {
        int length = random.nextInt(3) == 0 ? random.nextInt(seed.length + 1) : seed.length;
        byte[] bytes = new byte[at + length];
        System.arraycopy(seed, 0, bytes, at, length);
        for (int n = length == 0 ? 0 : random.nextInt(6); n > 0; n--) {
            // mostly in the headers, and there values at the edges are the interesting ones
            int where = at + random.nextInt(random.nextInt(4) == 0 ? length : Math.min(length, 60));
            int edge = random.nextInt(4);
            bytes[where] = (byte) (edge == 0 ? 0 : edge == 1 ? 0xff : random.nextInt());
        }
        return bytes;
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Frame frame : Corpus.frames()) seeds.add(Corpus.bytes(frame));
        for (Path file : Pcap.golden()) {
            for (byte[] frame : Pcap.read(file)) {
                if (seeds.size() < 3000) seeds.add(Arrays.copyOf(frame, Math.min(frame.length, 300)));
            }
        }
        return seeds;
    }
}
