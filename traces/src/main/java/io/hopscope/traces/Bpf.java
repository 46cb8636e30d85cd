package io.hopscope.traces;

import io.hopscope.encap.View;
import java.util.Arrays;

/**
 * A program of the classic BPF machine (McCanne and Jacobson, 1993), run as libpcap's {@code bpf_filter()} runs it: numbers
 * of 32 bits without sign, and whoever looks behind the end of the frame, or divides by 0, refuses it. Of Linux's additions
 * the direction alone. It allocates nothing when it runs, and belongs to one thread.
 */
public final class Bpf {
    private static final int LD = 0;
    private static final int LDX = 1;
    private static final int ST = 2;
    private static final int STX = 3;
    private static final int ALU = 4;
    private static final int JMP = 5;
    private static final int RET = 6;

    private static final int ALWAYS = 0x00;
    private static final int DIVIDE = 0x30;
    private static final int MODULO = 0x90;
    /** The operand is X, not the constant. */
    private static final int BY_X = 0x08;

    private static final int RETURN_A = 0x10;
    private static final int TXA = 0x80;
    private static final int MEMORY = 16;
    /** Where Linux's SKF_AD_PKTTYPE is read, and what it is for a packet that leaves (PACKET_OUTGOING). */
    private static final int DIRECTION = 0xffff_f004;

    private static final int OUTGOING = 4;

    private static final int[] CODES = {
        0x00, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x60, 0x80, 0x01, 0x61, 0x81, 0xb1, 0x02, 0x03, 0x04, 0x0c, 0x14,
        0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0x94, 0x9c, 0xa4, 0xac,
        0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87
    };

    private final int[] codes;
    /** How far to jump where the comparison holds, and where it does not. */
    private final int[] yes;

    private final int[] no;
    private final int[] constants;
    private final int[] memory = new int[MEMORY];
    private final boolean remembers;

    /**
     * @param instructions each as {@link #instruction} makes it
     * @throws IllegalArgumentException if this is no program: it has to end in a return, and to jump within itself
     */
    public Bpf(long... instructions) {
        int n = instructions.length;
        codes = new int[n];
        yes = new int[n];
        no = new int[n];
        constants = new int[n];
        boolean stores = false;
        for (int i = 0; i < n; i++) {
            codes[i] = (int) (instructions[i] >>> 48);
            yes[i] = (int) (instructions[i] >>> 40) & 0xff;
            no[i] = (int) (instructions[i] >>> 32) & 0xff;
            constants[i] = (int) instructions[i];
            check(i, n);
            stores |= codes[i] == ST || codes[i] == STX;
        }
        remembers = stores;
        if (n == 0 || (codes[n - 1] & 7) != RET) {
            throw new IllegalArgumentException("a BPF program ends in a return");
        }
    }

    /** The fields of a {@code struct bpf_insn}. */
    public static long instruction(int code, int yes, int no, int constant) {
        return (long) code << 48 | (long) (yes & 0xff) << 40 | (long) (no & 0xff) << 32 | constant & 0xffff_ffffL;
    }

    private void check(int i, int n) {
        int code = codes[i];
        int k = constants[i];
        boolean known = Arrays.stream(CODES).anyMatch(each -> each == code);
        boolean inside = true;
        if (code == (JMP | ALWAYS)) {
            long to = i + 1L + k; // backwards too: that is how libpcap walks along headers of IPv6
            inside = to >= 0 && to < n;
        } else if ((code & 7) == JMP) {
            inside = i + 1 + yes[i] < n && i + 1 + no[i] < n;
        } else if (code == ST || code == STX || (code & 0xe0) == 0x60 && (code & 7) <= LDX) {
            inside = k >= 0 && k < MEMORY;
        } else if ((code & 7) == ALU && (code & BY_X) == 0) {
            int operation = code & 0xf0;
            inside = k != 0 || operation != DIVIDE && operation != MODULO;
        }
        if (!known || !inside) {
            throw new IllegalArgumentException("BPF instruction " + i + " is none: code " + code + ", constant " + k);
        }
    }

    public int size() {
        return codes.length;
    }

    /**
     * How many bytes of the frame are wanted; 0 for none.
     *
     * @param wire its length before it was cut
     * @param inbound whether it came in at its port
     */
    public int run(byte[] b, int at, int length, int wire, boolean inbound) {
        int a = 0;
        int x = 0;
        // Each turn of a chain of headers leads on in the frame: whoever goes back more often goes round in circles.
        int back = length;
        if (remembers) {
            Arrays.fill(memory, 0);
        }
        for (int pc = 0; ; pc++) {
            int code = codes[pc];
            int k = constants[pc];
            switch (code & 7) {
                case LD, LDX -> {
                    long loaded = load(code, k, x, b, at, length, wire, inbound);
                    if (loaded < 0) {
                        return 0;
                    } else if ((code & 7) == LD) {
                        a = (int) loaded;
                    } else {
                        x = (int) loaded;
                    }
                }
                case ST -> memory[k] = a;
                case STX -> memory[k] = x;
                case ALU -> {
                    int y = (code & BY_X) == 0 ? k : x;
                    if (y == 0 && ((code & 0xf0) == DIVIDE || (code & 0xf0) == MODULO)) {
                        return 0;
                    }
                    a = compute(code & 0xf0, a, y);
                }
                case JMP -> {
                    if (code != (JMP | ALWAYS)) {
                        pc += holds(code & 0xf0, a, (code & BY_X) == 0 ? k : x) ? yes[pc] : no[pc];
                    } else if (k >= 0 || --back >= 0) {
                        pc += k;
                    } else {
                        return 0;
                    }
                }
                case RET -> {
                    return code == (RET | RETURN_A) ? a : k;
                }
                default -> {
                    a = (code & TXA) == 0 ? a : x;
                    x = (code & TXA) == 0 ? a : x;
                }
            }
        }
    }

    /** The number, without sign, or -1 where the frame is too short for it. */
    private long load(int code, int k, int x, byte[] b, int at, int length, int wire, boolean inbound) {
        long offset = k & 0xffff_ffffL;
        switch (code & 0xe0) {
            case 0x00:
                return offset;
            case 0x60:
                return memory[k] & 0xffff_ffffL;
            case 0x80:
                return wire & 0xffff_ffffL;
            case 0xa0:
                return offset < length ? (b[at + k] & 0xf) << 2 : -1;
            case 0x20:
                if (k == DIRECTION) {
                    return inbound ? 0 : OUTGOING;
                }
                break;
            default:
                offset += x & 0xffff_ffffL;
        }
        int size = code & 0x18;
        int bytes = size == 0 ? 4 : size == 8 ? 2 : 1;
        if (offset > length - bytes) {
            return -1;
        }
        int from = at + (int) offset;
        return bytes == 4 ? View.get32(b, from) & 0xffff_ffffL : bytes == 2 ? View.get16(b, from) : b[from] & 0xff;
    }

    private static boolean holds(int comparison, int a, int y) {
        return switch (comparison) {
            case 0x10 -> a == y;
            case 0x20 -> Integer.compareUnsigned(a, y) > 0;
            case 0x30 -> Integer.compareUnsigned(a, y) >= 0;
            default -> (a & y) != 0;
        };
    }

    private static int compute(int operation, int a, int y) {
        return switch (operation) {
            case 0x00 -> a + y;
            case 0x10 -> a - y;
            case 0x20 -> a * y;
            case DIVIDE -> Integer.divideUnsigned(a, y);
            case 0x40 -> a | y;
            case 0x50 -> a & y;
            case 0x60 -> y >= 0 && y < 32 ? a << y : 0;
            case 0x70 -> y >= 0 && y < 32 ? a >>> y : 0;
            case 0x80 -> -a;
            case MODULO -> Integer.remainderUnsigned(a, y);
            default -> a ^ y;
        };
    }
}
