package io.hopscope.scenarios.report;

import io.hopscope.traces.chart.Chart;

/**
 * A chart with what stands below it.
 *
 * @param name of its file, without the ending
 * @param caption what is measured, and how; text without markup
 */
public record Figure(String name, String title, Chart chart, String caption) {
    /** The picture alone, as a file of its own. */
    public String svg() {
        return chart.svg(name);
    }
}
