package io.hopscope.protocols.vrrp;

import java.util.Locale;

/** VRRPv3's state machine (RFC 5798, section 6.4), for one virtual router on one interface. IPv4. */
public final class VirtualRouter {
    /** Section 6.3. */
    public enum State {
        INITIALIZE,
        BACKUP,
        MASTER;

        @Override
        public String toString() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /** What the router does for it. */
    public interface Owner {
        /** Send an advertisement. */
        void advertise(int priority, long now);

        /** It is master now: forward and answer for the addresses, and tell everybody by gratuitous ARP. */
        void takeOver(long now);

        /** It is no longer. */
        void giveUp(long now);
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final VrrpSettings own;
    private final Owner owner;
    private State state = State.INITIALIZE;
    private long masterInterval;
    private long advertiseAt = NEVER;
    private long masterDownAt = NEVER;

    public VirtualRouter(VrrpSettings own, Owner owner) {
        this.own = own;
        this.owner = owner;
        masterInterval = own.interval();
    }

    public VrrpSettings settings() {
        return own;
    }

    public State state() {
        return state;
    }

    /** The interface is up. */
    public void startup(long now) {
        if (state != State.INITIALIZE) {
            return;
        }
        if (own.priority() == VrrpSettings.OWNER) {
            becomeMaster(now);
        } else {
            becomeBackup(own.interval(), now);
        }
    }

    /** The interface is down. */
    public void shutdown(long now) {
        boolean master = state == State.MASTER;
        state = State.INITIALIZE;
        advertiseAt = NEVER;
        masterDownAt = NEVER;
        if (master) {
            owner.advertise(0, now);
            owner.giveUp(now);
        }
    }

    /** Power is lost: nobody is told. */
    public void forget() {
        state = State.INITIALIZE;
        advertiseAt = NEVER;
        masterDownAt = NEVER;
    }

    private void becomeMaster(long now) {
        state = State.MASTER;
        masterDownAt = NEVER;
        owner.advertise(own.priority(), now);
        owner.takeOver(now);
        advertiseAt = now + own.interval();
    }

    private void becomeBackup(long interval, long now) {
        state = State.BACKUP;
        advertiseAt = NEVER;
        masterInterval = interval;
        masterDownAt = now + 3 * masterInterval + skew();
    }

    private long skew() {
        return (256 - own.priority()) * masterInterval / 256;
    }

    /**
     * An advertisement for this virtual router, checked already.
     *
     * @param source its sender's address
     */
    public void heard(int priority, long interval, int source, long now) {
        if (state == State.BACKUP) {
            if (priority == 0) {
                masterDownAt = now + skew();
            } else if (!own.preempt() || priority >= own.priority()) {
                becomeBackup(interval, now);
            }
        } else if (state == State.MASTER) {
            if (priority == 0) {
                owner.advertise(own.priority(), now);
                advertiseAt = now + own.interval();
            } else if (priority > own.priority()
                    || priority == own.priority() && Integer.compareUnsigned(source, own.primary()) > 0) {
                becomeBackup(interval, now);
                owner.giveUp(now);
            }
        }
    }

    public long nextDeadline() {
        return Math.min(advertiseAt, masterDownAt);
    }

    public void wake(long now) {
        if (advertiseAt <= now) {
            owner.advertise(own.priority(), now);
            advertiseAt = now + own.interval();
        }
        if (masterDownAt <= now) {
            becomeMaster(now);
        }
    }
}
