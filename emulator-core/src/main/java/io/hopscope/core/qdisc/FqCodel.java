package io.hopscope.core.qdisc;

import io.hopscope.encap.FlowHash;
import io.hopscope.encap.Frame;
import io.hopscope.encap.TrafficClass;

/**
 * FQ-CoDel (RFC 8290) as Linux has it: a queue for each flow, by hash, served in turn, those that have just begun first,
 * and CoDel in each.
 */
final class FqCodel extends Discipline {
    /** A queue, and where it stands in the round. */
    private static final class Flow {
        private final FrameQueue queue = new FrameQueue();
        private final Codel codel = new Codel();
        private int deficit;
        private boolean listed;
        private Flow next;
    }

    /** Flows in the order they are served in. */
    private static final class Round {
        private Flow first;
        private Flow last;
        private int flows;

        void add(Flow flow) {
            flow.next = null;
            if (first == null) {
                first = flow;
            } else {
                last.next = flow;
            }
            last = flow;
            flows++;
        }

        Flow poll() {
            Flow flow = first;
            first = flow.next;
            flow.next = null;
            flows--;
            return flow;
        }
    }

    /** Linux's sk_buff, and what it keeps behind the bytes. */
    private static final int SK_BUFF = 256;

    private static final int BESIDE_BYTES = 64 + 320;

    private final Flow[] flows;
    private final Round newFlows = new Round();
    private final Round oldFlows = new Round();
    private final long perturbation;
    private FqCodelSpec spec;
    private long memory;
    private long overLimit;
    private long overMemory;
    private long newFlowCount;
    private long marked;
    private long markedAbove;
    private int longest;

    FqCodel(Exit exit, int handle, FqCodelSpec spec) {
        super(exit, handle, 0);
        this.spec = spec.complete(exit);
        flows = new Flow[spec.flows()];
        perturbation = exit.stream("fq_codel").getAsLong();
    }

    @Override
    public QdiscSpec spec() {
        return spec;
    }

    private Flow flow(Frame frame) {
        long hash = FlowHash.of(frame, frame.start()) ^ perturbation;
        hash *= 0x9e3779b97f4a7c15L;
        int index = (int) ((hash >>> 32) * flows.length >>> 32);
        Flow flow = flows[index];
        if (flow == null) {
            flow = flows[index] = new Flow();
            flow.codel.set(spec.target(), spec.interval());
        }
        return flow;
    }

    @Override
    public void enqueue(Frame frame, long now) {
        Flow flow = flow(frame);
        frame.stamp = now;
        flow.queue.add(frame);
        took(frame);
        memory += memory(frame);
        if (!flow.listed) {
            flow.listed = true;
            flow.deficit = spec.quantum();
            newFlows.add(flow);
            newFlowCount++;
        }
        boolean full = memory > spec.memory();
        if (own() > spec.limit() || full) {
            int before = own();
            shrink();
            overLimit += before - own();
            overMemory += full ? before - own() : 0;
        }
    }

    /** What Linux would hold for it: the buffer is a power of two. */
    private static int memory(Frame frame) {
        int bytes = frame.length() + BESIDE_BYTES;
        return SK_BUFF + Math.max(512, Integer.highestOneBit(bytes - 1) << 1);
    }

    /** Drops the older half of the longest queue, up to a batch. */
    private void shrink() {
        Flow fat = null;
        for (Flow each : flows) {
            if (each != null && (fat == null || each.queue.bytes() > fat.queue.bytes())) {
                fat = each;
            }
        }
        long enough = fat.queue.bytes() / 2;
        int frames = 0;
        long bytes = 0;
        do {
            Frame frame = take(fat);
            bytes += frame.length();
            drop(frame, Exit.Reason.FQ_CODEL_FULL);
        } while (++frames < spec.batch() && bytes < enough);
        fat.codel.stronger(frames);
    }

    private Frame take(Flow flow) {
        Frame frame = flow.queue.poll();
        if (frame != null) {
            gave(frame);
            memory -= memory(frame);
        }
        return frame;
    }

    @Override
    protected Frame next(long now) {
        while (true) {
            Round round = newFlows.first != null ? newFlows : oldFlows;
            Flow flow = round.first;
            if (flow == null) {
                return null;
            }
            if (flow.deficit <= 0) {
                flow.deficit += spec.quantum();
                oldFlows.add(round.poll());
                continue;
            }
            Frame frame = codel(flow, now);
            if (frame != null) {
                flow.deficit -= frame.length();
                return frame;
            }
            round.poll();
            // An empty new flow waits for its turn among the old ones, or it would be new for ever and starve them.
            if (round == newFlows && oldFlows.first != null) {
                oldFlows.add(flow);
            } else {
                flow.listed = false;
            }
        }
    }

    /** The next frame of a flow that CoDel lets through; null if none is left. */
    private Frame codel(Flow flow, long now) {
        Codel codel = flow.codel;
        Frame frame = take(flow);
        if (frame == null) {
            codel.empty();
            return null;
        }
        boolean tooLong = tooLong(codel, frame, now);
        if (codel.dropping()) {
            frame = dropping(flow, frame, tooLong, now);
        } else if (tooLong) {
            frame = begin(flow, frame, now);
        }
        if (frame != null && spec.markAbove() >= 0 && now - frame.stamp > spec.markAbove()) {
            markedAbove += TrafficClass.congested(frame) ? 1 : 0;
        }
        return frame;
    }

    private Frame begin(Flow flow, Frame first, long now) {
        Frame frame = first;
        if (marks(frame)) {
            marked++;
        } else {
            drop(frame, Exit.Reason.CODEL);
            frame = take(flow);
            tooLong(flow.codel, frame, now);
        }
        flow.codel.enter(now);
        return frame;
    }

    private Frame dropping(Flow flow, Frame first, boolean stillTooLong, long now) {
        Codel codel = flow.codel;
        if (!stillTooLong) {
            codel.leave();
            return first;
        }
        Frame frame = first;
        while (codel.due(now)) {
            codel.again();
            if (marks(frame)) {
                marked++;
                codel.next();
                return frame;
            }
            drop(frame, Exit.Reason.CODEL);
            frame = take(flow);
            if (tooLong(codel, frame, now)) {
                codel.next();
            } else {
                codel.leave();
            }
        }
        return frame;
    }

    private boolean marks(Frame frame) {
        return spec.ecn() && TrafficClass.congested(frame);
    }

    private boolean tooLong(Codel codel, Frame frame, long now) {
        if (frame == null) {
            codel.ranDry();
            return false;
        }
        longest = Math.max(longest, frame.length());
        return codel.tooLong(now - frame.stamp, ownBytes() <= exit.mtu() + 14, now);
    }

    @Override
    public long deadline(long now) {
        return own() == 0 ? Long.MAX_VALUE : now;
    }

    @Override
    protected Frame discard() {
        for (int i = 0; own() > 0 && i < flows.length; i++) {
            if (flows[i] != null && flows[i].queue.peek() != null) {
                return take(flows[i]);
            }
        }
        return null;
    }

    @Override
    public boolean change(QdiscSpec to) {
        boolean same = to instanceof FqCodelSpec other && other.flows() == spec.flows();
        if (same) {
            spec = ((FqCodelSpec) to).complete(exit);
            for (Flow each : flows) {
                if (each != null) {
                    each.codel.set(spec.target(), spec.interval());
                }
            }
        }
        return same;
    }

    @Override
    public String[] details() {
        String marks = " ecn_mark " + marked + (markedAbove > 0 ? " ce_mark " + markedAbove : "")
                + (overMemory > 0 ? " drop_overmemory " + overMemory : "");
        return new String[] {
            "  maxpacket " + longest + " drop_overlimit " + overLimit + " new_flow_count " + newFlowCount + marks,
            "  new_flows_len " + newFlows.flows + " old_flows_len " + oldFlows.flows
        };
    }
}
