package io.hopscope.protocols.tcp;

/**
 * A receive buffer that is full (tcp_try_rmem_schedule): it grows as far as it may, then what lies in it is put together,
 * then the last of what waits behind a gap is thrown away, never what comes before it.
 */
final class Pressure {
    /** Data and memory of a page that segments are put together in (SKB_MAX_ORDER, and its truesize). */
    private static final int PAGE = 3776;

    private static final int PAGE_MEMORY = 4352;

    private final TcpTable table;

    Pressure(TcpTable table) {
        this.table = table;
    }

    /** Whether there is room for a segment, or could be made. */
    boolean admits(Connection c, int seq) {
        if (c.charged <= c.rcvBuf) {
            return true;
        }
        table.count(TcpCounter.PRUNE_CALLED);
        clamp(c);
        if (c.charged > c.rcvBuf) {
            collapse(c);
        }
        if (c.charged > c.rcvBuf) {
            prune(c, seq);
        }
        if (c.charged > c.rcvBuf) {
            table.count(TcpCounter.RCV_PRUNED);
            return false;
        }
        return true;
    }

    /** tcp_clamp_window: a buffer that nobody has set grows to what is in it. */
    private static void clamp(Connection c) {
        c.quick = 0;
        int most = c.table.settings.receiveBuffer[2];
        if (!c.rcvBufLocked && c.rcvBuf < most) {
            c.rcvBuf = Math.min(c.charged, most);
        }
        if (c.charged > c.rcvBuf) {
            c.rcvSsthresh = Math.min(c.windowClamp, 2 * c.advMss);
        }
    }

    /** What so many bytes take that lie together. */
    static int together(int length) {
        int rest = length % PAGE;
        return length / PAGE * PAGE_MEMORY + (rest == 0 ? 0 : Math.min(PAGE_MEMORY, ReceiveWindow.memory(rest)));
    }

    /** tcp_collapse, of what can be read and of each stretch behind a gap. */
    private void collapse(Connection c) {
        int behind = c.received == null ? 0 : c.received.chargedBehindGaps();
        int read = c.charged - behind;
        int less = Math.min(read, together(c.unread()));
        if (c.received != null) {
            c.received.collapse();
            behind = c.received.chargedBehindGaps();
        }
        if (less + behind < c.charged) {
            table.count(TcpCounter.RCV_COLLAPSED);
            c.charged = less + behind;
        }
    }

    /** tcp_prune_ofo_queue: an eighth of the buffer at a time, as long as it lies behind the segment that has come. */
    private void prune(Connection c, int seq) {
        ReceiveBuffer received = c.received;
        boolean pruned = false;
        while (c.charged > c.rcvBuf && received != null && received.gaps() > 0 && !Seq.after(seq, received.last())) {
            c.charged -= received.dropLast(c.rcvBuf >> 3);
            pruned = true;
        }
        if (pruned) {
            table.count(TcpCounter.OFO_PRUNED);
        }
    }
}
