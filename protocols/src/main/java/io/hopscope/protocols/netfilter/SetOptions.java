package io.hopscope.protocols.netfilter;

import java.util.List;

/**
 * What members of a set may have beside their values.
 *
 * @param timeout seconds that members stay who say nothing else, 0 for ever; -1 where they cannot be given a time
 */
record SetOptions(long timeout, boolean counters, boolean comment) {
    static final SetOptions NONE = new SetOptions(-1, false, false);
    static final long LONGEST = 2_147_483;
    private static final long SECOND = 1_000_000_000_000L;
    private static final int COMMENT = 255;
    private static final List<String> WORDS = List.of("timeout", "packets", "bytes", "comment", "nomatch");

    boolean timed() {
        return timeout >= 0;
    }

    /** Whether a look at the set depends on more than the packet, or leaves something behind. */
    boolean live() {
        return timed() || counters;
    }

    /** Behind {@code hashsize} and {@code maxelem}. */
    String text() {
        return (timed() ? " timeout " + timeout : "") + (counters ? " counters" : "") + (comment ? " comment" : "");
    }

    /** Reads what stands behind a member. */
    SetEntry entry(Words words, long now) {
        long stays = Math.max(0, timeout);
        long packets = 0;
        long bytes = 0;
        String text = null;
        boolean nomatch = false;
        while (!words.empty() && !words.peek().equals("-exist")) {
            String option = words.take("an option");
            switch (option) {
                case "timeout" -> {
                    need(timed(), "Timeout", "timeout");
                    stays = words.number("a number of seconds", 0, LONGEST);
                }
                case "packets", "bytes" -> {
                    need(counters, "Packet/byte counters", "counter");
                    long count = words.number("a number of " + option, 0, Long.MAX_VALUE);
                    packets = option.equals("packets") ? count : packets;
                    bytes = option.equals("bytes") ? count : bytes;
                }
                case "comment" -> {
                    need(comment, "Comment", "comment");
                    text = words.take("a comment");
                    if (text.length() > COMMENT || text.indexOf('"') >= 0) {
                        throw words.wrong("a comment of " + COMMENT + " characters at most, without '\"'");
                    }
                }
                case "nomatch" -> nomatch = true;
                default -> throw words.wrong("an option of a member", WORDS);
            }
        }
        return new SetEntry(nomatch, stays == 0 ? Long.MAX_VALUE : now + stays * SECOND, text, packets, bytes);
    }

    private static void need(boolean there, String what, String support) {
        if (!there) {
            throw new IpSets.Refused(what + " cannot be used: set was created without " + support + " support");
        }
    }
}
