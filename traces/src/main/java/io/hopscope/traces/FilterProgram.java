package io.hopscope.traces;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import java.util.Arrays;

/**
 * A filter as instructions of a small stack machine over the bytes of a frame; it allocates nothing when it runs. As in
 * the BPF machine numbers are of 32 bits without sign, and whoever looks behind the end of the frame refuses it.
 */
final class FilterProgram {
    /** The argument. */
    static final int PUSH = 0;
    /** The length on the wire. */
    static final int LENGTH = 1;
    /** 1 for a frame that leaves by its port, 0 for one that comes in. */
    static final int OUTBOUND = 2;
    /** Bytes at the argument; plus {@code SKIP}, behind the tags; plus {@code INDEXED}, at the number on the stack as well. */
    static final int LOAD1 = 4;

    static final int LOAD2 = 5;
    static final int LOAD4 = 6;
    static final int SKIP = 4;
    static final int INDEXED = 8;
    /** Four times the lower half of the byte at the argument, behind the tags: the length of an IPv4 header. */
    static final int HEADER = 20;

    static final int ADD = 21;
    static final int SUBTRACT = 22;
    static final int MULTIPLY = 23;
    static final int DIVIDE = 24;
    static final int MODULO = 25;
    static final int AND = 26;
    static final int OR = 27;
    static final int XOR = 28;
    static final int LEFT = 29;
    static final int RIGHT = 30;
    static final int EQUAL = 31;
    static final int GREATER = 32;
    static final int AT_LEAST = 33;
    static final int NOT = 34;
    /** To the argument if the number on the stack is 0, or is not; otherwise the number is taken off. */
    static final int IF_FALSE = 35;

    static final int IF_TRUE = 36;

    private static final int TYPE = 12;

    /** What can be asked of a frame: writes instructions that leave 1 or 0 on the stack. */
    interface Test {
        void write(FilterProgram into);

        default Test and(Test other) {
            return into -> into.unless(IF_FALSE, this, other);
        }

        default Test or(Test other) {
            return into -> into.unless(IF_TRUE, this, other);
        }

        default Test not() {
            return into -> {
                write(into);
                into.add(NOT, 0);
            };
        }
    }

    private int[] operations = new int[32];
    private int[] arguments = new int[32];
    private int size;
    private int depth;
    private int[] stack = {};
    private final boolean throughTags;

    /**
     * @param throughTags whether VLAN tags are passed over; otherwise the test knows where they are
     */
    FilterProgram(Test test, boolean throughTags) {
        this.throughTags = throughTags;
        test.write(this);
        stack = new int[depth + 1];
    }

    FilterProgram add(int operation, int argument) {
        if (size == operations.length) {
            operations = Arrays.copyOf(operations, size * 2);
            arguments = Arrays.copyOf(arguments, size * 2);
        }
        operations[size] = operation;
        arguments[size++] = argument;
        depth++; // no more is ever on the stack than instructions there are
        return this;
    }

    private void unless(int jump, Test first, Test second) {
        first.write(this);
        int at = size;
        add(jump, 0);
        second.write(this);
        arguments[at] = size;
    }

    private static int tags(byte[] b, int at, int length) {
        int skip = 0;
        while (skip < 2 * Vlan.LENGTH
                && TYPE + skip + 2 + Vlan.LENGTH <= length
                && tag(View.get16(b, at + TYPE + skip))) {
            skip += Vlan.LENGTH;
        }
        return skip;
    }

    private static boolean tag(int type) {
        return type == Ethernet.VLAN || type == Ethernet.QINQ;
    }

    boolean run(byte[] b, int at, int length, int wire, boolean inbound) {
        int skip = throughTags ? tags(b, at, length) : 0;
        int top = -1;
        for (int pc = 0; pc < size; pc++) {
            int operation = operations[pc];
            int argument = arguments[pc];
            if (operation == PUSH) {
                stack[++top] = argument;
            } else if (operation < HEADER && operation >= LOAD1) {
                long offset = argument & 0xffff_ffffL;
                if (operation >= LOAD1 + INDEXED) {
                    operation -= INDEXED;
                    offset += stack[top--] & 0xffff_ffffL;
                }
                if (operation >= LOAD1 + SKIP) {
                    operation -= SKIP;
                    offset += skip;
                }
                int bytes = 1 << operation - LOAD1;
                if (offset > length - bytes) {
                    return false;
                }
                stack[++top] = load(b, at + (int) offset, bytes);
            } else if (operation == HEADER) {
                if (argument + skip >= length) {
                    return false;
                }
                stack[++top] = (b[at + argument + skip] & 0xf) << 2;
            } else if (operation == LENGTH) {
                stack[++top] = wire;
            } else if (operation == OUTBOUND) {
                stack[++top] = inbound ? 0 : 1;
            } else if (operation == NOT) {
                stack[top] ^= 1;
            } else if (operation >= IF_FALSE) {
                if (stack[top] != 0 == (operation == IF_TRUE)) {
                    pc = argument - 1;
                } else {
                    top--;
                }
            } else {
                int y = stack[top--];
                if (y == 0 && (operation == DIVIDE || operation == MODULO)) {
                    return false;
                }
                stack[top] = compute(operation, stack[top], y);
            }
        }
        return stack[top] != 0;
    }

    private static int load(byte[] b, int at, int bytes) {
        return bytes == 4 ? View.get32(b, at) : bytes == 2 ? View.get16(b, at) : b[at] & 0xff;
    }

    /** Shared with the parser, which works out what is constant. */
    static int compute(int operation, int x, int y) {
        return switch (operation) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> Integer.divideUnsigned(x, y);
            case MODULO -> Integer.remainderUnsigned(x, y);
            case AND -> x & y;
            case OR -> x | y;
            case XOR -> x ^ y;
            case LEFT -> y >= 0 && y < 32 ? x << y : 0;
            case RIGHT -> y >= 0 && y < 32 ? x >>> y : 0;
            case EQUAL -> x == y ? 1 : 0;
            case GREATER -> Integer.compareUnsigned(x, y) > 0 ? 1 : 0;
            default -> Integer.compareUnsigned(x, y) >= 0 ? 1 : 0;
        };
    }
}
