package io.hopscope.protocols.ipam;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * An agent's side: one request under way at a time, sent again under the same id until an answer comes. The pause before
 * a repetition doubles each time, to a minute at most, as oslo.messaging and Neutron's back-off have it.
 */
public final class IpamClient {
    private static final long LONGEST_PAUSE = 60_000_000_000_000L;

    /** Carries requests, and hears how they ended. */
    public interface Line {
        void send(byte[] message, long now);

        /**
         * @param reply null where none came
         */
        void answered(RpcMessage request, RpcMessage reply, long now);
    }

    private final String session;
    private final long timeout;
    private final int tries;
    private final Line line;
    private final Queue<RpcMessage> calls = new ArrayDeque<>(4);
    private int number;
    private byte[] underWay;
    private int sent;
    private long pause;
    private long deadline = Long.MAX_VALUE;
    private long repeated;

    /**
     * @param session lower case hexadecimal digits, another one with each start
     * @param timeout picoseconds before the first repetition
     * @param tries how often a request is sent
     */
    public IpamClient(String session, long timeout, int tries, Line line) {
        this.session = session;
        this.timeout = timeout;
        this.tries = tries;
        this.line = line;
    }

    /** Asks when all that was asked before has been answered. */
    public void call(RpcMessage request, long now) {
        calls.add(request);
        if (underWay == null) {
            begin(now);
        }
    }

    private void begin(long now) {
        RpcMessage next = calls.peek();
        if (next == null) {
            return;
        }
        underWay = next.put("id", id()).bytes();
        sent = 0;
        pause = timeout;
        send(now);
    }

    private String id() {
        return new RequestId(session, ++number).toString();
    }

    private void send(long now) {
        sent++;
        deadline = now + pause;
        pause = Math.min(LONGEST_PAUSE, pause * 2);
        line.send(underWay, now);
    }

    /** Whether it was the answer to the request under way. */
    public boolean receive(byte[] bytes, int from, int to, long now) {
        RpcMessage reply = underWay == null ? null : RpcMessage.parse(bytes, from, to);
        if (reply == null || !calls.peek().get("id").equals(reply.get("id"))) {
            return false;
        }
        end(reply, now);
        return true;
    }

    private void end(RpcMessage reply, long now) {
        RpcMessage request = calls.remove();
        underWay = null;
        deadline = Long.MAX_VALUE;
        line.answered(request, reply, now);
        if (underWay == null) {
            begin(now);
        }
    }

    /** When {@link #expire} is to be called. */
    public long nextDeadline() {
        return deadline;
    }

    public void expire(long now) {
        if (now < deadline) {
            return;
        }
        if (sent >= tries) {
            end(null, now);
        } else {
            repeated++;
            send(now);
        }
    }

    /** How often a request was sent again. */
    public long repeated() {
        return repeated;
    }

    /** Requests without an answer yet. */
    public int waiting() {
        return calls.size();
    }
}
