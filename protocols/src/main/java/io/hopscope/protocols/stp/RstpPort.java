package io.hopscope.protocols.stp;

import io.hopscope.encap.Bpdu;

/**
 * A port of {@link Rstp}: the variables of IEEE 802.1D-2004, clause 17.19, under their names there, and the machines that
 * need nothing but them. A timer is the instant at which it is zero.
 */
final class RstpPort {
    /** Whose information the port holds. */
    enum Info {
        DISABLED,
        AGED,
        MINE,
        RECEIVED
    }

    /** What a message is to a port (rcvInfo). */
    enum Received {
        SUPERIOR,
        REPEATED,
        INFERIOR,
        AGREEMENT,
        OTHER
    }

    /** What a message says of time. */
    record Times(long messageAge, long maxAge, long hello, long forwardDelay) {}

    static final long NEVER = Long.MAX_VALUE;
    static final int LIMIT = 6;

    final Rstp tree;
    final int index;
    final int id;
    final int cost;
    final boolean adminEdge;

    boolean enabled;
    Info info = Info.DISABLED;
    PortRole role = PortRole.DISABLED;
    PortRole selectedRole = PortRole.DISABLED;
    boolean selected;
    boolean reselect = true;
    boolean updtInfo;
    Vector priority;
    Times times;
    Vector designated;
    Times designatedTimes;

    boolean operEdge;
    boolean learn;
    boolean forward;
    PortState state = PortState.DISABLED;
    boolean proposing;
    boolean proposed;
    boolean agree;
    boolean agreed;
    boolean sync;
    boolean synced;
    boolean reRoot;
    boolean disputed;
    boolean newInfo;
    boolean sendRstp = true;
    boolean rcvdTc;
    boolean rcvdTcn;
    boolean rcvdTcAck;
    boolean tcAck;
    boolean tcProp;
    boolean changing;

    long helloWhen = NEVER;
    long fdWhile;
    long rrWhile;
    long rbWhile;
    long tcWhile;
    long rcvdInfoWhile = NEVER;
    long mdelayWhile;
    long edgeDelayWhile = NEVER;
    int txCount;
    long txDecay = NEVER;

    RstpPort(Rstp tree, int index, int priority, int cost, boolean edge) {
        this.tree = tree;
        this.index = index;
        this.id = priority << 8 | index + 1;
        this.cost = cost;
        adminEdge = edge;
        operEdge = edge;
    }

    boolean settled() {
        return selected && !updtInfo;
    }

    /** forwardDelay of clause 17.20.5. */
    long forwardDelay() {
        return sendRstp ? tree.own.hello() : designatedTimes.forwardDelay();
    }

    void disable() {
        enabled = false;
        info = Info.DISABLED;
        proposing = proposed = agree = agreed = disputed = false;
        rcvdInfoWhile = NEVER;
        reselect = true;
        selected = false;
        operEdge = adminEdge;
        sendRstp = true;
        edgeDelayWhile = NEVER;
        newInfo = false;
        helloWhen = NEVER;
    }

    void enable(long now) {
        enabled = true;
        info = Info.AGED;
        reselect = true;
        selected = false;
        sendRstp = true;
        mdelayWhile = now + Rstp.MIGRATE;
        helloWhen = now + designatedTimes.hello();
        txCount = 0;
    }

    /** UPDATE of the port information machine: what this bridge would say counts from now on. */
    void update() {
        proposing = proposed = false;
        agreed &= info == Info.MINE && designated.compareTo(priority) <= 0;
        synced &= agreed;
        priority = designated;
        times = designatedTimes;
        updtInfo = false;
        info = Info.MINE;
        newInfo = true;
        rcvdInfoWhile = NEVER;
    }

    Received classify(Bpdu bpdu, Vector said, Times when) {
        boolean config = bpdu.type() == Bpdu.CONFIGURATION;
        int by = info == Info.RECEIVED || info == Info.MINE ? said.compareTo(priority) : -1;
        if (config || bpdu.role() == 3) {
            boolean sameSource =
                    info == Info.RECEIVED && said.bridge() == priority.bridge() && said.port() == priority.port();
            if (by < 0 || by != 0 && sameSource || by == 0 && !when.equals(times)) {
                return Received.SUPERIOR;
            }
            return by == 0 ? info == Info.RECEIVED ? Received.REPEATED : Received.OTHER : Received.INFERIOR;
        }
        return bpdu.role() != 0 && by >= 0 ? Received.AGREEMENT : Received.OTHER;
    }

    void recordProposal(Bpdu bpdu) {
        if (bpdu.type() == Bpdu.RAPID && bpdu.flag(Bpdu.PROPOSAL)) {
            proposed = true;
        }
    }

    void recordAgreement(Bpdu bpdu) {
        agreed = bpdu.type() == Bpdu.RAPID && bpdu.flag(Bpdu.AGREEMENT);
        if (agreed) {
            proposing = false;
        }
    }

    /** An inferior bridge that takes its port for designated and learns: it hears nothing of us. */
    void recordDispute(Bpdu bpdu) {
        if (bpdu.type() == Bpdu.RAPID && bpdu.flag(Bpdu.LEARNING)) {
            disputed = true;
            agreed = false;
        }
    }

    void setTcFlags(Bpdu bpdu) {
        rcvdTc |= bpdu.flag(Bpdu.TC);
        rcvdTcAck |= bpdu.type() == Bpdu.CONFIGURATION && bpdu.flag(Bpdu.TC_ACK);
    }

    void updtRcvdInfoWhile(long now) {
        boolean young = times.messageAge() + Rstp.SECOND <= times.maxAge();
        rcvdInfoWhile = young ? now + 3 * times.hello() : now;
    }

    /** Timers that stand still in some roles begin to run when the role changes. */
    void leave(long now) {
        if (role == PortRole.ROOT) {
            rrWhile = now + designatedTimes.forwardDelay();
        } else if (role == PortRole.BACKUP) {
            rbWhile = now + 2 * tree.own.hello();
        }
        if (role == PortRole.DISABLED) {
            fdWhile = now + designatedTimes.maxAge();
        } else if (role == PortRole.ALTERNATE || role == PortRole.BACKUP) {
            fdWhile = now + forwardDelay();
        }
    }

    long next(long now) {
        long next = Math.min(Math.min(helloWhen, rcvdInfoWhile), Math.min(edgeDelayWhile, txDecay));
        next = Math.min(next, after(fdWhile, now));
        next = Math.min(next, after(rrWhile, now));
        next = Math.min(next, after(rbWhile, now));
        next = Math.min(next, after(tcWhile, now));
        return enabled ? Math.min(next, after(mdelayWhile, now)) : NEVER;
    }

    private static long after(long instant, long now) {
        return instant > now ? instant : NEVER;
    }
}
