package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameTest {
    @Test
    void choosesTheSmallestClassThatHoldsTheBytes() {
        assertThat(Frame.classFor(0)).isZero();
        assertThat(Frame.classFor(256)).isZero();
        assertThat(Frame.classFor(257)).isEqualTo(1);
        assertThat(Frame.classFor(65535 + Ethernet.LENGTH + 2 * Vlan.LENGTH))
                .as("the largest IPv4 packet")
                .isEqualTo(3);
        assertThatThrownBy(() -> Frame.classFor(65601)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void movesToALargerClassOnceTheHeadroomIsGoneAndKeepsItsBytes() {
        Frame frame = Corpus.frame(Corpus.random(new SplittableRandom(1), 200))
                .journey(7)
                .traced(true);
        byte[] before = Corpus.bytes(frame);
        frame.push(128);
        assertThat(frame.moves()).isZero();
        frame.push(4);
        assertThat(frame.moves()).isOne();
        assertThat(frame.sizeClass()).isOne();
        assertThat(frame.bytes()).hasSize(Frame.HEADROOM + 2048);
        assertThat(frame.start()).isEqualTo(Frame.HEADROOM);
        frame.pull(132);
        assertThat(Corpus.bytes(frame)).isEqualTo(before);
        assertThat(frame.journey()).isEqualTo(7);
        assertThat(frame.traced()).isTrue();
    }

    @Test
    void staysTheSameBytesThroughRandomPushesPullsAndResizes() {
        var random = new SplittableRandom(2);
        for (int run = 0; run < 300; run++) {
            byte[] model = Corpus.random(random, random.nextInt(3000));
            Frame frame = Corpus.frame(model);
            for (int step = 0; step < 40; step++) {
                int n = random.nextInt(200);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        byte[] head = Corpus.random(random, n);
                        int start = frame.push(n); // first: it may replace the array
                        System.arraycopy(head, 0, frame.bytes(), start, n);
                        byte[] longer = Arrays.copyOf(head, n + model.length);
                        System.arraycopy(model, 0, longer, n, model.length);
                        model = longer;
                    }
                    case 1 -> {
                        n = Math.min(n, model.length);
                        frame.pull(n);
                        model = Arrays.copyOfRange(model, n, model.length);
                    }
                    case 2 -> {
                        model = Arrays.copyOf(model, model.length + n);
                        frame.length(model.length);
                    }
                    default -> {
                        model = Arrays.copyOf(model, Math.max(0, model.length - n));
                        frame.length(model.length);
                    }
                }
                assertThat(Corpus.bytes(frame)).isEqualTo(model);
                assertThat(frame.bytes()).hasSize(Frame.HEADROOM + Frame.CLASSES[frame.sizeClass()]);
            }
        }
    }

    @Test
    void slidesWithinTheLargestClassAndRefusesWhatCannotFit() {
        Frame frame = new Frame(3).reset(65000);
        frame.bytes()[frame.start()] = 42;
        frame.push(128);
        frame.push(100);
        assertThat(frame.bytes()[frame.start() + 228]).isEqualTo((byte) 42);
        assertThatThrownBy(() -> frame.push(60000)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> frame.pull(70000)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void copiesIntoASmallerFrameByGrowingIt() {
        Frame large = Corpus.frame(Corpus.random(new SplittableRandom(3), 1500))
                .journey(9)
                .traced(true);
        large.push(50);
        Frame small = new Frame(0).reset(60);
        small.copyFrom(large);
        assertThat(Corpus.bytes(small)).isEqualTo(Corpus.bytes(large));
        assertThat(small.start()).isEqualTo(large.start());
        assertThat(small.journey()).isEqualTo(9);
        assertThat(small.traced()).isTrue();
        assertThat(small.bytes()).isNotSameAs(large.bytes());
    }

    @Test
    void isANewFrameAfterReset() {
        Frame frame = new Frame(0).reset(100).journey(3).traced(true);
        frame.push(10);
        frame.reset(5000);
        assertThat(frame.start()).isEqualTo(Frame.HEADROOM);
        assertThat(frame.length()).isEqualTo(5000);
        assertThat(frame.sizeClass()).isEqualTo(2);
        assertThat(frame.journey()).isZero();
        assertThat(frame.traced()).isFalse();
    }

    @Test
    void showsZerosWhereItGrew() {
        Frame frame = Corpus.frame(Corpus.random(new SplittableRandom(4), 100));
        frame.length(10).length(60);
        assertThat(Arrays.copyOfRange(Corpus.bytes(frame), 10, 60)).containsOnly(0);
    }
}
