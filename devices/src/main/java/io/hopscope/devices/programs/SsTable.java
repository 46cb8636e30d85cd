package io.hopscope.devices.programs;

import java.util.ArrayList;
import java.util.List;

/** The columns of {@code ss}: as wide as what is in them, with the blanks of the real one where no terminal sets a limit. */
final class SsTable {
    static final int NETID = 0;
    static final int STATE = 1;
    static final int PROCESS = 8;

    private static final String[] HEADERS = {
        "Netid", "State", "Recv-Q", "Send-Q", "Local Address:", "Port", "Peer Address:", "Port", "Process"
    };
    private static final String[] BEFORE = {"", " ", " ", " ", " ", "", " ", "", ""};
    private static final boolean[] RIGHT = {false, false, false, false, true, false, true, false, false};

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] hidden = new boolean[HEADERS.length];

    SsTable hide(int column, boolean yes) {
        hidden[column] = yes;
        return this;
    }

    SsTable header() {
        rows.add(HEADERS);
        return this;
    }

    /** One socket: a cell for each column; the last one may have several lines. */
    void row(String... cells) {
        rows.add(cells);
    }

    List<String> lines() {
        int[] widths = new int[HEADERS.length];
        boolean first = true;
        for (int i = 0; i < widths.length; i++) {
            if (hidden[i]) {
                continue;
            }
            // The very last cell is written before ss has measured it.
            int measured = i == PROCESS ? rows.size() - 1 : rows.size();
            for (int row = 0; row < measured; row++) {
                widths[i] = Math.max(widths[i], rows.get(row)[i].length());
            }
            widths[i] += first || widths[i] == 0 ? 0 : BEFORE[i].length();
            first &= widths[i] == 0;
        }
        var text = new StringBuilder();
        rows.forEach(row -> render(row, widths, text));
        return text.toString().lines().toList();
    }

    private void render(String[] row, int[] widths, StringBuilder text) {
        boolean started = false;
        for (int i = 0; i < row.length; i++) {
            if (hidden[i]) {
                continue;
            }
            String before = started ? BEFORE[i] : "";
            started = true;
            String blanks = " ".repeat(Math.max(0, widths[i] - row[i].length() - before.length()));
            text.append(before).append(RIGHT[i] ? blanks : "").append(row[i]).append(RIGHT[i] ? "" : blanks);
        }
        text.append('\n');
    }
}
