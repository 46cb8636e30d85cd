package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4Address;
import java.util.List;

/** SNAT, DNAT, MASQUERADE and REDIRECT: says what an address and a port may become; the connection is set up so once. */
final class NatTarget extends Target {
    /** Which of the four. */
    enum Kind {
        SNAT("--to-source", List.of("POSTROUTING", "INPUT")),
        DNAT("--to-destination", List.of("PREROUTING", "OUTPUT")),
        MASQUERADE("--to-ports", List.of("POSTROUTING")),
        REDIRECT("--to-ports", List.of("PREROUTING", "OUTPUT"));

        private final String option;
        private final List<String> hooks;

        Kind(String option, List<String> hooks) {
            this.option = option;
            this.hooks = hooks;
        }
    }

    private static final int LOOPBACK = 0x7f000001;

    private final Kind kind;
    private final NatRange range = new NatRange();
    private boolean fully;
    private boolean simply;

    NatTarget(Kind kind) {
        this.kind = kind;
    }

    @Override
    String name() {
        return kind.name();
    }

    @Override
    List<String> options() {
        return kind == Kind.MASQUERADE || kind == Kind.SNAT
                ? List.of(kind.option, "--random", "--random-fully", "--persistent")
                : List.of(kind.option, "--random", "--persistent");
    }

    @Override
    void option(String option, Words words) {
        switch (option) {
            case "--random" -> simply = true;
            case "--random-fully" -> fully = true;
            case "--persistent" -> range.persistent = true;
            case "--to-ports" -> ports(words.take("a port, or from-to"), words);
            default -> addresses(words);
        }
        range.random = simply || fully;
    }

    private void addresses(Words words) {
        String text = words.take("an address, a range of them, or address:port");
        int colon = text.indexOf(':');
        String[] ends = (colon < 0 ? text : text.substring(0, colon)).split("-", -1);
        try {
            if (ends.length > 2 || colon < 0 && text.isEmpty()) {
                throw new IllegalArgumentException();
            } else if (!ends[0].isEmpty()) {
                range.addresses(Ipv4Address.bits(ends[0]), Ipv4Address.bits(ends[ends.length - 1]));
            }
        } catch (IllegalArgumentException e) {
            throw words.wrong("an address such as 10.0.0.1, a range of them, or address:port");
        }
        if (range.addresses && Integer.compareUnsigned(range.least, range.most) > 0) {
            throw words.wrong("a range of addresses, the lower one first");
        }
        if (colon >= 0) {
            ports(text.substring(colon + 1), words);
        }
    }

    private void ports(String text, Words words) {
        String[] ends = text.split("-", -1);
        int from = words.port(ends[0]);
        int to = ends.length == 1 ? from : words.port(ends[ends.length - 1]);
        if (ends.length > 2 || from > to) {
            throw words.wrong("a port, or from-to, the lower one first");
        }
        range.ports(from, to);
    }

    @Override
    void complete(Words words, String table) {
        if (!table.equals("nat")) {
            throw words.missing(kind + " in table " + table, "it in table nat");
        } else if ((kind == Kind.SNAT || kind == Kind.DNAT) && !range.addresses && !range.ports) {
            throw words.missing(kind + " without " + kind.option, "it");
        }
    }

    boolean masquerades() {
        return kind == Kind.MASQUERADE;
    }

    /** Whether it names ports: the rule has to be of a protocol that has some. */
    boolean ports() {
        return range.ports;
    }

    @Override
    int apply(Packet p) {
        p.nat.set(range);
        if (kind == Kind.MASQUERADE) {
            int own = p.surroundings.source(p.out, p.destination);
            if (own == 0) {
                return DROP;
            }
            p.nat.address(own);
        } else if (kind == Kind.REDIRECT) {
            int own = p.in == null ? LOOPBACK : p.surroundings.first(p.in);
            if (own == 0) {
                return DROP;
            }
            p.nat.address(own);
        }
        return ACCEPT;
    }

    private String to() {
        StringBuilder text = new StringBuilder();
        if (range.addresses) {
            text.append(Ipv4Address.text(range.least));
            text.append(range.least == range.most ? "" : "-" + Ipv4Address.text(range.most));
        }
        return text.append(range.ports ? ":" + portText() : "").toString();
    }

    private String portText() {
        return range.leastPort + (range.leastPort == range.mostPort ? "" : "-" + range.mostPort);
    }

    @Override
    void print(StringBuilder out) {
        if (kind == Kind.SNAT || kind == Kind.DNAT) {
            out.append(' ').append(kind.option).append(' ').append(to());
        } else if (range.ports) {
            out.append(" --to-ports ").append(portText());
        }
        out.append(simply ? " --random" : "").append(fully ? " --random-fully" : "");
        out.append(range.persistent ? " --persistent" : "");
    }

    @Override
    void list(StringBuilder out) {
        if (kind == Kind.SNAT || kind == Kind.DNAT) {
            out.append(" to:").append(to());
        } else if (range.ports) {
            out.append(kind == Kind.REDIRECT ? " redir ports " : " masq ports: ")
                    .append(portText());
        }
        out.append(simply ? " random" : "").append(fully ? " random-fully" : "");
        out.append(range.persistent ? " persistent" : "");
    }

    @Override
    int needs() {
        return Match.VOLATILE;
    }

    @Override
    List<String> hooks() {
        return kind.hooks;
    }
}
