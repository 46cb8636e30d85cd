package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BpfTest {
    private static final int[] CODES = {
        0x00, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x60, 0x80, 0x01, 0x61, 0x81, 0xb1, 0x02, 0x03, 0x04, 0x0c, 0x14,
        0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0x94, 0x9c, 0xa4, 0xac,
        0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87
    };

    private final byte[] frame = new byte[80];

    private static long i(int code, int yes, int no, int constant) {
        return Bpf.instruction(code, yes, no, constant);
    }

    private int run(long... program) {
        return new Bpf(program).run(frame, 10, 64, 1000, false);
    }

    @Test
    void whatLibpcapWritesForArpIsArp() {
        // tcpdump -dd arp
        Bpf arp = new Bpf(i(0x28, 0, 0, 12), i(0x15, 0, 1, 0x806), i(0x06, 0, 0, 0x40000), i(0x06, 0, 0, 0));
        assertThat(arp.run(frame, 10, 64, 64, true)).isZero();
        frame[22] = 8;
        frame[23] = 6;
        assertThat(arp.run(frame, 10, 64, 64, true)).isEqualTo(0x40000);
        assertThat(arp.run(frame, 10, 13, 64, true))
                .as("whoever looks behind the end refuses")
                .isZero();
    }

    @Test
    void computesWithoutSignAndRefusesToDivideByZero() {
        assertThat(run(i(0x00, 0, 0, -1), i(0x34, 0, 0, 2), i(0x16, 0, 0, 0))).isEqualTo(0x7fff_ffff);
        assertThat(run(i(0x00, 0, 0, 7), i(0x3c, 0, 0, 0), i(0x06, 0, 0, 1))).isZero();
        assertThat(run(i(0x00, 0, 0, 7), i(0x9c, 0, 0, 0), i(0x06, 0, 0, 1))).isZero();
        assertThat(run(i(0x00, 0, 0, 1), i(0x64, 0, 0, 32), i(0x16, 0, 0, 0))).isZero();
        assertThat(run(i(0x00, 0, 0, -1), i(0x25, 0, 1, 5), i(0x06, 0, 0, 1), i(0x06, 0, 0, 0)))
                .isEqualTo(1);
        assertThat(run(
                        i(0x00, 0, 0, 5),
                        i(0x02, 0, 0, 3),
                        i(0x84, 0, 0, 0),
                        i(0x61, 0, 0, 3),
                        i(0x0c, 0, 0, 0),
                        i(0x15, 0, 1, 0),
                        i(0x06, 0, 0, 9),
                        i(0x06, 0, 0, 0)))
                .isEqualTo(9);
        assertThat(run(i(0x80, 0, 0, 0), i(0x16, 0, 0, 0))).isEqualTo(1000);
        assertThat(run(i(0x01, 0, 0, -4), i(0x40, 0, 0, 8), i(0x06, 0, 0, 1)))
                .as("an offset does not go round")
                .isZero();
        assertThat(run(i(0x28, 0, 0, 0xffff_f004), i(0x16, 0, 0, 0)))
                .as("a packet that leaves")
                .isEqualTo(4);
    }

    /** libpcap 1.10's program of 'ip protochain 17', which runs for ever over a frame like this one. */
    @Test
    void aChainOfHeadersThatLeadsBackToItselfEndsTheProgram() {
        Bpf chain = new Bpf(
                i(0x28, 0, 0, 12),
                i(0x15, 0, 21, 0x800),
                i(0x30, 0, 0, 23),
                i(0xb1, 0, 0, 14),
                i(0x15, 15, 0, 17),
                i(0x15, 14, 0, 59),
                i(0x04, 0, 0, 0),
                i(0x15, 0, 12, 51),
                i(0x87, 0, 0, 0),
                i(0x50, 0, 0, 14),
                i(0x02, 0, 0, 0),
                i(0x87, 0, 0, 0),
                i(0x04, 0, 0, 1),
                i(0x07, 0, 0, 0),
                i(0x50, 0, 0, 14),
                i(0x04, 0, 0, 2),
                i(0x24, 0, 0, 4),
                i(0x07, 0, 0, 0),
                i(0x60, 0, 0, 0),
                i(0x05, 0, 0, -16),
                i(0x04, 0, 0, 0),
                i(0x15, 0, 1, 17),
                i(0x06, 0, 0, 262144),
                i(0x06, 0, 0, 0));
        frame[22] = 8;
        frame[24] = 0x45;
        frame[33] = 51;
        frame[44] = 51;
        frame[45] = 3;
        assertThat(chain.run(frame, 10, 64, 64, true)).isZero();
        frame[33] = 17;
        assertThat(chain.run(frame, 10, 64, 64, true)).isEqualTo(262144);
    }

    @Test
    void refusesWhatIsNoProgram() {
        assertThatThrownBy(() -> new Bpf()).hasMessageContaining("ends in a return");
        assertThatThrownBy(() -> new Bpf(i(0x00, 0, 0, 1))).hasMessageContaining("ends in a return");
        assertThatThrownBy(() -> new Bpf(i(0x15, 1, 0, 1), i(0x06, 0, 0, 0))).hasMessageContaining("instruction 0");
        assertThatThrownBy(() -> new Bpf(i(0x05, 0, 0, -2), i(0x06, 0, 0, 0))).hasMessageContaining("instruction 0");
        assertThatThrownBy(() -> new Bpf(i(0x34, 0, 0, 0), i(0x06, 0, 0, 0))).hasMessageContaining("instruction 0");
        assertThatThrownBy(() -> new Bpf(i(0x60, 0, 0, 16), i(0x06, 0, 0, 0))).hasMessageContaining("instruction 0");
        assertThatThrownBy(() -> new Bpf(i(0xff, 0, 0, 0), i(0x06, 0, 0, 0))).hasMessageContaining("instruction 0");
    }

    @Test
    @Tag("fuzz")
    void anyProgramIsRefusedOrComesToAnEndOverAnyFrame() {
        SplittableRandom random = new SplittableRandom(5);
        int programs = 0;
        for (int round = 0; round < 200_000; round++) {
            long[] instructions = new long[random.nextInt(1, 24)];
            for (int n = 0; n < instructions.length; n++) {
                int code = n == instructions.length - 1 ? 0x16 : CODES[random.nextInt(CODES.length)];
                code = random.nextInt(400) == 0 ? random.nextInt(0x10000) : code;
                int left = Math.max(1, instructions.length - n - 1);
                int constant = (code & 7) == 5
                        ? random.nextInt(-n - 1, left)
                        : random.nextBoolean() ? random.nextInt(16) : random.nextInt(-80, 80) * random.nextInt(1, 3);
                constant = random.nextInt(30) == 0 ? random.nextInt() : constant;
                instructions[n] = i(code, random.nextInt(left), random.nextInt(left), constant);
            }
            random.nextBytes(frame);
            try {
                Bpf program = new Bpf(instructions);
                programs++;
                int length = random.nextInt(65);
                program.run(frame, 10, length, length, random.nextBoolean());
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("BPF");
            }
        }
        assertThat(programs).as("programs that were run").isGreaterThan(50_000);
    }
}
