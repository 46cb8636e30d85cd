package io.hopscope.protocols.netfilter;

import java.util.List;

/** LOG: a line of the kernel's log about a packet, which goes on. */
final class LogTarget extends Target {
    private static final List<String> OPTIONS = List.of(
            "--log-prefix",
            "--log-level",
            "--log-tcp-sequence",
            "--log-tcp-options",
            "--log-ip-options",
            "--log-uid",
            "--log-macdecode");
    private static final List<String> LEVELS =
            List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
    private static final int WARNING = 4;

    private String prefix = "";
    private int level = WARNING;
    private int flags;

    @Override
    String name() {
        return "LOG";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    void option(String option, Words words) {
        int which = OPTIONS.indexOf(option);
        if (which == 0) {
            prefix = words.take("a prefix");
            if (prefix.length() > 29) {
                throw words.wrong("a prefix of 29 characters at most");
            }
        } else if (which == 1) {
            String text = words.take("a level");
            level = LEVELS.indexOf(text) >= 0 ? LEVELS.indexOf(text) : (int) Words.parse(text);
            if (level < 0 || level > 7) {
                throw words.wrong("a level from 0 to 7, or a name such as debug", LEVELS);
            }
        } else {
            flags |= which == 6 ? 32 : 1 << which - 2;
        }
    }

    @Override
    int apply(Packet p) {
        p.surroundings.log(LogLine.of(p, prefix, flags));
        return CONTINUE;
    }

    @Override
    void print(StringBuilder out) {
        if (!prefix.isEmpty()) {
            out.append(" --log-prefix");
            Match.quote(out, prefix);
        }
        out.append(level == WARNING ? "" : " --log-level " + level);
        for (int i = 2; i < OPTIONS.size(); i++) {
            if ((flags & (i == 6 ? 32 : 1 << i - 2)) != 0) {
                out.append(' ').append(OPTIONS.get(i));
            }
        }
    }

    @Override
    void list(StringBuilder out) {
        out.append(" LOG flags ").append(flags).append(" level ").append(level);
        out.append(prefix.isEmpty() ? "" : " prefix \"" + prefix + "\"");
    }

    @Override
    int needs() {
        return Match.VOLATILE;
    }
}
