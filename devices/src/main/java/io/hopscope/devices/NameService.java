package io.hopscope.devices;

import io.hopscope.core.RandomStream;
import io.hopscope.encap.Dns;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.dns.Resolver;
import io.hopscope.protocols.dns.ResolverSettings;
import java.util.ArrayList;
import java.util.List;

/** How a host finds addresses and names: /etc/hosts, /etc/resolv.conf, and the questions that glibc sends. */
public final class NameService {
    /** A line of /etc/hosts; the first name is the canonical one. */
    public record HostsLine(int address, List<String> names) {
        public HostsLine {
            names = List.copyOf(names);
        }

        /**
         * Reads {@code 10.0.0.2 web web.lab}.
         *
         * @throws IllegalArgumentException for what is none
         */
        public static HostsLine parse(String line) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.size() < 2 || !words.stream().skip(1).allMatch(each -> each.matches("[A-Za-z0-9_.-]+"))) {
                throw new IllegalArgumentException(line);
            }
            return new HostsLine(Ipv4Address.bits(words.get(0)), words.subList(1, words.size()));
        }

        @Override
        public String toString() {
            return Ipv4Address.text(address) + "\t" + String.join(" ", names);
        }
    }

    /** Hears how a question ended. */
    public interface Answer {
        void ended(Resolver asked, long now);
    }

    private static final HostsLine LOCALHOST = new HostsLine(0x7f000001, List.of("localhost"));

    private final IpStack stack;
    private final List<HostsLine> hosts = new ArrayList<>(List.of(LOCALHOST));
    private ResolverSettings settings = ResolverSettings.NONE;
    private RandomStream random;

    NameService(IpStack stack) {
        this.stack = stack;
    }

    /** /etc/resolv.conf. */
    public ResolverSettings settings() {
        return settings;
    }

    public void settings(ResolverSettings these) {
        settings = these;
    }

    /** /etc/hosts. */
    public List<HostsLine> hosts() {
        return hosts;
    }

    public void host(HostsLine line) {
        hosts.add(line);
    }

    /** The line that has the name; null if there is none. */
    public HostsLine find(String name) {
        for (HostsLine each : hosts) {
            if (each.names.stream().anyMatch(name::equalsIgnoreCase)) {
                return each;
            }
        }
        return null;
    }

    /** The line of an address; null if there is none. */
    public HostsLine find(int address) {
        for (HostsLine each : hosts) {
            if (each.address == address) {
                return each;
            }
        }
        return null;
    }

    /** Whether there is somebody to ask, or may be as soon as DHCP has said whom. */
    public boolean asks() {
        return !settings.servers().isEmpty()
                || stack.interfaces().stream().anyMatch(each -> each.addresses().isEmpty());
    }

    /**
     * Asks DNS for the addresses of a name.
     *
     * @param six whether for those of IPv6 as well
     */
    public void addresses(String name, boolean six, Answer answer, long now) {
        Question question = new Question(answer);
        question.begin(Resolver.addresses(settings, name, six, this::random, question), now);
    }

    /** Asks DNS for the name of an address. */
    public void name(int address, Answer answer, long now) {
        Question question = new Question(answer);
        question.begin(Resolver.name(settings, address, this::random, question), now);
    }

    private int random() {
        if (random == null) {
            random = stack.node().network().seed().stream(stack.title() + " resolver");
        }
        return random.nextInt(0x10000);
    }

    /** One question under way: its socket and its timer. */
    private final class Question implements Resolver.Line, UdpEndpoint.Listener {
        private final Answer answer;
        private Resolver resolver;
        private UdpEndpoint socket;
        private long armed = Long.MAX_VALUE;

        Question(Answer answer) {
            this.answer = answer;
        }

        void begin(Resolver with, long now) {
            resolver = with;
            resolver.begin(now);
            settle(now);
        }

        private void settle(long now) {
            long deadline = resolver.nextDeadline();
            if (deadline < armed) {
                armed = deadline;
                stack.at(Math.max(now, deadline), this::wake);
            }
        }

        private void wake(long now) {
            armed = Long.MAX_VALUE;
            if (socket != null && socket.isOpen()) {
                resolver.expire(now);
                settle(now);
            }
        }

        @Override
        public void send(int server, byte[] message, boolean fresh, long now) {
            if (fresh) {
                close();
                socket = UdpEndpoint.open(stack, 0, "the resolver", this).connect(server, Dns.PORT);
            }
            if (socket.send(message, now) != null) {
                resolver.refused(now);
            }
        }

        private void close() {
            if (socket != null) {
                socket.close();
            }
        }

        @Override
        public void datagram(Frame frame, Ipv4 ip, Udp udp, long now) {
            resolver.receive(frame.bytes(), udp.end(), udp.at() + udp.length(), now);
            settle(now);
        }

        @Override
        public void failed(String error, long now) {
            resolver.refused(now);
            settle(now);
        }

        @Override
        public void ended(Resolver asked, long now) {
            close();
            answer.ended(asked, now);
        }
    }
}
