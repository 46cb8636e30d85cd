package io.hopscope.encap;

/**
 * The outer VLAN tag of a frame (IEEE 802.1Q): put on, taken off, rewritten in place. Pushed tags are 0x8100; an
 * 802.1ad service tag (0x88a8) can be taken off and rewritten, not pushed.
 *
 * <pre>
 * | TPID 8100 (16) | PCP (3) | DEI (1) | VID (12) |   between source address and type
 * </pre>
 */
public final class Vlan {
    /** Bytes of one tag. */
    public static final int LENGTH = 4;

    /** The bits of the tag control information that are the VLAN id. */
    public static final int VID = 0x0fff;

    private static final int ADDRESSES = 12;

    private Vlan() {}

    /** Puts a tag with this control information (PCP, DEI, VID) behind the addresses. */
    public static void push(Frame frame, int tci) {
        int to = frame.push(LENGTH);
        byte[] b = frame.bytes();
        // in this order: the second read must not see what the first write covered
        long first = View.get64(b, to + LENGTH);
        int rest = View.get32(b, to + LENGTH + 8);
        View.put64(b, to, first);
        View.put32(b, to + 8, rest);
        View.put32(b, to + ADDRESSES, Ethernet.VLAN << 16 | tci & 0xffff);
    }

    /** Takes the outer tag off; the frame must be tagged. */
    public static void pop(Frame frame) {
        requireTag(frame);
        byte[] b = frame.bytes();
        int from = frame.start();
        long first = View.get64(b, from);
        int rest = View.get32(b, from + 8);
        int to = frame.pull(LENGTH);
        View.put64(b, to, first);
        View.put32(b, to + 8, rest);
    }

    /** Changes the VLAN id of the outer tag and keeps PCP and DEI; the frame must be tagged. */
    public static void rewrite(Frame frame, int vid) {
        requireTag(frame);
        byte[] b = frame.bytes();
        int at = frame.start() + ADDRESSES + 2;
        View.put16(b, at, View.get16(b, at) & ~VID | vid & VID);
    }

    private static void requireTag(Frame frame) {
        if (!Ethernet.isTag(View.get16(frame.bytes(), frame.start() + ADDRESSES))) {
            throw new IllegalStateException("the frame has no VLAN tag");
        }
    }
}
