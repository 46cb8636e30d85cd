package io.hopscope.protocols.tcp;

/** net.ipv4.tcp_*: how a host speaks TCP. The defaults are those of Linux 6.18. */
public final class TcpSettings {
    public boolean timestamps = true;
    /** Whether timestamps begin at an offset of each pair of hosts. */
    public boolean stampOffsets = true;

    public boolean windowScaling = true;
    public boolean sack = true;
    public boolean dsack = true;
    public int synRetries = 6;
    /** Of a SYN, so many timeouts do not double. */
    public int synLinearTimeouts = 4;

    public int synAckRetries = 5;
    /** 0: half-open connections that are too many are dropped; 1: answered with a cookie; 2: always. */
    public int synCookies = 1;
    /** Without cookies, half-open connections take three quarters of this. */
    public int maxSynBacklog = 2048;
    /** Retransmissions before the connection is given up. */
    public int retries2 = 15;

    public int orphanRetries = 8;
    public int initialWindow = 10;
    public boolean slowStartAfterIdle = true;
    public String congestion = "cubic";
    /** 3: tail loss probes. */
    public int earlyRetransmit = 3;

    public int frto = 2;
    public int reordering = 3;
    public int[] receiveBuffer = {4096, 131_072, 33_554_432};
    public int[] sendBuffer = {4096, 16_384, 4_194_304};
    public boolean moderateReceiveBuffer = true;
    public long keepAliveTime = 7200 * Time.SECOND;
    public long keepAliveInterval = 75 * Time.SECOND;
    public int keepAliveProbes = 9;
    public long finTimeout = 60 * Time.SECOND;
    public long timeWait = 60 * Time.SECOND;
    public int maxBacklog = 4096;
    public int firstPort = 32768;
    public int lastPort = 60999;
    /** Challenge ACKs and answers out of window, for one connection: one in so long. */
    public long invalidRateLimit = 500 * Time.MILLI;

    /**
     * What a connection may have in queues of its own host. Linux's default is four times this; but its queues count
     * bursts as one, and ours count frames.
     */
    public int limitOutput = 1_048_576;

    public long minRto = 200 * Time.MILLI;
    public boolean retransmitCollapse = true;
    public boolean abortOnOverflow;
}
