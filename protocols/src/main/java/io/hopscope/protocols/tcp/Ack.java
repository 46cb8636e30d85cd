package io.hopscope.protocols.tcp;

/** What is found out of one acknowledgment, for those who draw conclusions from it; used again for the next. */
final class Ack {
    long now;
    int priorUna;
    /** The number up to which something had arrived before. */
    int priorHighest;

    int priorDelivered;
    int priorLost;
    /** SND.UNA has advanced. */
    boolean advanced;
    /** Data was acknowledged, or a SYN. */
    boolean data;

    boolean syn;
    /** Of what was acknowledged something had been sent again. */
    boolean again;
    /** The segment carries data itself. */
    boolean carries;

    boolean window;
    boolean sacked;
    /** Something never sent again has arrived, of what was sent before the state began. */
    boolean original;

    boolean duplicate;
    boolean duplicateOfProbe;
    /** The first segment is sacked, and yet not acknowledged. */
    boolean reneging;

    boolean lostAgain;
    boolean timer;
    boolean maybeDelayed;
    /** The timestamp echoed, if there was one. */
    boolean echoes;

    int echo;
    /** The lowest number that came late without having been sent again. */
    int reordered;

    long firstSacked;
    long lastSacked;
    int sackDelivered;
    int micros;
    /** The rate sample. */
    int rateDelivered;

    long ratePrior;
    long rateSpan;
    int rateEnd;
    boolean rateLimited;

    /** Neither data nor anything acknowledged nor a window: what a duplicate is. */
    boolean notDuplicate() {
        return carries || window || data || syn;
    }

    boolean dubious(Connection c) {
        return !notDuplicate() || sacked || c.caState != Recovery.OPEN;
    }

    void begin(Connection c, Segment segment, long at) {
        now = at;
        priorUna = c.sndUna;
        priorDelivered = c.delivered;
        advanced = false;
        data = false;
        syn = false;
        again = false;
        carries = segment.span() > 0;
        window = false;
        sacked = false;
        original = false;
        duplicate = false;
        duplicateOfProbe = false;
        reneging = false;
        lostAgain = false;
        timer = false;
        maybeDelayed = false;
        echoes = c.timestamps && segment.timestamps && segment.echo != 0;
        echo = segment.echo;
        reordered = c.sndNxt;
        firstSacked = -1;
        lastSacked = -1;
        sackDelivered = 0;
        micros = -1;
        ratePrior = -1;
    }
}
