package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_addrtype: what an address is to this host. */
final class AddressTypeMatch extends Match {
    private static final List<String> OPTIONS =
            List.of("--src-type", "--dst-type", "--limit-iface-in", "--limit-iface-out");
    private static final Surroundings.Kind[] KINDS = Surroundings.Kind.values();

    private int sources;
    private int destinations;
    private boolean sourceInverted;
    private boolean destinationInverted;
    private int limit;

    @Override
    String name() {
        return "addrtype";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    /** The interface has to be known there. */
    @Override
    List<String> hooks() {
        return switch (limit) {
            case 0 -> List.of();
            case 1 -> List.of("PREROUTING", "INPUT", "FORWARD");
            default -> List.of("FORWARD", "OUTPUT", "POSTROUTING");
        };
    }

    @Override
    boolean inverts(String option) {
        return OPTIONS.indexOf(option) < 2;
    }

    @Override
    List<String> exclusive() {
        return OPTIONS.subList(2, 4);
    }

    @Override
    void option(String option, boolean not, Words words) {
        switch (OPTIONS.indexOf(option)) {
            case 0 -> {
                sourceInverted = not;
                sources = kinds(words);
            }
            case 1 -> {
                destinationInverted = not;
                destinations = kinds(words);
            }
            case 2 -> limit |= 1;
            default -> limit |= 2;
        }
    }

    private static int kinds(Words words) {
        List<String> names = java.util.Arrays.stream(KINDS).map(Enum::name).toList();
        int[] bits = new int[KINDS.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = 1 << i;
        }
        return ConntrackMatch.bits(words, "a type of address", names, bits);
    }

    @Override
    void complete(Words words) {
        if (sources == 0 && destinations == 0) {
            throw words.missing("addrtype without an option", "--src-type or --dst-type");
        }
    }

    private boolean is(Packet p, int address, int kinds) {
        String device = limit == 0 ? null : limit == 1 ? p.in : p.out;
        return (kinds & 1 << p.surroundings.kind(address, device).ordinal()) != 0;
    }

    @Override
    boolean matches(Packet p) {
        return (sources == 0 || is(p, p.source, sources) != sourceInverted)
                && (destinations == 0 || is(p, p.destination, destinations) != destinationInverted);
    }

    private static void kinds(StringBuilder out, int all, String first) {
        String lead = first;
        for (Surroundings.Kind each : KINDS) {
            if ((all & 1 << each.ordinal()) != 0) {
                out.append(lead).append(each);
                lead = ",";
            }
        }
    }

    @Override
    void print(StringBuilder out) {
        if (sources != 0) {
            not(out, sourceInverted);
            out.append(" --src-type");
            kinds(out, sources, " ");
        }
        if (destinations != 0) {
            not(out, destinationInverted);
            out.append(" --dst-type");
            kinds(out, destinations, " ");
        }
        out.append((limit & 1) != 0 ? " --limit-iface-in" : "");
        out.append((limit & 2) != 0 ? " --limit-iface-out" : "");
    }

    /** Addresses of the host change, and nothing tells: a result is not for the next packet. */
    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" ADDRTYPE match");
        if (sources != 0) {
            out.append(" src-type");
            kinds(out, sources, sourceInverted ? " !" : " ");
        }
        if (destinations != 0) {
            out.append(" dst-type");
            kinds(out, destinations, destinationInverted ? " !" : " ");
        }
        out.append((limit & 1) != 0 ? " limit-in" : "").append((limit & 2) != 0 ? " limit-out" : "");
    }
}
