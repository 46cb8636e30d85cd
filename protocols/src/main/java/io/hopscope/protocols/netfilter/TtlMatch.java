package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_hl: the packet's TTL. */
final class TtlMatch extends Match {
    private static final List<String> OPTIONS = List.of("--ttl-eq", "--ttl-lt", "--ttl-gt");
    private static final int TTL = 8;

    private String mode;
    private int value;
    private boolean inverted;

    @Override
    String name() {
        return "ttl";
    }

    @Override
    List<String> options() {
        return List.of("--ttl", "--ttl-eq", "--ttl-lt", "--ttl-gt");
    }

    @Override
    List<String> exclusive() {
        return OPTIONS;
    }

    @Override
    void option(String option, boolean not, Words words) {
        mode = option.equals("--ttl") ? "--ttl-eq" : option;
        if (not && !mode.equals("--ttl-eq")) {
            throw words.missing("'!' before " + option, "'!' before --ttl-eq only");
        }
        inverted = not;
        value = (int) words.number("a TTL", 0, 255);
    }

    @Override
    void complete(Words words) {
        if (mode == null) {
            throw words.missing("ttl without an option", "one of " + String.join(", ", OPTIONS));
        }
    }

    @Override
    boolean matches(Packet p) {
        int ttl = p.bytes[p.at + TTL] & 0xff;
        return switch (mode) {
            case "--ttl-lt" -> ttl < value;
            case "--ttl-gt" -> ttl > value;
            default -> (ttl == value) != inverted;
        };
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(' ').append(mode).append(' ').append(value);
    }

    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        String sign = mode.equals("--ttl-lt") ? "<" : mode.equals("--ttl-gt") ? ">" : inverted ? "!=" : "==";
        out.append(" TTL match TTL ").append(sign).append(' ').append(value);
    }
}
