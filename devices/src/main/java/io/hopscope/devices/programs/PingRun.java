package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.Route;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One ping under way: sends, hears, prints, sums up. */
final class PingRun implements IpStack.IcmpSocket {
    private static final long MICRO = 1_000_000L;

    /** MIN_INTERVAL_MS: of a flood, where nothing comes back. */
    private static final long LEAST_INTERVAL = 10_000_000_000L;

    /** What a packet takes a ping that waits for nothing else. */
    private static final long SENDING = 4 * MICRO;

    /** One echo request. */
    private static final class Sent {
        private final long when;
        private boolean answered;

        private Sent(long when) {
            this.when = when;
        }
    }

    private final IpStack stack;
    private final Task task;
    private final PingPlan plan;
    private final int id;
    private final Flow flow = new Flow();
    private NetInterface device;
    private int source;
    private final Map<Integer, Sent> sent = new LinkedHashMap<>();
    private long begun;
    private long latest;
    private long transmitted;
    private long received;
    private long errors;
    private long duplicates;
    /** The most echo requests under way at a time, as iputils counts them. */
    private long pipe;

    /** When the last one was due, and how much of the time for more is left (pinger). */
    private long due = -1;

    private long tokens;
    private long interval;
    /** Which wait for the next one it is: a call from an earlier one comes too late. */
    private int turn;

    private boolean lingers;
    /** Whether the address is all of a network's. */
    private boolean everybody;
    /** The highest sequence number that was answered, in a row of its own as {@link #transmitted}. */
    private long acknowledged;
    /** Eight times the mean round trip in microseconds, as the kernel would smooth it. */
    private long smooth;

    private long least = Long.MAX_VALUE;
    private long most;
    private double sum;
    private double squares;

    /** The last that this host's netfilter has not let out; -1 for none. */
    private int denied = -1;

    private final ReverseNames names;
    private boolean summed;
    private final Ipv4 ip = new Ipv4();
    private final Ipv4 quoted = new Ipv4();
    private final Icmp icmp = new Icmp();

    PingRun(Host host, Task task, PingPlan plan) {
        this.task = task;
        this.plan = plan;
        stack = host.stack();
        names = new ReverseNames(named(stack, plan) ? stack.names() : null, task);
        id = host.node().network().seed().stream(host + " " + task).nextInt(0xffff) + 1;
    }

    /** A name that only the scenario gives is not looked up where nobody could know it. */
    private static boolean named(IpStack stack, PingPlan plan) {
        return !plan.numeric
                && (stack.names().find(plan.target) != null
                        || !stack.names().settings().servers().isEmpty());
    }

    void begin(long now) {
        begun = now;
        latest = now;
        String refusal = bind();
        if (refusal == null) {
            Route route = stack.lookup(flow);
            refusal = route == null ? "connect: Network is unreachable" : refusal(route.type());
            if (route == null) {
                stack.foundNoRoute();
            }
            source = source != 0 || route == null || refusal != null ? source : stack.source(route);
        }
        if (refusal != null) {
            task.line("ping: " + refusal);
            task.exit(2);
            return;
        }
        if (plan.broadcast && stack.lookup(flow).type() == Route.Type.BROADCAST) {
            task.line("WARNING: pinging broadcast address");
            everybody = true;
        }
        String via = plan.from == null
                ? ""
                : " from " + Ipv4Address.text(source) + " " + (device == null ? "" : device.name()) + ":";
        task.line("PING " + plan.target + " (" + Ipv4Address.text(plan.address) + ")" + via + " " + plan.size + "("
                + (plan.size + Icmp.LENGTH + Ipv4.LENGTH) + ") bytes of data.");
        stack.listen(this);
        task.onInterrupt(() -> sumUp(stack.node().now()));
        interval = plan.interval;
        if (plan.deadline > 0) {
            stack.at(now + plan.deadline, this::sumUp);
        }
        pump(now);
    }

    /** What -I asks for: an address of this host, or an interface; returns why it cannot be had, or null. */
    private String bind() {
        flow.to(plan.address);
        flow.mark = plan.mark;
        flow.tos = plan.tos & 0xfc;
        flow.protocol = Ipv4.ICMP;
        if (plan.from == null) {
            return null;
        }
        Integer address = address(plan.from);
        if (address == null) {
            device = stack.find(plan.from);
            flow.out = device == null ? 0 : device.index();
            return device == null ? "SO_BINDTODEVICE " + plan.from + ": No such device" : null;
        }
        flow.source = address;
        source = address;
        Route own = stack.lookup(address);
        boolean mine = own != null && own.type() == Route.Type.LOCAL;
        return mine ? null : "bind: Cannot assign requested address";
    }

    private static Integer address(String word) {
        try {
            return Ipv4Address.bits(word);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What connect() says of a route, as ping prints it. */
    private String refusal(Route.Type type) {
        return switch (type) {
            case BROADCAST ->
                plan.broadcast
                        ? null
                        : "Do you want to ping broadcast? Then -b. If not, check your local firewall rules";
            case PROHIBIT -> "Do you want to ping broadcast? Then -b. If not, check your local firewall rules";
            case UNREACHABLE -> "connect: No route to host";
            case BLACKHOLE -> "connect: Invalid argument";
            case THROW -> "connect: Network is unreachable";
            case UNICAST, LOCAL -> null;
        };
    }

    /** Sends what is due, and waits for the next one to be. */
    private void pump(long now) {
        if (over()) {
            return;
        }
        if (task.interrupted()) {
            sumUp(now);
            return;
        }
        long wait = 0;
        while (wait <= 0 && !over()) {
            wait = next(now);
            if (transmitted >= plan.count && plan.deadline == 0 && !lingers && !over()) {
                lingers = true;
                linger(now);
            }
        }
        int which = ++turn;
        if (!lingers && !over()) {
            stack.at(now + wait, then -> {
                if (turn == which) {
                    pump(then);
                }
            });
        }
    }

    /** Sends one if it may; returns how long it is to the next (pinger of iputils). */
    private long next(long now) {
        if (transmitted >= plan.count && plan.deadline == 0) {
            return PingPlan.SECOND;
        }
        if (due < 0) {
            tokens = interval * (plan.preload - 1);
        } else {
            long left = now - due;
            if (interval == 0 && left < LEAST_INTERVAL && underWay() >= plan.preload) {
                return LEAST_INTERVAL - left;
            }
            left = Math.min(left + tokens, interval * plan.preload);
            if (left < interval) {
                return interval - left;
            }
            tokens = left - interval;
        }
        due = now;
        send(now);
        // Unlimited, a process has to run for each.
        return interval == 0 ? SENDING : interval - tokens;
    }

    /** Sent, and not answered (in_flight). */
    private long underWay() {
        return transmitted - acknowledged;
    }

    private void send(long now) {
        if (plan.outstanding && transmitted > 0 && !sent.get((int) transmitted & 0xffff).answered) {
            task.line(stamp(now) + "no answer yet for icmp_seq=" + (transmitted & 0xffff));
        }
        transmitted++;
        latest = now;
        sent.put((int) transmitted & 0xffff, new Sent(now));
        if (sent.size() > 4096) {
            sent.remove(sent.keySet().iterator().next());
        }
        emit((int) transmitted & 0xffff, now);
        stack.rearm();
        if (received + errors >= plan.count || plan.deadline > 0 && errors > 0) {
            sumUp(now);
        }
    }

    /** Something was heard. */
    private void enough(long now) {
        if (plan.deadline > 0 && errors > 0) {
            // What else has come by then is read first.
            stack.at(now + SENDING, this::sumUp);
        } else if (received + errors >= plan.count) {
            sumUp(now);
        } else if (plan.adaptive || interval == 0) {
            int which = ++turn;
            stack.at(now + SENDING, then -> {
                if (turn == which) {
                    pump(then);
                }
            });
        }
    }

    private String stamp(long now) {
        return plan.stamped
                ? String.format(Locale.ROOT, "[%d.%06d] ", now / PingPlan.SECOND, now % PingPlan.SECOND / MICRO)
                : "";
    }

    private void emit(int seq, long now) {
        int total = Ipv4.LENGTH + Icmp.LENGTH + plan.size;
        Route route = stack.lookup(flow);
        String refusal = route == null ? "connect: Network is unreachable" : refusal(route.type());
        if (refusal != null) {
            task.line("ping: sendmsg: " + refusal.substring(refusal.indexOf(':') + 2));
            return;
        }
        int mtu = stack.mtu(plan.address, route);
        if (plan.discovery.equals("do") && total > mtu) {
            errors++;
            task.line("ping: local error: message too long, mtu=" + mtu);
            return;
        }
        Frame frame = stack.node().originate(Ethernet.LENGTH + total);
        int at = frame.start() + Ethernet.LENGTH;
        boolean whole = plan.discovery.equals("do")
                || plan.discovery.equals("want") && total <= mtu && !stack.mtuLocked(plan.address, route);
        ip.wrap(frame, at)
                .start(total)
                // ip_select_ident_segs: what nobody may fragment needs no number.
                .id(plan.discovery.equals("do") ? 0 : stack.nextIdentification())
                .df(whole)
                .tos(plan.tos)
                .ttl(plan.ttl)
                .protocol(Ipv4.ICMP)
                .source(source)
                .destination(plan.address)
                .seal();
        icmp.wrap(frame, at + Ipv4.LENGTH).start(Icmp.ECHO, 0).id(id).seq(seq);
        fill(frame, at + Ipv4.LENGTH + Icmp.LENGTH, now);
        icmp.seal(Icmp.LENGTH + plan.size);
        if (!stack.transmit(frame, flow, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        } else if (stack.netfilter() != null && stack.netfilter().denied()) {
            denied = seq;
        }
    }

    /** A struct timeval of virtual time where there is room, then a byte for each position. */
    private void fill(Frame frame, int at, long now) {
        byte[] bytes = frame.bytes();
        for (int i = 0; i < plan.size; i++) {
            bytes[at + i] = (byte) i;
        }
        if (plan.size >= 16) {
            long seconds = now / PingPlan.SECOND;
            long micros = now % PingPlan.SECOND / MICRO;
            for (int i = 0; i < 8; i++) {
                bytes[at + i] = (byte) (seconds >>> 8 * i);
                bytes[at + 8 + i] = (byte) (micros >>> 8 * i);
            }
        }
    }

    @Override
    public void receive(Frame frame, Ipv4 packet, Icmp message, long now) {
        if (over()) {
            return;
        }
        if (message.type() == Icmp.ECHO_REPLY) {
            if (message.id() == id && (packet.source() == plan.address || plan.broadcast)) {
                reply(packet, message.seq(), now);
            }
        } else if (message.error()) {
            error(frame, packet, message, now);
        }
    }

    @Override
    public void redirected(Frame frame, Ipv4 packet, Icmp message, long now) {
        int at = message.at() + Icmp.LENGTH;
        if (over() || packet.limit() - at < Ipv4.LENGTH + Icmp.LENGTH) {
            return;
        }
        quoted.wrap(frame, at);
        if (quoted.protocol() == Ipv4.ICMP && icmp.wrap(frame, quoted.payload()).id() == id) {
            String which = message.code() == 0 ? "Network" : "Host";
            String router = Ipv4Address.text(message.gateway());
            print(
                    "From ",
                    packet.source(),
                    ": icmp_seq=" + icmp.seq() + " Redirect " + which + "(New nexthop: " + router + ")",
                    now);
        }
    }

    private void reply(Ipv4 packet, int seq, long now) {
        Sent request = sent.get(seq);
        int bytes = packet.limit() - packet.payload();
        acknowledge(seq);
        if (request == null) {
            duplicates++;
            return;
        }
        long rtt = now - request.when;
        boolean again = request.answered;
        request.answered = true;
        received += again ? 0 : 1;
        duplicates += again ? 1 : 0;
        least = Math.min(least, rtt);
        most = Math.max(most, rtt);
        sum += rtt;
        squares += (double) rtt * rtt;
        long micros = rtt / MICRO;
        smooth += smooth == 0 ? 8 * micros : micros - smooth / 8;
        if (plan.adaptive) {
            interval = (smooth / 8 + 500) / 1000 * (1000 * MICRO);
        }
        String rest = ": icmp_seq=" + seq + " ttl=" + packet.ttl() + " time=" + time(rtt) + " ms";
        if (!plan.flood) {
            // Of what was sent to all, more than one answer is no wonder.
            print(
                    stamp(now) + bytes + " bytes from ",
                    packet.source(),
                    rest + (again && !everybody ? " (DUP!)" : ""),
                    now);
        }
        enough(now);
    }

    private void error(Frame frame, Ipv4 packet, Icmp message, long now) {
        int at = message.at() + Icmp.LENGTH;
        if (!Ipv4.fits(frame.bytes(), at, frame.end()) && packet.limit() - at < Ipv4.LENGTH + Icmp.LENGTH) {
            return;
        }
        quoted.wrap(frame, at);
        if (quoted.protocol() != Ipv4.ICMP || quoted.destination() != plan.address) {
            return;
        }
        icmp.wrap(frame, quoted.payload());
        Sent request = sent.get(icmp.seq());
        if (icmp.type() != Icmp.ECHO || icmp.id() != id || request == null || request.answered) {
            return;
        }
        request.answered = true;
        errors++;
        acknowledge(icmp.seq());
        if (!plan.flood) {
            print(stamp(now) + "From ", packet.source(), " icmp_seq=" + icmp.seq() + " " + meaning(message), now);
        }
        if (icmp.seq() == denied && !plan.quiet) {
            // Of a packet that is dropped without a word it says nothing.
            names.print(() -> "ping: sendmsg: Operation not permitted", () -> {}, now);
        }
        enough(now);
    }

    private void acknowledge(int seq) {
        int underWay = (int) transmitted - seq & 0xffff;
        if (underWay <= 0x7fff) {
            pipe = Math.max(pipe, underWay + 1);
            acknowledged = Math.max(acknowledged, transmitted - underWay);
        }
    }

    private static String meaning(Icmp message) {
        if (message.type() == Icmp.TIME_EXCEEDED) {
            return message.code() == 0 ? "Time to live exceeded" : "Frag reassembly time exceeded";
        }
        return switch (message.code()) {
            case Icmp.NET -> "Destination Net Unreachable";
            case Icmp.HOST -> "Destination Host Unreachable";
            case Icmp.PROTOCOL -> "Destination Protocol Unreachable";
            case Icmp.PORT -> "Destination Port Unreachable";
            case Icmp.FRAGMENTATION_NEEDED -> "Frag needed and DF set (mtu = " + message.mtu() + ")";
            case 5 -> "Source Route Failed";
            case 6 -> "Destination Net Unknown";
            case 7 -> "Destination Host Unknown";
            case 8 -> "Source Host Isolated";
            case 9 -> "Destination Net Prohibited";
            case 10 -> "Destination Host Prohibited";
            case 11 -> "Destination Net Unreachable for Type of Service";
            case 12 -> "Destination Host Unreachable for Type of Service";
            case 13 -> "Packet filtered";
            case 14 -> "Precedence Violation";
            case 15 -> "Precedence Cutoff";
            default -> "Dest Unreachable, Bad Code: " + message.code();
        };
    }

    private void print(String before, int address, String after, long now) {
        if (!plan.quiet) {
            names.print(() -> before + names.text(address) + after, () -> {}, now, address);
        }
    }

    /** Nothing counts any more. */
    private boolean over() {
        return summed || task.ended();
    }

    /** iputils waits for twice the longest round trip, at least the interval; without any reply for -W. */
    private void linger(long now) {
        long wait = received > 0 ? Math.max(2 * most, plan.interval) : plan.patience;
        stack.at(now + wait, this::sumUp);
    }

    private void sumUp(long now) {
        if (!over()) {
            summed = true;
            stack.ignore(this);
            // Lines that wait for a name come first.
            names.print(() -> null, this::statistics, now);
        }
    }

    /** What a flood has left on the terminal: a dot for each that was not answered. */
    private String dots() {
        return plan.flood && !plan.quiet ? ".".repeat((int) Math.min(4096, transmitted - received - errors)) : "";
    }

    private void statistics() {
        if (!dots().isEmpty()) {
            task.line(dots());
        }
        task.line("");
        task.line("--- " + plan.target + " ping statistics ---");
        task.line(transmitted + " packets transmitted, " + received + " received"
                + (duplicates > 0 ? ", +" + duplicates + " duplicates" : "")
                + (errors > 0 ? ", +" + errors + " errors" : "") + ", " + loss() + "% packet loss, time "
                + (latest - begun) / 1_000_000_000L + "ms");
        String last = "";
        if (received > 0) {
            long heard = received + duplicates;
            double mean = sum / heard;
            double deviation = StrictMath.sqrt(Math.max(0, squares / heard - mean * mean));
            last = "rtt min/avg/max/mdev = " + exact(least) + "/" + exact((long) mean) + "/" + exact(most) + "/"
                    + exact((long) deviation) + " ms";
        }
        if (pipe > 1) {
            last += (last.isEmpty() ? "" : ", ") + "pipe " + pipe;
        }
        if (transmitted > 1 && received > 0 && (interval == 0 || plan.flood || plan.adaptive)) {
            long gap = (latest - begun) / (transmitted - 1);
            last += ", ipg/ewma " + exact(gap) + "/" + exact(smooth / 8 * MICRO) + " ms";
        }
        task.line(last);
        boolean all = plan.deadline == 0 || plan.count == Long.MAX_VALUE || received >= plan.count;
        task.exit(received > 0 && all ? 0 : 1);
    }

    /** As %g prints it: six digits, and no zeros at the end. */
    private String loss() {
        long lost = transmitted == 0 ? 0 : transmitted - received;
        if (lost == 0 || lost * 100 % transmitted == 0) {
            return Long.toString(transmitted == 0 ? 0 : lost * 100 / transmitted);
        }
        String digits = new BigDecimal(lost * 100)
                .divide(new BigDecimal(transmitted), new MathContext(6, RoundingMode.HALF_EVEN))
                .toPlainString();
        return digits.replaceFirst("\\.?0+$", "");
    }

    private static String exact(long picoseconds) {
        return String.format(
                Locale.ROOT, "%d.%03d", picoseconds / 1_000_000_000L, picoseconds % 1_000_000_000L / MICRO);
    }

    /** As many digits as iputils shows. */
    private static String time(long picoseconds) {
        long micros = picoseconds / MICRO;
        if (micros >= 99_950) {
            return Long.toString((micros + 500) / 1000);
        } else if (micros >= 9_995) {
            return String.format(Locale.ROOT, "%d.%d", (micros + 50) / 1000, (micros + 50) % 1000 / 100);
        } else if (micros >= 1_000) {
            return String.format(Locale.ROOT, "%d.%02d", (micros + 5) / 1000, (micros + 5) % 1000 / 10);
        }
        return exact(picoseconds);
    }
}
