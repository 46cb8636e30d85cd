package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4Address;
import java.util.List;

/** xt_iprange: source and destination from one address to another. */
final class IpRangeMatch extends Match {
    private static final List<String> OPTIONS = List.of("--src-range", "--dst-range");

    /** First and last of the source, then of the destination. */
    private final int[] ends = new int[4];

    private final boolean[] given = new boolean[2];
    private final boolean[] inverted = new boolean[2];

    @Override
    String name() {
        return "iprange";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    void option(String option, boolean not, Words words) {
        int which = OPTIONS.indexOf(option);
        String text = words.take("a range of addresses");
        String[] both = text.split("-", -1);
        try {
            ends[which * 2] = Ipv4Address.bits(both[0]);
            ends[which * 2 + 1] = Ipv4Address.bits(both[both.length - 1]);
        } catch (IllegalArgumentException e) {
            throw words.wrong("a range such as 10.0.0.1-10.0.0.9");
        }
        if (both.length > 2 || Integer.compareUnsigned(ends[which * 2], ends[which * 2 + 1]) > 0) {
            throw words.wrong("a range such as 10.0.0.1-10.0.0.9");
        }
        given[which] = true;
        inverted[which] = not;
    }

    @Override
    void complete(Words words) {
        if (!given[0] && !given[1]) {
            throw words.missing("iprange without an option", "--src-range or --dst-range");
        }
    }

    private boolean holds(int which, int address) {
        boolean in = Integer.compareUnsigned(address, ends[which * 2]) >= 0
                && Integer.compareUnsigned(address, ends[which * 2 + 1]) <= 0;
        return !given[which] || in != inverted[which];
    }

    @Override
    boolean matches(Packet p) {
        return holds(0, p.source) && holds(1, p.destination);
    }

    private String text(int which) {
        return Ipv4Address.text(ends[which * 2]) + "-" + Ipv4Address.text(ends[which * 2 + 1]);
    }

    @Override
    void print(StringBuilder out) {
        for (int i = 0; i < 2; i++) {
            if (given[i]) {
                not(out, inverted[i]);
                out.append(' ').append(OPTIONS.get(i)).append(' ').append(text(i));
            }
        }
    }

    @Override
    int needs() {
        return ADDRESSES;
    }

    @Override
    void list(StringBuilder out) {
        for (int i = 0; i < 2; i++) {
            if (given[i]) {
                out.append(i == 0 ? " source" : " destination").append(" IP range ");
                out.append(inverted[i] ? "! " : "").append(text(i));
            }
        }
    }
}
