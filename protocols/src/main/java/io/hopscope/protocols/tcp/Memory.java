package io.hopscope.protocols.tcp;

/** What a connection remembers of loss, retransmission and reordering: nothing, as long as all goes well. */
final class Memory {
    /** Behind what was sent when the congestion state began. */
    int highSeq;

    /** What ICMP said; the error if the connection times out. */
    TcpError softError;

    boolean undoable;
    /** SND.UNA when recovery began: what undoes it lies behind. */
    int undoMarker;
    /** Retransmissions not yet known to have been needless; -1 where there was none. */
    int undoAgain = -1;

    /** When the first retransmission was sent, by the timestamp clock. */
    boolean stamped;

    int firstAgain;
    long firstAgainAt;
    int priorSsthresh;
    int priorCwnd;
    /** Proportional rate reduction (RFC 6937). */
    int prrDelivered;

    int prrOut;
    boolean frto;
    boolean reneged;
    /** A loss probe is out: what was sent by then, and whether it was something sent again. */
    boolean probing;

    int probeSeq;
    boolean probeAgain;
    /** Segments ever marked as lost. */
    int lost;

    int reordering = 3;
    int reorderings;
    /** RACK (RFC 8985): the segment sent last of those delivered. */
    long rackSent;

    int rackEnd;
    int rackRtt;
    boolean rackAdvanced;
    int rackDelivered;
    int rackSteps = 1;
    int rackPersist;
    boolean duplicateSeen;
    int duplicates;

    boolean empty() {
        return !undoable && reorderings == 0 && duplicates == 0 && !probing && !stamped;
    }

    void clear() {
        softError = null;
        undoable = false;
        undoAgain = -1;
        stamped = false;
        priorSsthresh = 0;
        priorCwnd = 0;
        prrDelivered = 0;
        prrOut = 0;
        frto = false;
        reneged = false;
        probing = false;
        probeAgain = false;
        lost = 0;
        reordering = 3;
        reorderings = 0;
        rackSent = 0;
        rackEnd = 0;
        rackRtt = 0;
        rackAdvanced = false;
        rackDelivered = 0;
        rackSteps = 1;
        rackPersist = 0;
        duplicateSeen = false;
        duplicates = 0;
    }
}
