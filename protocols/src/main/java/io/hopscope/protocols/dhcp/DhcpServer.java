package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.dhcp.DhcpLeases.Lease;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Range;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Reservation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The server's side of RFC 2131 as dnsmasq 2.90 behaves: which address a MAC gets, the options and their order, its NAKs,
 * its pings before an offer (it serves nobody else meanwhile), its lease file. Tags of ranges, interfaces and options; no BOOTP, no rapid commit.
 */
public final class DhcpServer {
    private static final long SECOND = 1_000_000_000_000L;

    /** The interface a message came in through, with its address that the client is served from. */
    public record Local(int device, String name, int address, int mask) {}

    /** Asks whether an address is taken. */
    public interface Prober {
        /** An ICMP echo request; {@link DhcpServer#answered} is to hear of the reply. */
        void ping(int address, long now);
    }

    private record Arrived(byte[] message, Local in) {}

    private final DhcpServerPlan plan;
    private final DhcpReply.Line line;
    private final IntSupplier random;
    private final AddressPool pool;
    private final Answer answer;
    private final DhcpLeases leases = new DhcpLeases();
    private final List<Subnet> subnets = new ArrayList<>();
    private final Deque<Arrived> backlog = new ArrayDeque<>();
    private final Dhcp dhcp = new Dhcp();
    private Local in;
    private Subnet subnet;
    private byte[] request;

    /**
     * @param random desynchronises renewals
     */
    public DhcpServer(DhcpServerPlan plan, IntSupplier random, DhcpReply.Line line, Prober prober) {
        this.plan = plan;
        this.line = line;
        this.random = random;
        plan.ranges.forEach(range -> subnets.add(new Subnet(range)));
        pool = new AddressPool(plan, leases, prober);
        answer = new Answer(plan);
    }

    /** A range and what has been learnt about the network it is for. */
    static final class Subnet {
        final Range range;
        /** 0 until a message came from there. */
        int router;

        int mask;
        int epoch;

        Subnet(Range range) {
            this.range = range;
            mask = range.guessed();
        }

        boolean reaches(int address) {
            return (range.start() & mask) == (address & mask);
        }
    }

    /** A message that came to the server port. */
    public void receive(byte[] message, Local from, long now) {
        if (!Dhcp.fits(message, 0, message.length) || message[0] != Dhcp.REQUEST) {
            return;
        }
        if (pool.waiting()) {
            backlog.add(new Arrived(message, from));
        } else {
            serve(message, from, now);
        }
    }

    /** When to call {@link #expire} next. */
    public long nextDeadline() {
        return Math.min(pool.nextDeadline(), leases.nextExpiry());
    }

    public void expire(long now) {
        leases.expire(now);
        if (pool.waiting() && now >= pool.nextDeadline()) {
            pool.silent(now);
            resume(now);
        }
    }

    /** Somebody has answered a ping. */
    public void answered(int address, long now) {
        if (pool.answered(address)) {
            resume(now);
        }
    }

    private void resume(long now) {
        Arrived first = new Arrived(request, in);
        serve(first.message, first.in, now);
        while (!pool.waiting() && !backlog.isEmpty()) {
            Arrived next = backlog.poll();
            serve(next.message, next.in, now);
        }
    }

    private void serve(byte[] message, Local from, long now) {
        request = message;
        in = from;
        dhcp.wrap(message, 0);
        leases.expire(now);
        subnet = subnet();
        if (subnet == null) {
            String via = dhcp.giaddr() == 0 ? "" : " via " + Ipv4Address.text(dhcp.giaddr());
            line.say("dnsmasq-dhcp: no address range available for DHCP request " + via.strip()
                    + (via.isEmpty() ? "via " + in.name : ""));
            return;
        }
        Lease lease = leases.of(dhcp.chaddr(), dhcp.value(DhcpOption.CLIENT_ID));
        switch (dhcp.messageType()) {
            case DhcpOption.DISCOVER -> discover(lease, now);
            case DhcpOption.REQUEST -> request(lease, now);
            case DhcpOption.RELEASE -> release(lease);
            case DhcpOption.DECLINE -> decline(lease);
            case DhcpOption.INFORM -> inform();
            default -> {}
        }
    }

    /** The network the client is on: its relay's, that of the address it has, or the interface's. */
    private Subnet subnet() {
        int where = dhcp.giaddr() != 0 ? dhcp.giaddr() : dhcp.ciaddr() != 0 ? dhcp.ciaddr() : in.address;
        boolean local = (where & in.mask) == (in.address & in.mask);
        for (Subnet each : subnets) {
            if (local && each.range.mask() == 0 && (each.range.start() & in.mask) == (in.address & in.mask)) {
                each.mask = in.mask;
            }
            if (each.reaches(where)) {
                if (local) {
                    each.router = in.address;
                } else if (dhcp.giaddr() != 0) {
                    each.router = dhcp.giaddr();
                }
                return each;
            }
        }
        return dhcp.ciaddr() == 0 || dhcp.giaddr() != 0 ? null : byInterface();
    }

    /** A client that has moved here keeps its address until it is told better. */
    private Subnet byInterface() {
        return subnets.stream()
                .filter(each -> each.reaches(in.address))
                .findFirst()
                .orElse(null);
    }

    private void log(String what, int address, String more) {
        String text = address == 0 ? "" : Ipv4Address.text(address) + " ";
        line.say("dnsmasq-dhcp: DHCP" + what + "(" + in.name + ") " + text + MacAddress.text(dhcp.chaddr()) + " "
                + (more == null ? "" : more));
    }

    private void discover(Lease lease, long now) {
        if (!pool.resumed()) {
            log("DISCOVER", dhcp.word(DhcpOption.REQUESTED_ADDRESS), null);
        }
        Reservation host = plan.reservation(dhcp.chaddr());
        int address = pool.choose(subnet, host, lease, dhcp, in.address, now);
        if (pool.waiting()) {
            return;
        }
        if (address == 0) {
            line.say("dnsmasq-dhcp: DHCPDISCOVER(" + in.name + ") " + MacAddress.text(dhcp.chaddr())
                    + " no address available");
            return;
        }
        log("OFFER", address, null);
        String name = host == null ? null : host.name();
        var out =
                answer.start(dhcp, DhcpOption.OFFER, address, in.address).word(DhcpOption.LEASE_TIME, (int) seconds());
        send(answer.options(out, dhcp, subnet, seconds(), 0, name, in), now);
    }

    /** As the range says; a client may ask for less. */
    private long seconds() {
        long most = subnet.range.seconds();
        long asked = dhcp.word(DhcpOption.LEASE_TIME) & 0xffff_ffffL;
        return asked == 0 || asked >= most ? most : Math.max(120, asked);
    }

    private void request(Lease held, long now) {
        int wanted = dhcp.word(DhcpOption.REQUESTED_ADDRESS);
        boolean selecting = wanted != 0 && dhcp.find(DhcpOption.SERVER_ID) >= 0;
        boolean extending = wanted == 0;
        Lease lease = held;
        if (selecting && dhcp.word(DhcpOption.SERVER_ID) != in.address) {
            forget(lease); // it has chosen another server
            return;
        }
        if (selecting && lease != null && lease.address != wanted) {
            forget(lease);
            lease = null;
        }
        wanted = extending ? dhcp.ciaddr() : wanted;
        if (wanted == 0 || !selecting && !extending && lease == null && !plan.authoritative) {
            return; // a client that reboots may be another server's
        }
        log("REQUEST", wanted, null);
        String refusal = null;
        if (extending && (lease == null ? !plan.authoritative : lease.address != wanted)) {
            refusal = "lease not found";
        } else if (lease != null && lease.address != wanted) {
            refusal = "wrong address";
        }
        refusal = refusal != null ? refusal : refusal(lease, wanted, selecting);
        if (refusal == null && lease == null && leases.size() >= plan.most) {
            refusal = "no leases left";
        }
        if (refusal != null) {
            refuse(wanted, refusal, now);
        } else {
            grant(leases.give(wanted, dhcp.chaddr(), dhcp.value(DhcpOption.CLIENT_ID)), now);
        }
    }

    private void forget(Lease lease) {
        if (lease != null) {
            leases.remove(lease);
        }
    }

    /** Why an address cannot be had, or null. */
    private String refusal(Lease lease, int wanted, boolean selecting) {
        Reservation host = plan.reservation(dhcp.chaddr());
        Reservation holder = plan.reserved(wanted);
        Lease taken = leases.at(wanted);
        if (!subnet.reaches(wanted)) {
            return "wrong network";
        } else if (!subnet.range.holds(wanted) && (host == null || host.address() != wanted)) {
            return "address not available";
        } else if (!selecting
                && host != null
                && host.address() != 0
                && host.address() != wanted
                && leases.at(host.address()) == null) {
            return "static lease available";
        } else if (holder != null && holder != host) {
            return "address reserved";
        } else if (lease == null && taken != null) {
            return "address in use";
        }
        return null;
    }

    private void refuse(int wanted, String why, long now) {
        log("NAK", wanted, why);
        var out = answer.start(dhcp, DhcpOption.NAK, 0, in.address).put(DhcpOption.MESSAGE, why);
        byte[] message = out.seal();
        // To all: the client's address may not be one of the network it is on.
        new Dhcp().wrap(message, 0).broadcast(true).ciaddr(0).siaddr(0);
        send(message, now);
    }

    private void grant(Lease lease, long now) {
        int fuzz = dhcp.ciaddr() == 0 ? 0 : random.getAsInt() & 0xffff;
        Reservation host = plan.reservation(dhcp.chaddr());
        byte[] offered = dhcp.value(DhcpOption.HOST_NAME);
        if (host != null && host.name() != null) {
            lease.name = host.name();
        } else if (offered.length > 0) {
            lease.name = new String(offered, StandardCharsets.UTF_8);
        }
        long seconds = seconds();
        leases.until(lease, seconds == DhcpServerPlan.INFINITE ? Long.MAX_VALUE : now + seconds * SECOND);
        log("ACK", lease.address, lease.name);
        var out = answer.start(dhcp, DhcpOption.ACK, lease.address, in.address)
                .word(DhcpOption.LEASE_TIME, (int) seconds);
        send(answer.options(out, dhcp, subnet, seconds, fuzz, lease.name, in), now);
    }

    private void release(Lease lease) {
        if (dhcp.word(DhcpOption.SERVER_ID) != in.address) {
            return;
        }
        boolean known = lease != null && lease.address == dhcp.ciaddr();
        log("RELEASE", dhcp.ciaddr(), known ? null : "unknown lease");
        if (known) {
            leases.remove(lease);
        }
    }

    /** Somebody else has the address: it is not offered again at once. */
    private void decline(Lease lease) {
        int address = dhcp.word(DhcpOption.REQUESTED_ADDRESS);
        if (dhcp.word(DhcpOption.SERVER_ID) != in.address) {
            return;
        }
        log("DECLINE", address, null);
        if (lease != null && lease.address == address) {
            leases.remove(lease);
        }
        subnet.epoch++;
    }

    private void inform() {
        log("INFORM", dhcp.ciaddr(), null);
        log("ACK", dhcp.ciaddr(), null);
        var out = answer.start(dhcp, DhcpOption.ACK, 0, in.address);
        send(answer.options(out, dhcp, subnet, DhcpServerPlan.INFINITE, 0, null, in), 0);
    }

    private void send(byte[] message, long now) {
        int gateway = dhcp.giaddr();
        line.send(
                gateway != 0
                        ? DhcpReply.toServer(message, in.device, 0, gateway)
                        : DhcpReply.toClient(message, in.device, in.address),
                now);
    }

    /** The lease file. */
    public List<String> leaseFile() {
        return leases.file();
    }

    /** Clients that have given a name, with their addresses. */
    public Map<String, Integer> names() {
        return leases.names();
    }
}
