package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import java.util.function.IntSupplier;

/**
 * The client's side of RFC 2131 with the timers, options and words of busybox udhcpc 1.35: half of the lease, whatever
 * option 58 says, then half of what is left as long as that is long, then broadcasts. No DHCPDECLINE, no INFORM.
 */
public final class DhcpClient {
    private static final long SECOND = 1_000_000_000_000L;
    /** Renewing is over when no more seconds than this are left. */
    private static final long LITTLE = 30;

    private static final int SENDS = 3;

    /** Where messages go, and what comes of them. */
    public interface Line {
        /** To all, from an address that may be 0, past the routing table. */
        void broadcast(byte[] message, int source, long now);

        void unicast(byte[] message, int source, int server, long now);

        /** A line of output. */
        void say(String line);

        /** A lease is there, or there again. */
        void bound(DhcpLease lease, long now);

        /** There is no address (any more). */
        void unbound(long now);

        /** The client ends by itself. */
        void ended(int code);
    }

    /** RFC 2131 figure 5; RENEW_REQUESTED is a renewal by hand. */
    public enum State {
        SELECTING,
        REQUESTING,
        BOUND,
        RENEWING,
        RENEW_REQUESTED,
        REBINDING,
        RELEASED,
        ENDED
    }

    private final DhcpClientPlan plan;
    private final long mac;
    private final IntSupplier random;
    private final Line line;
    private final Dhcp view = new Dhcp();
    private State state = State.SELECTING;
    private int xid;
    private int server;
    private int address;
    private int sent;
    /** When the seconds field began to count; negative for not yet. */
    private long since = -1;

    private long expiry;
    private long deadline = Long.MAX_VALUE;

    /**
     * @param random draws transaction numbers
     */
    public DhcpClient(DhcpClientPlan plan, long mac, IntSupplier random, Line line) {
        this.plan = plan;
        this.mac = mac;
        this.random = random;
        this.line = line;
        address = plan.requested;
    }

    public State state() {
        return state;
    }

    /** Whether messages are listened for in frames, as long as there is no address to send them to. */
    public boolean raw() {
        return state == State.SELECTING || state == State.REQUESTING || state == State.REBINDING;
    }

    /** Whether messages are listened for on the UDP port. */
    public boolean bySocket() {
        return state == State.RENEWING || state == State.RENEW_REQUESTED;
    }

    public void start(long now) {
        line.say("udhcpc: started, v1.35.0");
        line.unbound(now);
        expire(deadline = now);
    }

    public long nextDeadline() {
        return deadline;
    }

    /** Does what is due. */
    public void expire(long now) {
        if (now < deadline) {
            return;
        }
        deadline = Long.MAX_VALUE;
        switch (state) {
            case SELECTING -> discover(now);
            case REQUESTING -> select(now);
            case BOUND -> {
                state = State.RENEWING;
                since = -1;
                sent = 0;
                renew(now);
            }
            case RENEWING, RENEW_REQUESTED -> renew(now);
            case REBINDING -> rebind(now);
            default -> {}
        }
    }

    private void discover(long now) {
        if (sent >= plan.tries) {
            fail(now);
            return;
        }
        if (sent++ == 0) {
            xid = random.getAsInt();
        }
        line.say("udhcpc: broadcasting discover");
        var message = message(DhcpOption.DISCOVER, 0, xid, now);
        if (address != 0) {
            message.word(DhcpOption.REQUESTED_ADDRESS, address);
        }
        plan.write(message);
        deadline = now + plan.pause * SECOND;
        line.broadcast(message.seal(), 0, now);
    }

    private void select(long now) {
        if (sent >= SENDS) {
            state = State.SELECTING;
            fail(now);
            return;
        }
        sent++;
        line.say("udhcpc: broadcasting select for " + Ipv4Address.text(address) + ", server "
                + Ipv4Address.text(server));
        var message = message(DhcpOption.REQUEST, 0, xid, now)
                .word(DhcpOption.REQUESTED_ADDRESS, address)
                .word(DhcpOption.SERVER_ID, server);
        plan.write(message);
        deadline = now + plan.pause * SECOND;
        line.broadcast(message.seal(), 0, now);
    }

    private void fail(long now) {
        sent = 0;
        if (plan.failing) {
            line.say("udhcpc: no lease, failing");
            end(1);
            return;
        }
        deadline = now + plan.again * SECOND;
    }

    private void renew(long now) {
        long left = (expiry - now) / SECOND;
        if (sent == 0) {
            sent = 1;
            line.say("udhcpc: sending renew to server " + Ipv4Address.text(server));
            deadline = now + plan.pause * SECOND;
            line.unicast(again(now), address, server, now);
        } else if (left > LITTLE) {
            sent = 0;
            state = State.RENEWING;
            deadline = now + left / 2 * SECOND;
        } else {
            state = State.REBINDING;
            sent = 0;
            rebind(now);
        }
    }

    private byte[] again(long now) {
        var message = message(DhcpOption.REQUEST, address, xid, now);
        plan.write(message);
        return message.seal();
    }

    private void rebind(long now) {
        if (sent < SENDS && now < expiry) {
            sent++;
            line.say("udhcpc: broadcasting renew");
            deadline = now + plan.pause * SECOND;
            line.broadcast(again(now), address, now);
            return;
        }
        line.say("udhcpc: lease lost, entering init state");
        line.unbound(now);
        begin(now);
    }

    private void begin(long now) {
        state = State.SELECTING;
        since = -1;
        sent = 0;
        deadline = now;
    }

    private DhcpOption.Writer message(int type, int client, int id, long now) {
        if (since < 0) {
            since = now;
        }
        var message = new DhcpOption.Writer();
        message.start(Dhcp.REQUEST)
                .xid(id)
                .secs((int) Math.min(0xffff, (now - since) / SECOND))
                .ciaddr(client)
                .broadcast(plan.broadcast && type != DhcpOption.RELEASE)
                .chaddr(mac);
        return message.put(DhcpOption.MESSAGE_TYPE, (byte) type);
    }

    /** A message between {@code at} and {@code end}; whatever is not for this client is passed over. */
    public void receive(byte[] bytes, int at, int end, long now) {
        if (!Dhcp.fits(bytes, at, end)
                || view.wrap(bytes, at).op() != Dhcp.REPLY
                || view.xid() != xid
                || !view.ofEthernet()
                || view.chaddr() != mac) {
            return;
        }
        int type = view.messageType();
        if (state == State.SELECTING && type == DhcpOption.OFFER) {
            server = view.word(DhcpOption.SERVER_ID);
            address = view.yiaddr();
            state = State.REQUESTING;
            sent = 0;
            deadline = now;
        } else if (state == State.REQUESTING || bySocket() || state == State.REBINDING) {
            if (type == DhcpOption.ACK) {
                acknowledged(now);
            } else if (type == DhcpOption.NAK && ours()) {
                refused(now);
            }
        }
    }

    /** Another server may refuse what ours has offered. */
    private boolean ours() {
        return view.word(DhcpOption.SERVER_ID) == server;
    }

    private void acknowledged(long now) {
        if (view.find(DhcpOption.SERVER_ID) >= 0) {
            server = view.word(DhcpOption.SERVER_ID);
        }
        DhcpLease lease = DhcpLease.of(view, server);
        address = lease.address();
        line.say("udhcpc: lease of " + Ipv4Address.text(address) + " obtained from " + Ipv4Address.text(server)
                + ", lease time " + lease.seconds());
        state = State.BOUND;
        sent = 0;
        expiry = now + lease.seconds() * SECOND;
        deadline = now + lease.seconds() / 2 * SECOND;
        line.bound(lease, now);
        if (plan.quitting) {
            end(0);
        }
    }

    private void refused(long now) {
        line.say("udhcpc: received DHCP NAK");
        if (state != State.REQUESTING) {
            line.unbound(now);
        }
        address = 0;
        begin(now + 3 * SECOND);
    }

    /** SIGUSR1: renews now, and is no longer patient about it. */
    public void renewNow(long now) {
        switch (state) {
            case BOUND, RENEWING, RENEW_REQUESTED -> {
                state = State.RENEW_REQUESTED;
                since = -1;
                sent = 0;
                expiry = Math.min(expiry, now + LITTLE * SECOND);
                renew(now);
            }
            case RELEASED -> begin(now);
            default -> {}
        }
    }

    /** SIGUSR2: gives the lease back. */
    public void release(long now) {
        boolean held = state == State.BOUND || bySocket() || state == State.REBINDING;
        if (held) {
            line.say(
                    "udhcpc: unicasting a release of " + Ipv4Address.text(address) + " to " + Ipv4Address.text(server));
            line.say("udhcpc: sending release");
            var message =
                    message(DhcpOption.RELEASE, address, random.getAsInt(), now).word(DhcpOption.SERVER_ID, server);
            if (plan.clientId().length > 0) {
                message.put(DhcpOption.CLIENT_ID, plan.clientId());
            }
            line.unicast(message.seal(), address, server, now);
        }
        line.say("udhcpc: entering released state");
        state = State.RELEASED;
        deadline = Long.MAX_VALUE;
        if (held) {
            line.unbound(now);
        }
    }

    /** SIGTERM. */
    public void terminate(long now) {
        line.say("udhcpc: received SIGTERM");
        if (plan.releasing && state != State.RELEASED) {
            release(now);
        }
        end(0);
    }

    private void end(int code) {
        state = State.ENDED;
        deadline = Long.MAX_VALUE;
        line.ended(code);
    }
}
