package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;

/** First in, first out, by the frames' own links. */
public final class FrameQueue {
    private Frame head;
    private Frame tail;
    private int frames;
    private long bytes;

    public void add(Frame frame) {
        frame.next = null;
        if (head == null) {
            head = frame;
        } else {
            tail.next = frame;
        }
        tail = frame;
        frames++;
        bytes += frame.length();
    }

    /** Null if there is none. */
    public Frame poll() {
        Frame frame = head;
        if (frame != null) {
            head = frame.next;
            frame.next = null;
            frames--;
            bytes -= frame.length();
        }
        return frame;
    }

    public Frame peek() {
        return head;
    }

    public int frames() {
        return frames;
    }

    public long bytes() {
        return bytes;
    }
}
