package io.hopscope.protocols.netfilter;

import java.util.List;

/** MARK: changes the packet's mark. */
final class MarkTarget extends Target {
    private static final List<String> OPTIONS =
            List.of("--set-xmark", "--set-mark", "--and-mark", "--or-mark", "--xor-mark");

    private int value;
    private int mask;
    private boolean given;

    @Override
    String name() {
        return "MARK";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    List<String> exclusive() {
        return OPTIONS;
    }

    @Override
    void option(String option, Words words) {
        given = true;
        long both = words.valueAndMask();
        value = (int) (both >>> 32);
        mask = mask(OPTIONS.indexOf(option), value, (int) both);
        value = OPTIONS.indexOf(option) == 2 ? 0 : value;
    }

    /** Each is a --set-xmark: clears the bits of a mask, then turns those of a value. */
    static int mask(int option, int value, int mask) {
        return switch (option) {
            case 0 -> mask;
            case 1 -> value | mask;
            case 2 -> ~value;
            case 3 -> value;
            default -> 0;
        };
    }

    @Override
    void complete(Words words, String table) {
        if (!given) {
            throw words.missing("MARK without an option", "one of " + String.join(", ", OPTIONS));
        }
    }

    @Override
    int apply(Packet p) {
        p.mark = p.mark & ~mask ^ value;
        return CONTINUE;
    }

    @Override
    void print(StringBuilder out) {
        out.append(" --set-xmark 0x").append(Integer.toHexString(value));
        out.append("/0x").append(Integer.toHexString(mask));
    }

    /** The shortest way to say it, as iptables chooses. */
    static void list(StringBuilder out, String name, int value, int mask) {
        out.append(' ').append(name);
        if (value == 0) {
            out.append(" and 0x").append(Integer.toHexString(~mask));
        } else if (value == mask) {
            out.append(" or 0x").append(Integer.toHexString(value));
        } else if (mask == 0) {
            out.append(" xor 0x").append(Integer.toHexString(value));
        } else if (mask == -1) {
            out.append(" set 0x").append(Integer.toHexString(value));
        } else {
            out.append(" xset 0x")
                    .append(Integer.toHexString(value))
                    .append("/0x")
                    .append(Integer.toHexString(mask));
        }
    }

    @Override
    void list(StringBuilder out) {
        list(out, "MARK", value, mask);
    }

    @Override
    int needs() {
        return Match.MARK;
    }
}
