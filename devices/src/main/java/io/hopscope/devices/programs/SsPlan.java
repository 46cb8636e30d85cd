package io.hopscope.devices.programs;

import io.hopscope.protocols.tcp.TcpState;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the words of {@code ss} say. */
final class SsPlan {
    private static final Map<String, Character> OPTIONS = options();
    private static final Set<String> OTHER_TABLES = Set.of(
            "mptcp",
            "raw",
            "unix",
            "unix_dgram",
            "unix_stream",
            "unix_seqpacket",
            "packet",
            "packet_raw",
            "packet_dgram",
            "netlink",
            "dccp",
            "sctp",
            "vsock_stream",
            "vsock_dgram",
            "tipc",
            "xdp");

    /** What is shown where nothing is said: neither listeners, nor what is about to begin or over. */
    private static final Set<TcpState> USUAL = EnumSet.complementOf(
            EnumSet.of(TcpState.LISTEN, TcpState.CLOSED, TcpState.TIME_WAIT, TcpState.SYN_RECEIVED));

    boolean numeric;
    boolean extended;
    boolean memory;
    boolean processes;
    boolean timers;
    boolean info;
    boolean summary;
    boolean headless;
    boolean oneLine;
    boolean tcp;
    boolean udp;
    /** Tables that an emulated host has nothing in: each is one more. */
    private int others;

    private boolean selected;
    private boolean inetOnly;
    Set<TcpState> states = USUAL;
    SsFilter filter = SsFilter.ALL;

    private static Map<String, Character> options() {
        Map<String, Character> known = new LinkedHashMap<>();
        String[] names = {
            "help",
            "version",
            "numeric",
            "resolve",
            "all",
            "listening",
            "options",
            "extended",
            "memory",
            "processes",
            "threads",
            "info",
            "summary",
            "bpf",
            "events",
            "context",
            "contexts",
            "net",
            "ipv4",
            "ipv6",
            "packet",
            "tcp",
            "mptcp",
            "sctp",
            "udp",
            "dccp",
            "raw",
            "unix",
            "family",
            "kill",
            "no-header",
            "oneline",
            "query",
            "socket",
            "diag",
            "filter"
        };
        String letters = "hVnraloempTisbEZzN460tMSudwxfKHOAADF";
        for (int i = 0; i < names.length; i++) {
            known.put(names[i], letters.charAt(i));
        }
        return known;
    }

    static SsPlan read(List<String> words) {
        SsPlan plan = new SsPlan();
        Options options = new Options("ss", words, OPTIONS, "NfADF");
        for (char letter = options.next(); letter != 0; letter = options.next()) {
            plan.option(letter, options);
        }
        plan.tables();
        Deque<String> rest = options.operands();
        plan.states(rest);
        plan.filter = SsFilter.parse(rest);
        return plan;
    }

    private void option(char letter, Options options) {
        switch (letter) {
            case 'h' -> throw new Misuse(0, HelpText.of("ss"));
            case 'V' -> throw new Misuse(0, "ss utility, iproute2-6.1.0");
            case 'n' -> numeric = true;
            case 'a' -> states = EnumSet.allOf(TcpState.class);
            case 'l' -> states = EnumSet.of(TcpState.LISTEN, TcpState.CLOSED);
            case 'o' -> timers = true;
            case 'e' -> {
                extended = true;
                timers = true;
            }
            case 'm' -> memory = true;
            case 'p' -> processes = true;
            case 'i' -> info = true;
            case 's' -> summary = true;
            case 'H' -> headless = true;
            case 'O' -> oneLine = true;
            case 't' -> table("tcp");
            case 'u' -> table("udp");
            case 'M', 'S', 'd', 'w', 'x', '0' -> table("raw");
            case '4' -> inetOnly = true;
            case '6' -> family("inet6", options);
            case 'f' -> family(options.value(), options);
            case 'A' -> List.of(options.value().split(",")).forEach(each -> query(each, options));
            // Addresses are told as they are: nobody keeps names for them.
            case 'r' -> {}
            default -> throw new Misuse(255, "ss: -" + letter + " is not possible on an emulated host");
        }
    }

    private void table(String name) {
        selected = true;
        switch (name) {
            case "tcp" -> tcp = true;
            case "udp" -> udp = true;
            default -> others++;
        }
    }

    private void family(String name, Options options) {
        switch (name) {
            case "inet" -> inetOnly = true;
            case "inet6", "link", "unix", "netlink", "vsock", "tipc", "xdp" -> {
                selected = true;
                others += 2;
            }
            default -> throw options.wrong("\"" + name + "\" is invalid family");
        }
    }

    private void query(String name, Options options) {
        switch (name) {
            case "all", "inet" -> {
                table("tcp");
                table("udp");
            }
            case "tcp", "udp" -> table(name);
            default -> {
                if (!OTHER_TABLES.contains(name)) {
                    throw options.wrong("\"" + name + "\" is illegal socket table id");
                }
                table("raw");
            }
        }
    }

    private void tables() {
        if (!selected) {
            tcp = true;
            udp = true;
            others = inetOnly ? 1 : 2;
        }
    }

    /** Whether a column has to say of which kind a socket is. */
    boolean severalTables() {
        return others + (tcp ? 1 : 0) + (udp ? 1 : 0) > 1;
    }

    private void states(Deque<String> words) {
        boolean said = false;
        while (!words.isEmpty() && List.of("state", "exclude", "excl").contains(words.peek())) {
            boolean in = words.poll().equals("state");
            Set<TcpState> named = state(Ip.next(words));
            if (!said) {
                states = in ? EnumSet.noneOf(TcpState.class) : EnumSet.allOf(TcpState.class);
            }
            said = true;
            states = EnumSet.copyOf(states);
            if (in) {
                states.addAll(named);
            } else {
                states.removeAll(named);
            }
        }
    }

    private static Set<TcpState> state(String word) {
        Set<TcpState> all = EnumSet.allOf(TcpState.class);
        switch (word.toLowerCase(Locale.ROOT)) {
            case "all" -> {}
            case "connected" -> all.removeAll(EnumSet.of(TcpState.CLOSED, TcpState.LISTEN));
            case "synchronized" -> all.removeAll(EnumSet.of(TcpState.CLOSED, TcpState.LISTEN, TcpState.SYN_SENT));
            case "bucket" -> all.retainAll(EnumSet.of(TcpState.SYN_RECEIVED, TcpState.TIME_WAIT));
            case "big" -> all.removeAll(EnumSet.of(TcpState.SYN_RECEIVED, TcpState.TIME_WAIT));
            default -> all.retainAll(EnumSet.of(named(word)));
        }
        return all;
    }

    private static TcpState named(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "established" -> TcpState.ESTABLISHED;
            case "syn-sent" -> TcpState.SYN_SENT;
            case "syn-recv", "syn-rcv" -> TcpState.SYN_RECEIVED;
            case "fin-wait-1" -> TcpState.FIN_WAIT_1;
            case "fin-wait-2" -> TcpState.FIN_WAIT_2;
            case "time-wait" -> TcpState.TIME_WAIT;
            case "unconnected", "close", "closed" -> TcpState.CLOSED;
            case "close-wait" -> TcpState.CLOSE_WAIT;
            case "last-ack" -> TcpState.LAST_ACK;
            case "listening" -> TcpState.LISTEN;
            case "closing" -> TcpState.CLOSING;
            default ->
                throw new Misuse(
                        255,
                        "ss: wrong state name: " + word,
                        word,
                        List.of(
                                "established",
                                "syn-sent",
                                "syn-recv",
                                "fin-wait-1",
                                "fin-wait-2",
                                "time-wait",
                                "closed",
                                "close-wait",
                                "last-ack",
                                "listening",
                                "closing"));
        };
    }
}
