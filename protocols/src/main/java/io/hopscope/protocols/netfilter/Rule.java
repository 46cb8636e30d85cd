package io.hopscope.protocols.netfilter;

import java.util.List;

/** A rule of a chain: matches, a target, and how many packets it took. A chain's policy is the rule after its last. */
public final class Rule {
    private static final Match[] NONE = {};

    private final HeaderMatch header;
    private final Match[] matches;
    private final Target target;
    /** Where it stands in the text that it was read from. */
    private final int line;

    private final int column;
    /** For hashing: the same in every run. */
    final int order;

    Chain chain;
    long packets;
    long bytes;
    private String text;
    /** Free for whoever runs the rules: what it says of packets that end here. */
    private Object attachment;

    Rule(HeaderMatch header, List<Match> matches, Target target, int line, int column) {
        this.header = header;
        this.matches = matches.toArray(NONE);
        this.target = target;
        this.line = line;
        this.column = column;
        order = 31 * line + column + matches.size();
    }

    /** The policy of a chain. */
    Rule(Chain chain) {
        this(new HeaderMatch(), List.of(), null, 0, 0);
        this.chain = chain;
    }

    HeaderMatch header() {
        return header;
    }

    Match[] matches() {
        return matches;
    }

    Target target() {
        return target;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    public Chain chain() {
        return chain;
    }

    public long packets() {
        return packets;
    }

    public long bytes() {
        return bytes;
    }

    /** Free for whoever runs the rules; null until it was set. */
    public Object attachment() {
        return attachment;
    }

    public void attachment(Object own) {
        attachment = own;
    }

    /** The code that a packet is rejected with: of ICMP, or -1 for a TCP reset. */
    public int rejection() {
        return target instanceof RejectTarget reject ? reject.code() : 0;
    }

    boolean matches(Packet p) {
        if (!header.matches(p)) {
            return false;
        }
        for (Match each : matches) {
            if (!each.matches(p)) {
                return false;
            }
        }
        return true;
    }

    void count(int size) {
        packets++;
        bytes += size;
    }

    int needs() {
        int all = header.needs() | target.needs();
        for (Match each : matches) {
            all |= each.needs();
        }
        return all;
    }

    int flags() {
        int all = 0;
        for (Match each : matches) {
            all |= each.flags();
        }
        return all;
    }

    /** As iptables-save prints it, without {@code -A CHAIN}; {@code policy DROP} for a policy. */
    public String text() {
        if (target == null) {
            return "policy " + chain.policyText();
        } else if (text == null) {
            StringBuilder out = new StringBuilder();
            header.print(out);
            for (Match each : matches) {
                out.append(" -m ").append(each.name());
                each.print(out);
            }
            if (!target.name().isEmpty()) {
                boolean away = target instanceof ChainTarget jump && jump.noReturn();
                out.append(away ? " -g " : " -j ").append(target.name());
                target.print(out);
            }
            text = out.isEmpty() ? "" : out.substring(1);
        }
        return text;
    }

    /** A chain that it names has another name. */
    void forgetText() {
        text = null;
        attachment = null;
    }

    /** {@code filter FORWARD rule 3} or {@code filter FORWARD policy}. */
    public String place() {
        return chain.table() + " " + chain.name() + (target == null ? " policy" : " rule " + chain.number(this));
    }

    @Override
    public String toString() {
        return place() + " (" + (target == null ? chain.policyText() : text()) + ")";
    }
}
