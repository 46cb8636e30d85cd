package io.hopscope.traces.chart;

import io.hopscope.traces.chart.Labels.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line chart. Lines and points are named beside themselves, so there is no legend; the y axis has its title above it, so
 * that nobody has to turn the head.
 */
public final class Chart {
    private static final double WIDTH = 720;
    private static final double HEIGHT = 400;
    private static final double TOP = 34;
    private static final double BOTTOM = 52;
    private static final double LEFT = 62;
    /** Ends of lines that are no further apart are one place to whoever looks. */
    private static final double NEAR = 8;
    /** Between names that stand side by side. */
    private static final double GAP = 10;

    private static final String FONT = "font-family=\"'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif\"";
    private static final String HALO =
            "paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\"";

    private static final String GREY_TEXT = "fill=\"" + Palette.GREY + "\"";

    /** A straight line at a value that matters. */
    private record Guide(double value, String label, boolean dashed) {
        String style() {
            return "stroke=\"" + Palette.GREY + "\" stroke-width=\"1\"" + (dashed ? " stroke-dasharray=\"5 4\"" : "");
        }
    }

    /** One point that has a name of its own. */
    private record Mark(double x, double y, String label, String colour) {}

    private final String title;
    private final String description;
    private final Axis x;
    private final Axis y;
    private final List<Line> lines = new ArrayList<>();
    private final List<Guide> guides = new ArrayList<>();
    private final List<Guide> uprights = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private double right = 28;
    private Labels labels;

    /**
     * @param description what is to be seen, for those who cannot see it
     */
    public Chart(String title, String description, Axis x, Axis y) {
        this.title = title;
        this.description = description;
        this.x = x;
        this.y = y;
    }

    public Chart line(Line line) {
        lines.add(line);
        return this;
    }

    /** A limit, named at its right end. */
    public Chart guide(double value, String label, boolean dashed) {
        guides.add(new Guide(value, label, dashed));
        return this;
    }

    /** A value of x that matters, named above. */
    public Chart upright(double value, String label, boolean dashed) {
        uprights.add(new Guide(value, label, dashed));
        return this;
    }

    /** One point with a ring around it and a name. */
    public Chart mark(double atX, double atY, String label, String colour) {
        marks.add(new Mark(atX, atY, label, colour));
        return this;
    }

    /**
     * @param id distinguishes this figure from others on the same page
     */
    public String svg(String id) {
        right = 28;
        for (Guide guide : guides) {
            right = Math.max(right, Labels.width(guide.label()) + 10);
        }
        List<List<Line>> ends = ends();
        for (List<Line> together : ends) {
            if (guides.isEmpty() && x.place(last(together.get(0)).x()) > 0.97) {
                right = Math.max(right, width(together) + 20);
            }
        }
        labels = new Labels(new Box(LEFT + 2, TOP - 12, WIDTH - LEFT - 4, HEIGHT - TOP - BOTTOM + 10));
        Svg svg = new Svg();
        svg.raw(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                        + "aria-labelledby=\"%s-title %s-desc\" font-size=\"%.0f\" %s>",
                WIDTH,
                HEIGHT,
                id,
                id,
                Labels.SIZE,
                FONT));
        svg.raw("<title id=\"" + id + "-title\">" + Svg.escape(title) + "</title>");
        svg.raw("<desc id=\"" + id + "-desc\">" + Svg.escape(description) + "</desc>");
        svg.raw("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        axes(svg);
        guides(svg);
        lines.forEach(line -> trace(svg, line));
        Svg words = new Svg();
        names(ends, svg, words);
        lines.forEach(line -> dots(svg, line));
        marks.forEach(mark -> svg.circle(px(mark.x()), py(mark.y()), 5, ring(mark.colour())));
        return svg.raw(words + "</svg>").toString();
    }

    private double px(double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - right);
    }

    private double py(double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static Line.Point last(Line line) {
        return line.points().get(line.points().size() - 1);
    }

    /** Named lines, those together that end at one place: their names stand side by side there. */
    private List<List<Line>> ends() {
        List<List<Line>> all = new ArrayList<>();
        for (Line line : lines) {
            if (line.label().isEmpty() || line.points().isEmpty()) {
                continue;
            }
            List<Line> same = all.stream()
                    .filter(each -> coincide(last(each.get(0)), last(line)))
                    .findFirst()
                    .orElse(null);
            if (same == null) {
                all.add(new ArrayList<>(List.of(line)));
            } else {
                same.add(line);
            }
        }
        return all;
    }

    private boolean coincide(Line.Point one, Line.Point other) {
        return Math.abs(py(one.y()) - py(other.y())) < NEAR
                && Math.abs(x.place(one.x()) - x.place(other.x())) * WIDTH < NEAR;
    }

    private static double width(List<Line> together) {
        return together.stream().mapToDouble(each -> Labels.width(each.label())).sum() + GAP * (together.size() - 1);
    }

    private void axes(Svg svg) {
        double bottom = HEIGHT - BOTTOM;
        String thin = "stroke=\"" + Palette.GREY + "\" stroke-width=\"0.75\"";
        for (Axis.Tick tick : y.ticks()) {
            double at = py(tick.value());
            if (!tick.label().isEmpty()) {
                svg.line(LEFT, at, WIDTH - right, at, "stroke=\"" + Palette.HAIR + "\" stroke-width=\"0.75\"");
                svg.text(LEFT - 8, at + 4, ink("end"), tick.label());
            }
            svg.line(LEFT - (tick.label().isEmpty() ? 3 : 5), at, LEFT, at, thin);
        }
        for (Axis.Tick tick : x.ticks()) {
            double at = px(tick.value());
            svg.line(at, bottom, at, bottom + (tick.label().isEmpty() ? 3 : 5), thin);
            String[] rows = tick.label().split("\n");
            for (int row = 0; row < rows.length && !tick.label().isEmpty(); row++) {
                svg.text(at, bottom + 18 + 13 * row, row == 0 ? ink("middle") : faint("middle"), rows[row]);
            }
        }
        svg.line(LEFT, bottom, WIDTH - right, bottom, thin).line(LEFT, TOP, LEFT, bottom, thin);
        boolean two = x.ticks().stream().anyMatch(tick -> tick.label().contains("\n"));
        svg.text((LEFT + WIDTH - right) / 2, bottom + (two ? 46 : 38), ink("middle"), x.title());
        svg.text(LEFT - 40, TOP - 16, ink("start"), y.title());
    }

    private static String ink(String anchor) {
        return "text-anchor=\"" + anchor + "\" fill=\"" + Palette.INK + "\"";
    }

    private static String faint(String anchor) {
        return "text-anchor=\"" + anchor + "\" font-size=\"10.5\" fill=\"" + Palette.GREY + "\"";
    }

    private static String ring(String colour) {
        return "fill=\"#fff\" stroke=\"" + colour + "\" stroke-width=\"2\"";
    }

    /** Limits, and their names in the margin: pushed apart where two are near. */
    private void guides(Svg svg) {
        double free = Double.MAX_VALUE;
        double end = WIDTH - right;
        List<Guide> ordered = new ArrayList<>(guides);
        ordered.sort((a, b) -> Double.compare(a.value(), b.value()));
        for (Guide guide : ordered) {
            double at = py(guide.value());
            svg.line(LEFT, at, end, at, guide.style());
            labels.segment(LEFT, at, end, at);
            free = Math.min(at, free - Labels.LEADING);
            String[] rows = guide.label().split("\n");
            // The last row stands beside its line, what comes before above it.
            double top = free - (rows.length - 1) * Labels.LEADING;
            labels.take(new Box(
                    end + 6, top - Labels.LEADING / 2, Labels.width(guide.label()), rows.length * Labels.LEADING));
            for (int row = 0; row < rows.length; row++) {
                svg.text(end + 6, top + row * Labels.LEADING + 4, GREY_TEXT, rows[row]);
            }
            free = top;
        }
        for (Guide guide : uprights) {
            double at = px(guide.value());
            svg.line(at, TOP, at, HEIGHT - BOTTOM, guide.style());
            labels.segment(at, TOP, at, HEIGHT - BOTTOM);
            svg.text(at, TOP - 4, GREY_TEXT + " text-anchor=\"middle\"", guide.label());
        }
    }

    private void trace(Svg svg, Line line) {
        StringBuilder path = new StringBuilder();
        double ax = 0;
        double ay = 0;
        for (int n = 0; n < line.points().size(); n++) {
            double bx = px(line.points().get(n).x());
            double by = py(line.points().get(n).y());
            boolean ends = n == 0 || n == line.points().size() - 1;
            // What moves the pen by less than half a pixel is not to be seen.
            if (!ends && Math.abs(bx - ax) < 0.5 && Math.abs(by - ay) < 0.5) {
                continue;
            }
            path.append(n == 0 ? "M" : "L").append(Svg.number(bx)).append(' ').append(Svg.number(by));
            if (n > 0) {
                labels.segment(ax, ay, bx, by);
            }
            ax = bx;
            ay = by;
        }
        svg.raw("<path d=\"" + path + "\" fill=\"none\" stroke=\"" + line.colour()
                + "\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
                + (line.dashed() ? " stroke-dasharray=\"2 5\"" : "") + "/>");
    }

    private static List<Line.Point> dotted(Line line) {
        int size = line.points().size();
        return switch (line.dots()) {
            case NONE -> List.of();
            case END -> line.points().subList(Math.max(0, size - 1), size);
            case FULL, HOLLOW -> line.points();
        };
    }

    private void dots(Svg svg, Line line) {
        for (Line.Point point : dotted(line)) {
            boolean hollow = line.dots() == Line.Dots.HOLLOW;
            String full = "fill=\"" + line.colour() + "\" stroke=\"#fff\" stroke-width=\"1\"";
            svg.circle(px(point.x()), py(point.y()), hollow ? 3 : 4, hollow ? ring(line.colour()) : full);
        }
    }

    /** Leader lines go below dots, words above everything. */
    private void names(List<List<Line>> ends, Svg leaders, Svg words) {
        for (Line line : lines) {
            dotted(line).forEach(point -> labels.take(new Box(px(point.x()) - 4, py(point.y()) - 4, 8, 8)));
        }
        marks.forEach(mark -> labels.take(new Box(px(mark.x()) - 6, py(mark.y()) - 6, 12, 12)));
        for (List<Line> together : ends) {
            Line line = together.get(0);
            if (together.size() == 1) {
                name(leaders, words, new Mark(last(line).x(), last(line).y(), line.label(), line.colour()), true);
            } else {
                sideBySide(together, leaders, words);
            }
        }
        marks.forEach(mark -> name(leaders, words, mark, false));
    }

    private void sideBySide(List<Line> together, Svg leaders, Svg words) {
        Line.Point end = last(together.get(0));
        int rows = together.stream()
                .mapToInt(each -> each.label().split("\n").length)
                .max()
                .orElse(1);
        Box box = labels.place(px(end.x()), py(end.y()), width(together), rows * Labels.LEADING);
        leader(leaders, new Mark(end.x(), end.y(), "", together.get(0).colour()), box);
        double left = box.x();
        for (Line each : together) {
            rows(words, left, box.y(), "start", new Mark(0, 0, each.label(), each.colour()), true);
            left += Labels.width(each.label()) + GAP;
        }
    }

    private void name(Svg leaders, Svg words, Mark mark, boolean strong) {
        double atX = px(mark.x());
        Box box = labels.place(atX, py(mark.y()), mark.label());
        boolean leftOf = box.right() < atX;
        boolean rightOf = box.x() > atX;
        leader(leaders, mark, box);
        String anchor = leftOf ? "end" : rightOf ? "start" : "middle";
        double text = leftOf ? box.right() - 3 : rightOf ? box.x() : box.x() + box.width() / 2;
        rows(words, text, box.y(), anchor, mark, strong);
    }

    private void leader(Svg leaders, Mark mark, Box box) {
        double atX = px(mark.x());
        double atY = py(mark.y());
        double edgeX = box.right() < atX ? box.right() - 2 : box.x() > atX ? box.x() - 2 : atX;
        double edgeY = Math.max(box.y() + 3, Math.min(box.bottom() - 3, atY));
        if (StrictMath.hypot(edgeX - atX, edgeY - atY) > Labels.NEAR) {
            leaders.line(atX, atY, edgeX, edgeY, "stroke=\"" + mark.colour() + "\" stroke-width=\"0.75\"");
        }
    }

    private static void rows(Svg words, double at, double top, String anchor, Mark mark, boolean strong) {
        String[] rows = mark.label().split("\n");
        for (int row = 0; row < rows.length; row++) {
            words.text(
                    at,
                    top + 11.5 + row * Labels.LEADING,
                    "text-anchor=\"" + anchor + "\" fill=\"" + mark.colour() + "\" " + HALO
                            + (strong && row == 0 ? " font-weight=\"600\"" : ""),
                    rows[row]);
        }
    }
}
