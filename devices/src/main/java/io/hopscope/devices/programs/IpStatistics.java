package io.hopscope.devices.programs;

import io.hopscope.devices.NetInterface;
import java.util.ArrayList;
import java.util.List;

/** What {@code ip -s} says an interface has received and sent; columns are as wide as what is in them. */
final class IpStatistics {
    private static final int COLUMNS = 6;
    /** {@code *X errors:}, packets, errors, dropped, heartbt, overrun. */
    private static final int[] LEAST = {10, 7, 6, 7, 7, 7};

    private final long[] received;
    private final long[] sent;
    private final long[] kinds;
    private final long carrierChanges;

    IpStatistics(NetInterface of) {
        received = new long[] {of.rxBytes(), of.rxPackets(), of.rxErrors(), of.rxDropped(), 0, 0};
        sent = new long[] {of.txBytes(), of.txPackets(), 0, 0, 0, 0};
        // Of what came in, damaged frames alone are errors.
        kinds = new long[] {0, 0, of.rxErrors(), 0, 0, 0};
        carrierChanges = of.carrierChanges();
    }

    List<String> lines(boolean errors) {
        int[] widths = LEAST.clone();
        long[] changes = {0, 0, 0, 0, 0, carrierChanges};
        for (int i = 0; i < COLUMNS; i++) {
            widths[i] = Math.max(
                    widths[i], Long.toString(Math.max(received[i], sent[i])).length());
            widths[i] = errors && i > 0
                    ? Math.max(
                            widths[i],
                            Long.toString(Math.max(kinds[i], changes[i])).length())
                    : widths[i];
        }
        List<String> lines = new ArrayList<>();
        lines.add(heading(widths, "RX: ", "bytes", "packets", "errors", "dropped", "missed", "mcast") + blanks(11));
        lines.add(numbers(widths, received, 0));
        if (errors) {
            lines.add(heading(widths, "RX errors:", "", "length", "crc", "frame", "fifo", "overrun"));
            lines.add(blanks(widths[0] + 5) + numbers(widths, kinds, 1));
        }
        lines.add(heading(widths, "TX: ", "bytes", "packets", "errors", "dropped", "carrier", "collsns") + blanks(11));
        lines.add(numbers(widths, sent, 0));
        if (errors) {
            lines.add(heading(widths, "TX errors:", "", "aborted", "fifo", "window", "heartbt", "transns"));
            lines.add(blanks(widths[0] + 5) + numbers(widths, changes, 1));
        }
        return lines;
    }

    private static String blanks(int count) {
        return " ".repeat(Math.max(0, count));
    }

    private static String right(String word, int width) {
        return blanks(width - word.length()) + word;
    }

    private static String heading(int[] widths, String way, String... words) {
        var line = new StringBuilder("    " + way).append(right(words[0], widths[0] - way.length()));
        for (int i = 1; i < COLUMNS; i++) {
            line.append(' ').append(right(words[i], widths[i]));
        }
        return line.toString();
    }

    private static String numbers(int[] widths, long[] values, int from) {
        var line = new StringBuilder(from == 0 ? "    " : "");
        for (int i = from; i < COLUMNS; i++) {
            line.append(right(Long.toString(values[i]), widths[i])).append(' ');
        }
        return line.toString();
    }

    void write(JsonText json) {
        json.object("stats64").object("rx").put("bytes", received[0]).put("packets", received[1]);
        json.put("errors", received[2])
                .put("dropped", received[3])
                .put("over_errors", 0)
                .put("multicast", received[5]);
        json.endObject()
                .object("tx")
                .put("bytes", sent[0])
                .put("packets", sent[1])
                .put("errors", sent[2]);
        json.put("dropped", sent[3]).put("carrier_errors", sent[4]).put("collisions", sent[5]);
        json.endObject().endObject();
    }
}
