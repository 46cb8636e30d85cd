package io.hopscope.devices.programs;

import io.hopscope.core.RandomStream;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.Route;
import java.util.Arrays;
import java.util.Locale;

/** One traceroute under way: sixteen probes at a time, lines printed in order of hops. */
final class TracerouteRun implements IpStack.IcmpSocket {
    private static final int FIRST_PORT = 33434;
    private static final int SIMULTANEOUS = 16;
    private static final int PAYLOAD = 32;

    /** What a probe takes the real one, with a socket of its own: 30 to 50 us. It reads replies between its batches only. */
    private static final long SENDING = 40_000_000L;

    private static final class Probe {
        private int sourcePort;
        private long sent = -1;
        private long rtt = -1;
        private int from;
        private String mark = "";
        private boolean done;
        private boolean last;
    }

    private final IpStack stack;
    private final Task task;
    private final RandomStream random;
    private int queries = 3;
    private int hops = 30;
    private int first = 1;
    private long patience = 5 * PingPlan.SECOND;
    private boolean icmpProbes;
    private boolean numeric;
    private String target;
    private int address;
    private int id;
    private Probe[] probes;
    private int next;
    private int outstanding;
    private int printed;
    /** Probes from here on are not needed: nearer ones have reached the target. */
    private int end;

    /** The same as far as replies tell that are not read yet. */
    private int seen = Integer.MAX_VALUE;

    private int unread;
    private boolean sending;
    private boolean finished;
    private ReverseNames names;

    private final Ipv4 ip = new Ipv4();
    private final Ipv4 quoted = new Ipv4();
    private final Udp udp = new Udp();
    private final Icmp icmp = new Icmp();

    TracerouteRun(Host host, Task task) {
        this.task = task;
        stack = host.stack();
        random = host.node().network().seed().stream(host + " " + task);
    }

    /** Returns what is wrong, or null. */
    String read(Words words) {
        for (char option = words.option(); option != 0; option = words.option()) {
            Long number = 0L;
            switch (option) {
                case '4' -> {}
                case 'n' -> numeric = true;
                case 'I' -> icmpProbes = true;
                case 'q' -> queries = (number = words.number(1, 10)) == null ? 0 : number.intValue();
                case 'm' -> hops = (number = words.number(1, 255)) == null ? 0 : number.intValue();
                case 'f' -> first = (number = words.number(1, 255)) == null ? 0 : number.intValue();
                case 'w' -> patience = (number = words.seconds()) == null ? 0 : number;
                default -> {
                    return "Bad option `-" + option + "' (argc 1)";
                }
            }
            if (number == null) {
                return "Bad argument of `-" + option + "'";
            }
        }
        target = words.next();
        if (target == null) {
            return "Specify \"host\" missing argument.";
        }
        if (words.more()) {
            return "Cannot handle \"packetlen\" cmdline arg `" + words.next() + "' on position 2 (argc 2)";
        }
        return first > hops ? "first hop out of range" : null;
    }

    /** Whom the words name; null where they do not get that far. */
    String target() {
        return target;
    }

    /**
     * @param where whom it is to
     */
    void begin(int where, long now) {
        address = where;
        boolean named = !numeric && !stack.names().settings().servers().isEmpty();
        names = new ReverseNames(named ? stack.names() : null, task);
        task.line("traceroute to " + target + " (" + Ipv4Address.text(address) + "), " + hops + " hops max, "
                + (Ipv4.LENGTH + Udp.LENGTH + PAYLOAD) + " byte packets");
        if (stack.lookup(address) == null) {
            stack.foundNoRoute();
            task.line("connect: Network is unreachable");
            task.exit(1);
            return;
        }
        id = random.nextInt(0xffff) + 1;
        probes = new Probe[(hops - first + 1) * queries];
        end = probes.length;
        stack.listen(this);
        pump(now);
    }

    private void pump(long now) {
        if (finished || task.ended()) {
            return;
        }
        if (outstanding < SIMULTANEOUS && next < end) {
            sending = true;
            Probe probe = new Probe();
            probe.sent = now;
            probe.sourcePort = 32768 + random.nextInt(28232);
            probes[next] = probe;
            outstanding++;
            emit(next++, probe, now);
            stack.rearm();
            stack.at(now + patience, later -> settle(probe, later));
            stack.at(now + SENDING, this::pump);
        } else if (sending) {
            sending = false;
            advance(now);
        }
    }

    private void settle(Probe probe, long now) {
        if (!probe.done && !task.ended()) {
            probe.done = true;
            outstanding--;
            advance(now);
        }
    }

    private void emit(int index, Probe probe, long now) {
        int total = Ipv4.LENGTH + Udp.LENGTH + PAYLOAD;
        Route route = stack.lookup(address);
        if (route == null) {
            return;
        }
        Frame frame = stack.node().originate(Ethernet.LENGTH + total);
        int at = frame.start() + Ethernet.LENGTH;
        int source = stack.source(route);
        ip.wrap(frame, at)
                .start(total)
                .df(false)
                .id(stack.nextIdentification())
                .ttl(first + index / queries)
                .protocol(icmpProbes ? Ipv4.ICMP : Ipv4.UDP)
                .source(source)
                .destination(address)
                .seal();
        for (int i = 0; i < PAYLOAD; i++) {
            frame.bytes()[at + Ipv4.LENGTH + Udp.LENGTH + i] = (byte) ('@' + i);
        }
        if (icmpProbes) {
            icmp.wrap(frame, at + Ipv4.LENGTH)
                    .start(Icmp.ECHO, 0)
                    .id(id)
                    .seq(index + 1)
                    .seal(Icmp.LENGTH + PAYLOAD);
        } else {
            udp.wrap(frame, at + Ipv4.LENGTH)
                    .set(probe.sourcePort, FIRST_PORT + index, Udp.LENGTH + PAYLOAD)
                    .seal(source, address);
        }
        if (!icmpProbes) {
            stack.sentDatagram();
        }
        if (!stack.transmit(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        } else if (stack.netfilter() != null && stack.netfilter().denied()) {
            task.line("send: Operation not permitted");
            task.exit(1);
        }
    }

    @Override
    public void receive(Frame frame, Ipv4 packet, Icmp message, long now) {
        if (task.ended()) {
            return;
        }
        if (message.type() == Icmp.ECHO_REPLY) {
            if (icmpProbes && message.id() == id) {
                heard(message.seq() - 1, packet.source(), "", true, now);
            }
            return;
        }
        int at = message.at() + Icmp.LENGTH;
        if (!message.error() || packet.limit() - at < Ipv4.LENGTH + Udp.LENGTH) {
            return;
        }
        quoted.wrap(frame, at);
        if (quoted.destination() != address || quoted.payload() + Udp.LENGTH > packet.limit()) {
            return;
        }
        boolean last = message.type() == Icmp.UNREACHABLE;
        String mark = last ? mark(message) : "";
        if (icmpProbes && quoted.protocol() == Ipv4.ICMP) {
            icmp.wrap(frame, quoted.payload());
            if (icmp.id() == id) {
                heard(icmp.seq() - 1, packet.source(), mark, last, now);
            }
        } else if (!icmpProbes && quoted.protocol() == Ipv4.UDP) {
            udp.wrap(frame, quoted.payload());
            int index = udp.destinationPort() - FIRST_PORT;
            if (index >= 0 && index < next && probes[index].sourcePort == udp.sourcePort()) {
                heard(index, packet.source(), mark, last, now);
            }
        }
    }

    private static String mark(Icmp message) {
        return switch (message.code()) {
            case Icmp.NET -> " !N";
            case Icmp.HOST -> " !H";
            case Icmp.PROTOCOL -> " !P";
            case Icmp.PORT -> "";
            case Icmp.FRAGMENTATION_NEEDED -> " !F-" + message.mtu();
            case 13 -> " !X";
            default -> " !<" + message.code() + ">";
        };
    }

    private void heard(int index, int from, String mark, boolean last, long now) {
        if (index < 0 || index >= next || probes[index].done) {
            return;
        }
        Probe probe = probes[index];
        probe.done = true;
        probe.rtt = now - probe.sent;
        probe.from = from;
        probe.mark = mark;
        probe.last = last;
        unread++;
        if (last) {
            seen = Math.min(seen, (index / queries + 1) * queries);
        }
        advance(now);
    }

    /** Prints the lines that are complete, and sends more. */
    private void advance(long now) {
        if (sending || finished) {
            return;
        }
        outstanding -= unread;
        unread = 0;
        end = Math.min(end, seen);
        while (printed + queries <= next && complete(printed)) {
            boolean last = print(printed, now);
            printed += queries;
            if (last || printed == end) {
                finished = true;
                stack.ignore(this);
                names.print(() -> null, () -> task.exit(0), now);
                return;
            }
        }
        pump(now);
    }

    private boolean complete(int from) {
        for (int i = from; i < from + queries; i++) {
            if (!probes[i].done) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the target is reached. */
    private boolean print(int from, long now) {
        boolean last = false;
        int[] addresses = new int[queries];
        int count = 0;
        for (int i = from; i < from + queries; i++) {
            last |= probes[i].rtt >= 0 && probes[i].last;
            if (probes[i].rtt >= 0) {
                addresses[count++] = probes[i].from;
            }
        }
        names.print(() -> line(from), () -> {}, now, Arrays.copyOf(addresses, count));
        return last;
    }

    private String line(int from) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%2d ", first + from / queries));
        int shown = 0;
        for (int i = from; i < from + queries; i++) {
            Probe probe = probes[i];
            if (probe.rtt < 0) {
                line.append(" *");
                continue;
            }
            if (probe.from != shown) {
                String number = Ipv4Address.text(probe.from);
                line.append(' ').append(numeric ? number : names.name(probe.from) + " (" + number + ")");
                shown = probe.from;
            }
            long nanos = probe.rtt / 1000;
            line.append(String.format(
                    Locale.ROOT, "  %d.%03d ms%s", nanos / 1_000_000, nanos % 1_000_000 / 1000, probe.mark));
        }
        return line.toString();
    }
}
