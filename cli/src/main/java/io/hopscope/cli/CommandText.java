package io.hopscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a command printed, as far as a person reads it: of a long ping the beginning and the end, of a long line the head. */
final class CommandText {
    /** Lines alike, before those in the middle are only counted. */
    private static final int MANY = 12;

    private static final int FIRST = 5;
    private static final int LAST = 3;
    /** Characters of a line, before the rest is only counted. */
    private static final int LONG = 400;

    private static final int HEAD = 80;

    /** What ping prints a packet. */
    private static final Pattern REPEATED = Pattern.compile(
            "\\d+ bytes from .*|From \\S+ icmp_seq=.*|ping: local error.*|no answer yet for icmp_seq=.*");

    private CommandText() {}

    /** The lines, with those in the middle of many alike left out. */
    static List<String> shortened(List<String> lines) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); ) {
            int end = i;
            while (end < lines.size() && REPEATED.matcher(lines.get(end)).matches()) {
                end++;
            }
            if (end - i > MANY) {
                all.addAll(lines.subList(i, i + FIRST));
                all.add("... " + (end - i - FIRST - LAST) + " more such lines, in output.txt");
                all.addAll(lines.subList(end - LAST, end));
                i = end;
            } else {
                all.add(cut(lines.get(i)));
                i++;
            }
        }
        return all;
    }

    /** A line that is longer than anybody reads: its beginning, and how long it is. */
    static String cut(String line) {
        return line.length() <= LONG ? line : line.substring(0, HEAD) + "... (" + line.length() + " characters)";
    }
}
