package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_limit: a token bucket. */
final class LimitMatch extends Match {
    private static final List<String> UNITS = List.of("sec", "min", "hour", "day");
    private static final List<String> LONG_UNITS = List.of("second", "minute", "hour", "day");
    private static final long[] SECONDS = {1, 60, 3600, 86_400};
    private static final long SECOND = 1_000_000_000_000L;
    private static final int BURST = 5;
    /** xt_limit reckons in parts of 10,000 of a second. */
    private static final long SCALE = 10_000;

    /** Between two packets, in parts of a second. */
    private long pace = SCALE * 3600 / 3;

    private int burst = BURST;
    private long credit = Long.MAX_VALUE;
    private long last;

    @Override
    String name() {
        return "limit";
    }

    @Override
    List<String> options() {
        return List.of("--limit", "--limit-burst");
    }

    @Override
    boolean inverts(String option) {
        return false;
    }

    @Override
    void option(String option, boolean not, Words words) {
        if (option.equals("--limit-burst")) {
            burst = (int) words.number("a burst", 1, 10_000);
            return;
        }
        String[] parts = words.take("a rate").split("/", -1);
        long count = Words.parse(parts[0]);
        int unit = parts.length == 1 ? 0 : unit(parts[1]);
        if (parts.length > 2 || unit < 0 || count < 1 || SECONDS[unit] * SCALE / count < 1) {
            throw words.wrong("a rate such as 10/second, up to 10000 a second");
        }
        pace = SECONDS[unit] * SCALE / count;
    }

    private static int unit(String text) {
        for (int i = 0; i < LONG_UNITS.size(); i++) {
            if (!text.isEmpty() && LONG_UNITS.get(i).startsWith(text)) {
                return i;
            }
        }
        return -1;
    }

    /** In picoseconds. */
    private long cost() {
        return pace * (SECOND / SCALE);
    }

    @Override
    boolean matches(Packet p) {
        long most = cost() * burst;
        credit = credit == Long.MAX_VALUE ? most : Math.min(most, credit + p.now - last);
        last = p.now;
        if (credit < cost()) {
            return false;
        }
        credit -= cost();
        return true;
    }

    private boolean fits(long shorter) {
        return pace <= shorter && shorter / pace >= shorter % pace;
    }

    @Override
    void print(StringBuilder out) {
        // As print_rate: the shortest unit in which little is lost.
        int unit = 3;
        while (unit > 0 && fits(SECONDS[unit - 1] * SCALE)) {
            unit--;
        }
        out.append(" --limit ").append(SECONDS[unit] * SCALE / pace).append('/').append(UNITS.get(unit));
        out.append(burst == BURST ? "" : " --limit-burst " + burst);
    }

    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        StringBuilder own = new StringBuilder();
        print(own);
        int burstAt = own.indexOf(" --limit-burst");
        String rate = (burstAt < 0 ? own.toString() : own.substring(0, burstAt)).replace(" --limit ", "");
        out.append(" limit: avg ").append(rate).append(" burst ").append(burst);
    }
}
