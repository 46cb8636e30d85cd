package io.hopscope.devices.programs;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsQuestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command line of dig: what is asked, whom, and what of the answer is shown. */
final class DigPlan {
    private static final String USAGE = """
            Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
                        {global-d-opt} host [@local-server] {local-d-opt}
                        [ host [@local-server] {local-d-opt} [...]]

            Use "dig -h" (or "dig -h | more") for complete list of options""";

    /** What +all and +noall are about. */
    private static final List<String> SHOWN =
            List.of("answer", "authority", "additional", "question", "comments", "stats", "cmd");

    /** Options that are on or off, and whether they are at first. */
    private static final Map<String, Boolean> FLAGS = flags();

    private static final List<String> NUMBERS = List.of("time", "tries", "retry", "bufsize", "qid");

    /** One question. */
    static final class Query {
        DnsQuestion question;
        private String name = "";
        private int type = Dns.A;
        private int kind = Dns.IN;
        private boolean reverse;
        private final Map<String, Boolean> flags;
        private final Map<String, Integer> numbers;

        private Query(Map<String, Boolean> flags, Map<String, Integer> numbers) {
            this.flags = new LinkedHashMap<>(flags);
            this.numbers = new LinkedHashMap<>(numbers);
        }

        boolean on(String option) {
            return flags.getOrDefault(option, false);
        }

        int number(String option, int otherwise) {
            return numbers.getOrDefault(option, otherwise);
        }
    }

    final List<Query> queries = new ArrayList<>();
    /** As it was given; null for those of resolv.conf. */
    String server;

    int port = Dns.PORT;
    private final Query global = new Query(FLAGS, Map.of());
    private Query current;

    private static Map<String, Boolean> flags() {
        Map<String, Boolean> all = new LinkedHashMap<>();
        SHOWN.forEach(each -> all.put(each, true));
        for (String each : List.of("recurse", "edns", "cookie", "adflag", "class", "ttlid")) {
            all.put(each, true);
        }
        for (String each : List.of("short", "qr", "identify", "search", "cdflag", "dnssec", "aaflag", "ignore")) {
            all.put(each, false);
        }
        return all;
    }

    /**
     * @throws Misuse says what is wrong
     */
    void read(List<String> arguments) {
        Deque<String> words = new ArrayDeque<>(arguments);
        while (!words.isEmpty()) {
            String word = words.poll();
            if (word.startsWith("@")) {
                server = word.substring(1);
            } else if (word.startsWith("+")) {
                option(word.substring(1), current == null ? global : current);
            } else if (word.startsWith("-") && word.length() > 1) {
                letter(word, words);
            } else {
                word(word);
            }
        }
        if (queries.isEmpty()) {
            begin("").type = Dns.NS;
        }
        for (Query each : queries) {
            if (!DnsName.valid(each.name)) {
                throw new Misuse(10, "dig: '" + each.name + "' is not a legal name (bad label)");
            }
            String name = each.name.endsWith(".") ? each.name.substring(0, each.name.length() - 1) : each.name;
            each.question = new DnsQuestion(name, each.reverse ? Dns.PTR : each.type, each.kind);
        }
    }

    /** A type or a class belongs to the name before it, anything else is another name. */
    private void word(String word) {
        int type = DnsData.type(word);
        if (type > 0 && type != Dns.OPT) {
            (current == null ? global : current).type = type;
        } else if (word.equalsIgnoreCase("IN") || word.equalsIgnoreCase("CH")) {
            (current == null ? global : current).kind = word.equalsIgnoreCase("IN") ? Dns.IN : Dns.CHAOS;
        } else {
            begin(word);
        }
    }

    private Query begin(String name) {
        current = new Query(global.flags, global.numbers);
        current.name = name;
        current.type = global.type;
        current.kind = global.kind;
        queries.add(current);
        return current;
    }

    private void letter(String word, Deque<String> words) {
        char letter = word.charAt(1);
        if (word.equals("-4")) {
            return;
        } else if ("ptcqx".indexOf(letter) < 0) {
            throw misuse(word);
        }
        String value = word.length() > 2 ? word.substring(2) : words.poll();
        if (value == null) {
            throw misuse(word);
        }
        switch (letter) {
            case 'p' -> port = number(value, 1, 65535, "port number");
            case 'q' -> begin(value);
            case 'x' -> reverse(value);
            case 't' -> {
                int type = DnsData.type(value);
                if (type < 0) {
                    throw new Misuse(1, ";; Warning, ignoring invalid type " + value);
                }
                (current == null ? global : current).type = type;
            }
            default -> word(value);
        }
    }

    private void reverse(String value) {
        try {
            begin(DnsName.reverse(Ipv4Address.bits(value))).reverse = true;
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Invalid IP address " + value);
        }
    }

    private void option(String text, Query of) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String number = full(name, NUMBERS);
        if (number != null) {
            int least = number.equals("retry") || number.equals("bufsize") || number.equals("qid") ? 0 : 1;
            of.numbers.put(number, number(equals < 0 ? "" : text.substring(equals + 1), least, 65535, number));
            return;
        }
        boolean on = !name.startsWith("no");
        String plain = on ? name : name.substring(2);
        if (plain.equals("all")) {
            SHOWN.forEach(each -> of.flags.put(each, on));
            return;
        }
        String flag = full(plain, List.copyOf(FLAGS.keySet()));
        if (flag == null || equals >= 0) {
            List<String> valid = new ArrayList<>(FLAGS.keySet());
            valid.addAll(NUMBERS);
            throw new Misuse(1, "Invalid option: +" + text + "\n" + USAGE, name, valid);
        }
        of.flags.put(flag, on);
        if (flag.equals("short") && on) {
            of.flags.put("cmd", false);
        }
    }

    /** Options may be cut short, as long as there is one that begins so. */
    private static String full(String name, List<String> valid) {
        String found = null;
        for (String each : valid) {
            if (each.equals(name)) {
                return each;
            } else if (name.length() > 1 && each.startsWith(name)) {
                found = found == null ? each : "";
            }
        }
        return "".equals(found) ? null : found;
    }

    private static int number(String text, int least, int most, String what) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // It is said below, as for what is out of range.
        }
        throw new Misuse(1, "Couldn't parse " + what + " '" + text + "'");
    }

    private static Misuse misuse(String word) {
        return new Misuse(1, "Invalid option: " + word + "\n" + USAGE);
    }
}
