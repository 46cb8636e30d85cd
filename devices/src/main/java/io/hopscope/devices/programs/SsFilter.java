package io.hopscope.devices.programs;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Which sockets {@code ss} shows: addresses and ports with {@code and}, {@code or}, {@code not} and brackets. */
interface SsFilter {
    SsFilter ALL = (local, port, peer, peerPort) -> true;

    /** Whether a socket with these addresses and ports is shown. */
    boolean takes(int local, int port, int peer, int peerPort);

    static SsFilter parse(Deque<String> words) {
        return words.isEmpty() ? ALL : new Reader(words).whole();
    }

    /** The grammar of misc/ssfilter.y. */
    final class Reader {
        private static final Map<String, String> SIGNS = Map.ofEntries(
                Map.entry("!", "not"),
                Map.entry("|", "or"),
                Map.entry("||", "or"),
                Map.entry("&", "and"),
                Map.entry("&&", "and"),
                Map.entry("==", "="),
                Map.entry("eq", "="),
                Map.entry("ne", "!="),
                Map.entry("neq", "!="),
                Map.entry("<>", "!="),
                Map.entry(">", ">="),
                Map.entry("gt", ">="),
                Map.entry("ge", ">="),
                Map.entry("geq", ">="),
                Map.entry("<", "<="),
                Map.entry("lt", "<="),
                Map.entry("le", "<="),
                Map.entry("leq", "<="));
        private static final List<String> KEYS = List.of("src", "dst", "sport", "dport");
        private static final List<String> RELATIONS = List.of("=", "!=", ">=", "<=");

        private final Deque<String> left = new ArrayDeque<>();

        Reader(Deque<String> words) {
            List<String> tokens = new ArrayList<>();
            for (String word : words) {
                for (String each :
                        word.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")) {
                    tokens.add(SIGNS.getOrDefault(each, each));
                }
            }
            left.addAll(tokens);
        }

        SsFilter whole() {
            SsFilter made = either();
            if (!left.isEmpty()) {
                throw wrong();
            }
            return made;
        }

        private SsFilter either() {
            SsFilter made = both();
            while ("or".equals(left.peek())) {
                left.poll();
                SsFilter one = made;
                SsFilter other = both();
                made = (local, port, peer, peerPort) ->
                        one.takes(local, port, peer, peerPort) || other.takes(local, port, peer, peerPort);
            }
            return made;
        }

        private SsFilter both() {
            SsFilter made = one();
            while (!left.isEmpty() && !"or".equals(left.peek()) && !")".equals(left.peek())) {
                if ("and".equals(left.peek())) {
                    left.poll();
                }
                SsFilter first = made;
                SsFilter second = one();
                made = (local, port, peer, peerPort) ->
                        first.takes(local, port, peer, peerPort) && second.takes(local, port, peer, peerPort);
            }
            return made;
        }

        private SsFilter one() {
            String word = left.poll();
            if (word == null) {
                throw wrong();
            } else if (word.equals("not")) {
                SsFilter not = one();
                return (local, port, peer, peerPort) -> !not.takes(local, port, peer, peerPort);
            } else if (word.equals("(")) {
                SsFilter inner = either();
                if (!")".equals(left.poll())) {
                    throw wrong();
                }
                return inner;
            } else if (!KEYS.contains(word)) {
                // Read as what an address would be, and then in the wrong place.
                Condition.read(word, false);
                throw wrong();
            }
            if (left.isEmpty()) {
                throw wrong();
            }
            String relation = RELATIONS.contains(left.peek()) ? left.poll() : "=";
            if (left.isEmpty()) {
                throw wrong();
            }
            boolean here = word.startsWith("s");
            return word.endsWith("port")
                    ? port(here, relation, Condition.read(left.poll(), true))
                    : address(here, relation, Condition.read(left.poll(), false));
        }

        private static SsFilter port(boolean here, String relation, Condition of) {
            IntPredicate fits =
                    switch (relation) {
                        case "!=" -> port -> port != of.port;
                        case ">=" -> port -> port >= of.port;
                        case "<=" -> port -> port <= of.port;
                        default -> port -> port == of.port;
                    };
            return (local, port, peer, peerPort) -> fits.test(here ? port : peerPort);
        }

        private static SsFilter address(boolean here, String relation, Condition of) {
            if (relation.equals(">=") || relation.equals("<=")) {
                throw wrong();
            }
            boolean wanted = relation.equals("=");
            return (local, port, peer, peerPort) -> wanted == of.fits(here ? local : peer, here ? port : peerPort);
        }

        private static Misuse wrong() {
            return new Misuse(
                    255, "ss: bison bellows (while parsing filter): \"syntax error!\" Sorry.\n" + HelpText.of("ss"));
        }
    }

    /** An address or a network, a port, or both. */
    record Condition(Prefix prefix, int port) {
        static Condition read(String word, boolean bare) {
            int colon = word.lastIndexOf(':');
            String host = bare && colon < 0 ? "" : colon < 0 ? word : word.substring(0, colon);
            String port = colon >= 0 ? word.substring(colon + 1) : bare ? word : "";
            return new Condition(prefix(host), port(port));
        }

        private static Prefix prefix(String host) {
            if (host.isEmpty() || host.equals("*")) {
                return Prefix.ALL;
            }
            try {
                return host.indexOf('/') < 0 ? new Prefix(Ipv4Address.bits(host), 32) : Prefix.parse(host);
            } catch (IllegalArgumentException e) {
                throw cannot("an inet prefix is expected rather than \"" + host + "\".");
            }
        }

        private static int port(String port) {
            if (port.isEmpty() || port.equals("*")) {
                return -1;
            }
            try {
                return Integer.parseInt(port);
            } catch (NumberFormatException e) {
                int known = ServiceNames.port(port);
                if (known < 0) {
                    throw cannot("\"" + port + "\" does not look like a port.");
                }
                return known;
            }
        }

        private static Misuse cannot(String why) {
            return new Misuse(1, "Error: " + why + "\nCannot parse dst/src address.");
        }

        boolean fits(int address, int at) {
            return prefix.contains(address) && (port < 0 || port == at);
        }
    }
}
