package io.hopscope.traces.chart;

import java.util.List;

/** Colours that the colour-blind can tell apart and that keep their order in grey (Okabe and Ito 2008). */
public final class Palette {
    public static final String BLUE = "#0072b2";
    public static final String ORANGE = "#c04f00";
    public static final String GREEN = "#007a5a";
    public static final String PURPLE = "#a8527f";
    public static final String INK = "#222222";
    public static final String GREY = "#666666";
    public static final String HAIR = "#e4e4e4";

    /** For lines, in order. Vermilion, bluish green and purple are darker than there, to be read as text on white. */
    public static final List<String> LINES = List.of(BLUE, GREEN, ORANGE, PURPLE);

    private Palette() {}
}
