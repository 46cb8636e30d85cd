package io.hopscope.devices.programs;

import io.hopscope.devices.Task;

/** What a ping is asked to do. */
final class PingPlan {
    static final long SECOND = 1_000_000_000_000L;

    private static final long MILLI = 1_000_000_000L;

    long count = Long.MAX_VALUE;
    long interval = SECOND;
    int size = 56;
    int ttl = 64;
    long patience = 10 * SECOND;
    /** Path MTU discovery: the kernel's IP_PMTUDISC_ values. */
    String discovery = "want";

    boolean quiet;
    /** -n: addresses are not looked up. */
    boolean numeric;

    boolean broadcast;
    /** -f: as fast as replies come, or a hundred a second. */
    boolean flood;

    /** -A: as fast as replies come. */
    boolean adaptive;

    /** -O: says what is not answered when the next one goes out. */
    boolean outstanding;

    /** -D: when, in front of each line. */
    boolean stamped;

    /** -l: so many at once. */
    long preload = 1;

    /** -w: it ends then, whatever has come; 0 for never. */
    long deadline;

    int tos;
    private boolean paced;
    /** An address or an interface, as the words say; null for none. */
    String from;

    int mark;
    String target;

    int address;

    /** Whom it is to; a number is not looked up again. */
    void found(int where, String canonical) {
        // iputils takes what means anybody for this host.
        address = where == 0 ? 0x7f000001 : where;
        numeric |= Lookup.numeric(target);
        target = canonical;
    }

    /** Returns what is wrong, or null; whether anybody is called like the target is another question. */
    String read(Words words, Task task) {
        for (char option = words.option(); option != 0; option = words.option()) {
            String fault = read(option, words, task);
            if (fault != null) {
                return fault;
            }
        }
        if (flood && !paced) {
            interval = 0;
        }
        target = words.next();
        if (target == null) {
            return "usage error: Destination address required";
        }
        return words.more() ? "usage error: one destination, and not also " + words.next() : null;
    }

    private String read(char option, Words words, Task task) {
        Long number;
        switch (option) {
            case 'c' -> {
                number = words.number(1, Long.MAX_VALUE - 1);
                count = number == null ? -1 : number;
                return number == null ? words.fault("1 <= value <= " + Long.MAX_VALUE) : null;
            }
            case 'i' -> {
                number = words.seconds();
                interval = number == null ? 0 : number / MILLI * MILLI;
                paced = true;
                return number == null ? "bad timing interval: " + words.read() : null;
            }
            case 's' -> {
                number = words.number(0, 65507);
                size = number == null ? 0 : number.intValue();
                return number == null ? words.fault("0 <= value <= 65507") : null;
            }
            case 't' -> {
                number = words.number(1, 255);
                ttl = number == null ? 0 : number.intValue();
                return number == null ? words.fault("1 <= value <= 255") : null;
            }
            case 'W' -> {
                number = words.seconds();
                patience = number == null ? 0 : number;
                return number == null ? "bad linger time: " + words.read() : null;
            }
            case 'M' -> {
                discovery = words.argument();
                boolean known = discovery != null && discovery.matches("do|dont|want");
                return known ? null : "invalid -M argument: " + words.read();
            }
            case 'I' -> {
                from = words.argument();
                return from == null ? "option requires an argument -- 'I'" : null;
            }
            case 'f' -> flood = true;
            case 'A' -> adaptive = true;
            case 'O' -> outstanding = true;
            case 'D' -> stamped = true;
            case 'l' -> {
                number = words.number(1, 65536);
                preload = number == null ? 0 : number;
                return number == null ? words.fault("1 <= value <= 65536") : null;
            }
            case 'w' -> {
                number = words.number(0, Integer.MAX_VALUE);
                deadline = number == null ? 0 : number * SECOND;
                return number == null ? words.fault("0 <= value <= " + Integer.MAX_VALUE) : null;
            }
            case 'Q' -> {
                String text = String.valueOf(words.argument());
                boolean hex = text.matches("0[xX][0-9a-fA-F]{1,2}");
                tos = hex
                        ? Integer.parseInt(text.substring(2), 16)
                        : text.matches("\\d{1,3}") ? Integer.parseInt(text) : 256;
                return tos > 255 ? words.fault("0 <= value <= 255") : null;
            }
            case 'm' -> {
                number = words.number(0, 0xffff_ffffL);
                mark = number == null ? 0 : number.intValue();
                return number == null ? words.fault("0 <= value <= 4294967295") : null;
            }
            case 'b' -> broadcast = true;
            case 'q' -> quiet = true;
            case 'n' -> numeric = true;
            case '4' -> {}
            default -> {
                return "invalid option -- '" + option + "'";
            }
        }
        return null;
    }
}
