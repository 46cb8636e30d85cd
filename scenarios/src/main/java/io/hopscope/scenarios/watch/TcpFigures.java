package io.hopscope.scenarios.watch;

import io.hopscope.scenarios.report.Figure;
import io.hopscope.traces.chart.Axis;
import io.hopscope.traces.chart.Chart;
import io.hopscope.traces.chart.Line;
import io.hopscope.traces.chart.Line.Dots;
import io.hopscope.traces.chart.Line.Point;
import io.hopscope.traces.chart.Palette;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The figures of watched connections: their windows and round trips over time, and what loss makes of their throughput. */
public final class TcpFigures {
    private static final int LINES = Palette.LINES.size();
    private static final double MEGA = 1e6;
    /** Mathis et al. 1997: of a window that is halved at each loss, with every segment acknowledged. */
    private static final double MATHIS = StrictMath.sqrt(1.5);

    /** RFC 9438, section 5.1: the average window, in segments, of C = 0.4 and a window cut to 0.7. */
    private static final double CUBIC = 1.054;

    private final List<TcpTrack> senders;

    /**
     * @param tracks of all ends; those that received say nothing of windows
     */
    public TcpFigures(List<TcpTrack> tracks) {
        senders = tracks.stream()
                .filter(each -> each.sends() && each.samples().size() > 1)
                .toList();
    }

    /** Those that there are connections for. */
    public List<Figure> all() {
        List<Figure> all = new ArrayList<>();
        if (!senders.isEmpty()) {
            all.add(over(
                    "cwnd",
                    "Congestion windows",
                    "congestion window, in segments",
                    sample -> sample.info().cwnd(),
                    "What each sender allowed itself to have under way, as ss -i shows it."));
            all.add(over(
                    "rtt",
                    "Round-trip times",
                    "smoothed round-trip time, in ms",
                    sample -> sample.info().rtt() / 1e3,
                    "As each sender smoothed what it measured (RFC 6298): what queues on the way add is in it."));
        }
        if (senders.stream().filter(each -> each.retransmitted() > 0).count() > 1) {
            all.add(loss());
        }
        return all;
    }

    private Figure over(
            String name, String title, String axis, ToDoubleFunction<TcpTrack.Sample> value, String caption) {
        List<TcpTrack> drawn = senders.subList(0, Math.min(LINES, senders.size()));
        double end = 0;
        double most = 0;
        for (TcpTrack each : drawn) {
            for (TcpTrack.Sample sample : each.samples()) {
                end = Math.max(end, sample.instant() / 1e12);
                most = Math.max(most, value.applyAsDouble(sample));
            }
        }
        Chart chart =
                new Chart(title, caption, Axis.linear("seconds of virtual time", 0, end), Axis.linear(axis, 0, most));
        for (int i = 0; i < drawn.size(); i++) {
            List<Point> points = new ArrayList<>();
            for (TcpTrack.Sample sample : drawn.get(i).samples()) {
                points.add(new Point(sample.instant() / 1e12, value.applyAsDouble(sample)));
            }
            chart.line(Line.of(drawn.get(i).label(), Palette.LINES.get(i), points));
        }
        String rest = senders.size() > LINES ? " The first " + LINES + " of " + senders.size() + "." : "";
        return new Figure(name, title, chart, caption + rest);
    }

    private Figure loss() {
        List<TcpTrack> lossy = senders.stream()
                .filter(each -> each.retransmitted() > 0)
                .sorted(Comparator.comparingDouble(TcpTrack::retransmitted))
                .toList();
        double least = lossy.get(0).retransmitted();
        double most = lossy.get(lossy.size() - 1).retransmitted();
        double low = Double.MAX_VALUE;
        double high = 0;
        for (TcpTrack each : lossy) {
            low = Math.min(low, each.throughput() / MEGA);
            high = Math.max(high, each.throughput() / MEGA);
        }
        Chart chart = new Chart(
                "Throughput against loss",
                "Throughput of each connection against the part of its segments that it sent again",
                Axis.log("% of the segments sent again", 50 * least, 200 * most),
                Axis.log("Mbit/s acknowledged", Math.max(1e-3, low / 3), high * 3));
        TcpTrack like = lossy.get(lossy.size() / 2);
        boolean cubic = lossy.stream().anyMatch(each -> each.congestion().equals("cubic"));
        boolean alike = window(least, like.meanRtt(), true) == window(least, like.meanRtt(), false);
        String reno = cubic && alike ? "Mathis (Reno), and RFC 9438 (CUBIC)" : "Mathis (Reno)";
        model(chart, reno, Palette.GREY, like, least, most, false);
        if (cubic && !alike) {
            model(chart, "RFC 9438 (CUBIC)", Palette.PURPLE, like, least, most, true);
        }
        for (TcpTrack each : lossy) {
            Point at = new Point(100 * each.retransmitted(), each.throughput() / MEGA);
            chart.line(Line.of(each.label(), Palette.BLUE, List.of(at)).dots(Dots.FULL));
        }
        return new Figure(
                "loss",
                "Throughput against loss",
                chart,
                "Dots: connections. Dashed: models for segments of " + like.mss() + " bytes and a round trip of "
                        + String.format(java.util.Locale.ROOT, "%.1f", 1e3 * like.meanRtt())
                        + " ms, those of the connection in the middle.");
    }

    private static void model(
            Chart chart, String name, String colour, TcpTrack like, double least, double most, boolean cubic) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= 40; i++) {
            double p = least / 1.5 * StrictMath.pow(most / least * 2.25, i / 40.0);
            double window = window(p, like.meanRtt(), cubic);
            points.add(new Point(100 * p, window * like.mss() * 8 / like.meanRtt() / MEGA));
        }
        chart.line(Line.of(name, colour, points).dashed(true));
    }

    /**
     * The average window in segments.
     *
     * @param p the part of the segments that are lost
     * @param rtt seconds
     */
    public static double window(double p, double rtt, boolean cubic) {
        double reno = MATHIS / StrictMath.sqrt(p);
        return cubic ? Math.max(reno, CUBIC * StrictMath.pow(rtt / p, 0.75)) : reno;
    }
}
