package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every header that registers. */
class HeaderContractTest {
    private final SplittableRandom random = new SplittableRandom(791);

    static List<Probe> headers() {
        return Probe.all();
    }

    @Test
    void everyHeaderHasItsOwnLowerCaseName() {
        List<String> names = headers().stream().map(p -> p.header.name()).toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("ethernet", "arp", "ipv4", "icmp", "udp", "tcp", "vxlan", "gre");
        assertThat(names).allMatch(name -> name.matches("[a-z0-9]+"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void nothingShorterThanTheMinimumFits(Probe probe) {
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = Corpus.random(random, random.nextInt(probe.header.minimumLength()));
            assertThat(probe.header.fits(bytes, 0, bytes.length)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void nothingBehindTheEndIsLookedAt(Probe probe) {
        for (byte[] frame : samples()) {
            int at = random.nextInt(frame.length);
            int end = at + random.nextInt(frame.length - at + 1);
            byte[] other = frame.clone();
            for (int i = end; i < other.length; i++) other[i] ^= (byte) (1 + random.nextInt(255));
            assertThat(probe.header.fits(other, at, end)).isEqualTo(probe.header.fits(frame, at, end));
            assertThat(probe.header.print(other, at, end)).isEqualTo(probe.header.print(frame, at, end));
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void afterFitsEveryFieldCanBeRead(Probe probe) {
        int fitted = 0;
        for (byte[] frame : samples()) {
            for (int at = 0; at <= frame.length; at++) {
                if (!probe.header.fits(frame, at, frame.length)) continue;
                probe.wrap(frame, at);
                probe.readAll();
                fitted++;
            }
        }
        assertThat(fitted).isPositive();
    }

    @ParameterizedTest
    @MethodSource("headers")
    void whatIsWrittenIsReadBackAndLiesWithinTheHeader(Probe probe) {
        int length = probe.header.minimumLength();
        for (Method setter : probe.setters()) {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = Corpus.random(random, length + 20);
                byte[] before = bytes.clone();
                probe.wrap(bytes, 10);
                Object most = setAndGet(probe, setter, -1L);
                long value = random.nextLong();
                Object read = setAndGet(probe, setter, value);
                if (most instanceof Number max) {
                    long expected = read instanceof Integer ? (int) value & max.intValue() : value & max.longValue();
                    assertThat(((Number) read).longValue()).as(setter.getName()).isEqualTo(expected);
                } else {
                    assertThat(read).isEqualTo((value & 1) != 0);
                }
                assertThat(Arrays.copyOf(bytes, 10)).isEqualTo(Arrays.copyOf(before, 10));
                assertThat(Arrays.copyOfRange(bytes, 10 + length, bytes.length))
                        .isEqualTo(Arrays.copyOfRange(before, 10 + length, bytes.length));
            }
        }
    }

    private static Object setAndGet(Probe probe, Method setter, long value) {
        Class<?> type = setter.getParameterTypes()[0];
        if (type == boolean.class) probe.call(setter, (value & 1) != 0);
        else if (type == int.class) probe.call(setter, (int) value);
        else probe.call(setter, value);
        return probe.get(setter.getName());
    }

    @ParameterizedTest
    @MethodSource("headers")
    void printsOneLineOfAnyBytes(Probe probe) {
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = Corpus.random(random, random.nextInt(100));
            assertThat(probe.header.print(bytes, 0, bytes.length)).isNotEmpty().isPrintable();
        }
    }

    private List<byte[]> samples() {
        return Corpus.frames().stream().map(Corpus::bytes).toList();
    }
}
