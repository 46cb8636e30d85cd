package io.hopscope.protocols.tcp;

/**
 * The transmission control block (RFC 9293, section 3.3.1) of one connection: what the parts of the state machine share.
 * Fields have the meaning of Linux's tcp_sock. What only data in flight needs lies in {@link Flight}, which an idle
 * connection does not have.
 */
abstract class Connection extends Endpoint {
    final TcpTable table;
    TcpState state = TcpState.CLOSED;

    /** What has not been acknowledged; null when nothing is in flight and nothing has to be remembered of it. */
    Flight flight;

    SendBuffer unsent;
    ReceiveBuffer received;
    private Tuning tuning;
    CongestionControl congestion;
    TcpListener listener;
    TcpUser handler;

    // Send sequence space.
    int sndUna;
    int sndNxt;
    /** Behind the last byte written; a FIN comes after it. */
    int writeSeq;

    int sndWnd;
    int sndWl1;
    int maxWindow;
    int pushedSeq;
    /** End of the last small segment sent (Minshall). */
    int sndSml;

    int mssClamp = 536;

    int mss = 536;
    int advMss = 536;
    /** TCP_MAXSEG; 0 where it is not set. */
    char userMss;

    int pathMtu;
    byte sndScale;
    byte rcvScale;
    boolean finQueued;
    boolean noDelay;
    boolean cork;
    boolean timestamps;
    boolean sack;
    boolean scaled;

    // Receive sequence space.
    int rcvNxt;
    int rcvWup;
    int rcvWnd;
    int copiedSeq;
    int rcvSsthresh;
    int windowClamp;
    int rcvBuf;
    int sndBuf;
    /** Bytes of memory that received data takes, as the kernel counts it. */
    int charged;

    short scalingRatio = ReceiveWindow.FIRST_RATIO;
    boolean rcvBufLocked;
    boolean sndBufLocked;
    boolean finReceived;
    /** Data is counted and forgotten. */
    boolean sink;

    boolean shutdown;
    boolean orphan;
    boolean wantsRoom;
    short linger = -1;

    // Acknowledgments.
    int rcvMss;
    int lastSegmentSize;
    byte quick;
    byte pingpong;
    byte pending;
    byte compressed;
    /** Microseconds. */
    int ato;

    long lastReceived;
    long lastSent;
    long ackAt = Time.NEVER;
    /** In milliseconds, as all that is but compared with a coarse span. */
    int lastChallenge = -1000;

    /** A duplicate to be reported in the next acknowledgment (RFC 2883). */
    boolean dsack;

    // Round trips, in microseconds.
    int srtt;
    int mdev;
    int mdevMax;
    int rttvar;
    int rttSeq;
    int rto = RttEstimator.FIRST_RTO;
    short backoff;
    short retransmits;
    byte probes;

    /** The least round trip of late. */
    int minRtt = Integer.MAX_VALUE;

    int minRttAt;

    // Congestion.
    byte caState;
    int cwnd;
    int ssthresh = Recovery.INFINITE;
    int cwndCount;
    int cwndUsed;
    int cwndStamp;
    int mostOut;
    int cwndUsageSeq;
    boolean cwndLimited;
    int delivered;
    boolean appLimited;
    int appLimitedUntil;
    int rateDelivered;
    int rateMicros;
    boolean rateAppLimited;

    // Timestamps.
    int tsRecent;
    int tsRecentAt;
    int tsOffset;

    // Timers.
    byte timer;
    long timerAt = Time.NEVER;
    long keepAt = Time.NEVER;
    boolean keepAlive;
    /** TCP_KEEPIDLE and TCP_KEEPINTVL in seconds; 0 for what holds of all. */
    char keepIdle;

    char keepInterval;
    long heard;

    // For those who ask.
    long bytesAcked;
    /** What {@link #bytesAcked} counts beside data: the SYN of who opened. */
    byte bytesBase;
    /** For how long data was under way before what is now. */
    long busyBefore;

    long bytesReceived;
    long bytesRetransmitted;
    int segmentsIn;
    int segmentsOut;
    int dataSegmentsIn;
    int dataSegmentsOut;
    int retransmitted;

    /** Segments that are still in queues of this host; null for none. */
    LocalQueue queue;
    /** Waits for them to go out. */
    boolean throttled;

    /** Events that the application has not been told. */
    byte events;

    TcpError error;

    Connection(TcpTable table) {
        this.table = table;
    }

    @Override
    public final TcpState state() {
        return state;
    }

    /** Behind the last of what is to be sent, a FIN included. */
    final int sendEnd() {
        return finQueued ? writeSeq + 1 : writeSeq;
    }

    final int unsentBytes() {
        return sendEnd() - sndNxt;
    }

    final int packetsOut() {
        return flight == null ? 0 : flight.count();
    }

    final int inFlight() {
        return flight == null ? 0 : flight.inFlight();
    }

    /** The timestamp clock: milliseconds, from an offset that nobody knows. */
    final int stamp(long now) {
        return (int) (now / Time.MILLI) + tsOffset;
    }

    final long busy(long now) {
        return busyBefore + (flight == null || flight.busySince == Time.NEVER ? 0 : now - flight.busySince);
    }

    final boolean tuned() {
        return tuning != null;
    }

    final long keepAliveTime() {
        return keepIdle == 0 ? table.settings.keepAliveTime : keepIdle * Time.SECOND;
    }

    final long keepAliveInterval() {
        return keepInterval == 0 ? table.settings.keepAliveInterval : keepInterval * Time.SECOND;
    }

    /** Header bytes of a segment without SACK blocks. */
    final int headerLength() {
        return timestamps ? 32 : 20;
    }

    /** What is left of the offered window. */
    final int receiveWindow() {
        return Math.max(0, rcvWup + rcvWnd - rcvNxt);
    }

    /** Bytes in order that nobody has read. */
    final int unread() {
        return rcvNxt - copiedSeq - (finReceived ? 1 : 0);
    }

    /** The window that a segment announces. */
    final int scaled(int window) {
        return window << sndScale;
    }

    final int sackBlocks() {
        int blocks = received == null || !sack ? 0 : received.gaps();
        return Math.min(dsack ? blocks + 1 : blocks, timestamps ? 3 : 4);
    }

    /** Bytes of data in a full segment sent now. */
    final int currentMss() {
        int blocks = sackBlocks();
        return blocks == 0 ? mss : mss - TcpOptions.SACK_BASE - blocks * TcpOptions.SACK_BLOCK;
    }

    /** Made with the first segment that has to be acknowledged. */
    final Flight flight() {
        if (flight == null) {
            flight = table.takeFlight();
        }
        return flight;
    }

    /** Made with the first data that has to be kept. */
    final ReceiveBuffer received() {
        if (received == null) {
            received = table.buffers.receive();
        }
        return received;
    }

    /** Made with the first data that comes in. */
    final Tuning tuning() {
        if (tuning == null) {
            tuning = new Tuning();
            tuning.space = Math.min(Math.min(rcvSsthresh, rcvWnd), 10 * advMss);
            tuning.seq = copiedSeq;
        }
        return tuning;
    }

    @Override
    final long deadline() {
        long first = Math.min(timerAt, Math.min(ackAt, keepAt));
        return throttled || flight == null ? first : Math.min(first, flight.pushAt);
    }

    @Override
    public final void copy(int seq, byte[] to, int at, int length) {
        unsent.copy(seq, to, at, length);
    }
}
