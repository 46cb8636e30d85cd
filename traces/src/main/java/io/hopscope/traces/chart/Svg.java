package io.hopscope.traces.chart;

import java.util.Locale;

/** Writes elements, with numbers that are short and text that is well formed. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    Svg raw(String markup) {
        text.append(markup).append('\n');
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        return raw("<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\""
                + number(y2) + "\" " + style + "/>");
    }

    Svg circle(double x, double y, double radius, String style) {
        return raw("<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\" " + style
                + "/>");
    }

    Svg text(double x, double y, String style, String content) {
        return raw(
                "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + style + ">" + escape(content) + "</text>");
    }

    static String number(double value) {
        String digits = String.format(Locale.ROOT, "%.1f", value);
        return digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
