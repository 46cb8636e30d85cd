package io.hopscope.devices.programs;

import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a traceroute is asked to do. */
final class TraceroutePlan {
    /** What probes are made of. */
    enum Method {
        /** UDP to ports that rise from 33434. */
        DEFAULT(33434),
        /** UDP to one port. */
        UDP(53),
        ICMP(1),
        TCP(80);

        private final int port;

        Method(int port) {
            this.port = port;
        }
    }

    static final long NEVER = Long.MAX_VALUE;

    /** The most that a probe has, as --mtu begins. */
    private static final int LARGEST = 65_000;

    private static final char MTU = 1;
    private static final char SOURCE_PORT = 2;
    private static final char MARK = 3;

    private static final Map<String, Character> LONG = Map.ofEntries(
            Map.entry("dont-fragment", 'F'),
            Map.entry("first", 'f'),
            Map.entry("icmp", 'I'),
            Map.entry("tcp", 'T'),
            Map.entry("udp", 'U'),
            Map.entry("interface", 'i'),
            Map.entry("max-hops", 'm'),
            Map.entry("sim-queries", 'N'),
            Map.entry("port", 'p'),
            Map.entry("tos", 't'),
            Map.entry("wait", 'w'),
            Map.entry("queries", 'q'),
            Map.entry("source", 's'),
            Map.entry("sendwait", 'z'),
            Map.entry("mtu", MTU),
            Map.entry("sport", SOURCE_PORT),
            Map.entry("fwmark", MARK));

    Method method = Method.DEFAULT;
    int queries = 3;
    int hops = 30;
    int first = 1;
    int simultaneous = 16;
    long patience = 5 * PingPlan.SECOND;
    /** -w: how many times the answer of the same hop, and of one behind it, a probe is waited for; 0 for not so. */
    double here = 3;

    double near = 10;
    long pause;
    int port = -1;
    int sourcePort;
    int tos;
    int mark;
    String device;
    int source;
    boolean numeric;
    /** -F: probes are not split, neither here nor on the way. */
    boolean whole;
    /** --mtu: too large ones become as large as the way takes. */
    boolean measures;

    String target;
    /** Bytes of a probe, its IPv4 header among them. */
    int length = Ipv4.LENGTH + 40;

    /** Returns what is wrong, or null. */
    String read(List<String> arguments, Task task) {
        Words words = new Words(shortened(arguments));
        for (char option = words.option(); option != 0; option = words.option()) {
            String fault = read(option, words, task);
            if (fault != null) {
                return fault;
            }
        }
        port = port < 0 ? method.port : port;
        target = words.next();
        if (target == null) {
            return "Specify \"host\" missing argument.";
        }
        String size = words.next();
        if (words.more()) {
            return "Extra arg `" + words.next() + "' (position 3, argc 3)";
        } else if (first < 1 || first > hops) {
            return "first hop out of range";
        }
        if (measures) {
            whole = true;
            simultaneous = 1;
            length = LARGEST;
        }
        return size == null ? null : sized(size);
    }

    private String sized(String text) {
        if (!text.matches("\\d{1,9}")) {
            return "Cannot handle \"packetlen\" cmdline arg `" + text + "' on position 2 (argc 2)";
        }
        int least = method == Method.TCP ? TracerouteProbes.TCP_LENGTH : Ipv4.LENGTH + Udp.LENGTH;
        length = Math.max(least, Integer.parseInt(text));
        return length > LARGEST ? "too big packetlen " + text + " specified" : null;
    }

    /** Long options by their letters. */
    private static List<String> shortened(List<String> words) {
        List<String> letters = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            Character letter = word.startsWith("--") && word.length() > 2
                    ? LONG.get(word.substring(2, equals < 0 ? word.length() : equals))
                    : null;
            if (letter == null) {
                letters.add(word);
            } else {
                letters.add("-" + letter);
                if (equals >= 0) {
                    letters.add(word.substring(equals + 1));
                }
            }
        }
        return letters;
    }

    private String read(char option, Words words, Task task) {
        switch (option) {
            case '4' -> {}
            case 'n' -> numeric = true;
            case 'I' -> method = Method.ICMP;
            case 'T' -> method = Method.TCP;
            case 'U' -> method = Method.UDP;
            case 'F' -> whole = true;
            case MTU -> measures = true;
            case 'i' -> device = words.argument();
            case 's' -> {
                Integer found = Words.address(task, String.valueOf(words.argument()));
                source = found == null ? 0 : found;
                return found == null ? fault(option, words) : null;
            }
            case 'w' -> {
                return waits(words);
            }
            case 'z' -> {
                Long time = words.seconds();
                pause = time == null ? 0 : time > 10 * PingPlan.SECOND ? time / 1000 : time;
                return time == null ? fault(option, words) : null;
            }
            default -> {
                return number(option, words);
            }
        }
        return option == 'i' && device == null ? fault(option, words) : null;
    }

    private String number(char option, Words words) {
        if ("qmftNp".indexOf(option) < 0 && option != MARK && option != SOURCE_PORT) {
            return "Bad option `-" + option + "' (argc 1)";
        }
        Long number = words.number(0, option == MARK ? 0xffff_ffffL : Integer.MAX_VALUE);
        if (number == null) {
            return fault(option, words);
        }
        int value = number.intValue();
        if (option == 'q' && (value < 1 || value > 10)) {
            return "no more than 10 probes per hop";
        } else if (option == 'm' && value > 255) {
            return "max hops cannot be more than 255";
        } else if ((option == 'p' || option == SOURCE_PORT) && value > 65535) {
            value &= 0xffff;
        }
        switch (option) {
            case 'q' -> queries = value;
            case 'm' -> hops = value;
            case 'f' -> first = value;
            case 't' -> tos = value & 0xff;
            case 'N' -> simultaneous = Math.max(1, value);
            case 'p' -> port = value;
            case MARK -> mark = value;
            default -> {
                sourcePort = value;
                simultaneous = 1;
            }
        }
        return null;
    }

    private String fault(char option, Words words) {
        return "Cannot handle `-" + option + "' option with arg `" + words.read() + "' (argc 2)";
    }

    /** The longest wait alone switches the others off. */
    private String waits(Words words) {
        String text = String.valueOf(words.argument());
        String[] parts = text.split("[,/]", -1);
        double[] values = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("\\d{1,6}(\\.\\d{0,9})?")) {
                return fault('w', words);
            }
            values[i] = Double.parseDouble(parts[i]);
        }
        if (parts.length > 3) {
            return fault('w', words);
        }
        patience = StrictMath.round(values[0] * 1e12);
        here = parts.length > 1 ? values[1] : 0;
        near = parts.length > 2 ? values[2] : 0;
        return null;
    }
}
