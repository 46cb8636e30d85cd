package io.hopscope.scenarios.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * What is counted of each flow, in arrays with one writer an element: the node that sends, or the one that receives. Only
 * where destinations are drawn do many nodes receive of a flow; they add, and a sum does not depend on the order.
 */
final class Flows {
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    /** By the sender. */
    final int[] sent;
    /** By the receiver. */
    final int[] received;
    /** By the sender: replies that came back. */
    final int[] answered;

    /** By the receiver: the sequence that is expected next, and what came after it was due. */
    private final int[] expected;

    final int[] reordered;
    /** Of a flow of several packets: how many are still to be sent, to whom, and when the next one is due. */
    final int[] left;

    final int[] target;
    final long[] due;

    Flows(int count, boolean replies, boolean steady, boolean bursts) {
        sent = new int[count];
        received = new int[count];
        answered = new int[replies ? count : 0];
        expected = new int[steady ? count : 0];
        reordered = new int[steady ? count : 0];
        left = new int[bursts ? count : 0];
        target = new int[bursts ? count : 0];
        due = new long[bursts ? count : 0];
        Arrays.fill(target, -1);
    }

    /** A packet came in, of a flow that has one receiver: later than one sent after it counts as reordered (RFC 4737). */
    void arrived(int flow, int sequence) {
        received[flow]++;
        if (sequence - expected[flow] >= 0) {
            expected[flow] = sequence + 1;
        } else {
            reordered[flow]++;
        }
    }

    /** A packet came in, of a flow that has many receivers. */
    void arrivedSomewhere(int flow) {
        INTS.getAndAdd(received, flow, 1);
    }
}
