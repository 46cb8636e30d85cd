package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import java.util.Map;

/** What the tables of a core say about a design. */
public enum Verdict {
    /** All entries found room, below the usable limit. */
    FITS("fits"),
    /** All that is needed found room, above the limit up to which that may be relied on. */
    TIGHT("tight"),
    /** Hosts are without an entry. */
    OVERFLOWS("overflows");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    public static Verdict of(EraResult era) {
        Verdict worst = FITS;
        for (TableUse table : era.tables().values()) {
            Verdict each = of(table);
            worst = each.compareTo(worst) > 0 ? each : worst;
        }
        return worst;
    }

    public static Verdict of(TableUse table) {
        if (table.missing() > 0) {
            return OVERFLOWS;
        }
        return table.watermark() > table.usable() || table.collisions() > 0 ? TIGHT : FITS;
    }

    /** {@code fits}: as a person would say it. */
    public String word() {
        return word;
    }

    /** Why: a sentence without the verdict itself. */
    public static String because(EraResult era) {
        Map.Entry<String, TableUse> fullest = fullest(era);
        if (fullest == null) {
            return "no table was read";
        }
        TableUse table = fullest.getValue();
        StringBuilder text = new StringBuilder();
        boolean over = table.entries() > table.usable();
        text.append(Counts.of(table.entries()))
                .append(over ? " entries in the " + fullest.getKey() + " table, where " : " of ")
                .append(Counts.of(table.usable()))
                .append(over ? " are usable" : " usable entries in the " + fullest.getKey() + " table");
        if (table.missing() > 0) {
            text.append("; ")
                    .append(Counts.of(table.missing()))
                    .append(table.missing() == 1 ? " endpoint has none" : " endpoints have none");
        }
        if (era.firstFailure() >= 0) {
            text.append("; the first found no room when ")
                    .append(Counts.of(era.firstFailure()))
                    .append(" had come");
        }
        if (era.lossPercent() > 0) {
            text.append("; ").append(Counts.percent(era.lossPercent())).append(" of the packets lost");
        }
        return text.toString();
    }

    /** The table that the verdict comes from: the design's own, unless another is worse off. */
    private static Map.Entry<String, TableUse> fullest(EraResult era) {
        Map.Entry<String, TableUse> worst = null;
        for (Map.Entry<String, TableUse> each : era.tables().entrySet()) {
            boolean worse = worst == null
                    || of(each.getValue()).compareTo(of(worst.getValue())) > 0
                    || of(each.getValue()) == of(worst.getValue())
                            && each.getKey().equals(era.limiting());
            worst = worse ? each : worst;
        }
        return worst;
    }
}
