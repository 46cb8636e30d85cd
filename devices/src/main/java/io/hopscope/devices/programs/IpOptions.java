package io.hopscope.devices.programs;

import java.util.Deque;
import java.util.List;

/** The options before the object of {@code ip}, which may be cut short. */
final class IpOptions {
    private static final List<String> FLAGS = List.of(
            "-details",
            "-statistics",
            "-stats",
            "-json",
            "-pretty",
            "-oneline",
            "-brief",
            "-color",
            "-4",
            "-numeric",
            "-N");

    boolean brief;
    /** Only what is of IPv4: no link layer. */
    boolean four;
    /** What a driver and VLANs have to say. */
    boolean details;
    /** Counters; errors by their kinds where it is said twice. */
    int statistics;

    boolean json;
    boolean pretty;
    boolean oneLine;

    static IpOptions read(Deque<String> words) {
        IpOptions read = new IpOptions();
        while (!words.isEmpty() && words.peek().startsWith("-")) {
            read.option(words.poll());
        }
        return read;
    }

    private void option(String word) {
        // As main() of ip.c tries them: the first that begins so.
        String option = word.startsWith("--") ? word.substring(1) : word;
        if (option.equals("-br")) {
            brief = true;
            return;
        }
        String name = option.length() < 2
                ? ""
                : FLAGS.stream()
                        .filter(each -> each.startsWith(option))
                        .findFirst()
                        .orElse("");
        switch (name) {
            case "-details" -> details = true;
            case "-statistics", "-stats" -> statistics++;
            case "-json" -> json = true;
            case "-pretty" -> pretty = true;
            case "-oneline" -> oneLine = true;
            case "-brief" -> brief = true;
            case "-4" -> four = true;
            case "-color", "-numeric", "-N" -> {}
            default -> throw new Misuse(255, "Option \"" + option + "\" is unknown, try \"ip -help\".");
        }
    }
}
