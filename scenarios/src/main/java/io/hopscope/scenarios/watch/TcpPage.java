package io.hopscope.scenarios.watch;

import io.hopscope.scenarios.report.Figure;
import io.hopscope.scenarios.report.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's report: what its watched connections came to. */
public final class TcpPage {
    private final String scenario;
    private final List<TcpTrack> tracks;
    private final String source;

    /**
     * @param source what stands below each figure: the version and the seed
     */
    public TcpPage(String scenario, List<TcpTrack> tracks, String source) {
        this.scenario = scenario;
        this.tracks = List.copyOf(tracks);
        this.source = source;
    }

    /** Writes {@code report.html} and each figure into a folder. Returns the page. */
    public Path write(Path folder) {
        List<Figure> figures = new TcpFigures(tracks).all();
        Page page = new Page(scenario);
        figures.forEach(each -> page.figure(each, source));
        List<List<String>> rows = new ArrayList<>();
        tracks.stream().filter(TcpTrack::sends).forEach(each -> rows.add(row(each)));
        page.heading("Connections")
                .table(
                        List.of("connection", "from", "to", "control", "Mbit/s", "sent again", "mean RTT", "bytes"),
                        rows);
        return page.write(folder, "report.html", figures);
    }

    private static List<String> row(TcpTrack each) {
        var last = each.samples().get(each.samples().size() - 1).info();
        return List.of(
                each.label(),
                each.local(),
                each.remote(),
                each.congestion(),
                String.format(Locale.ROOT, "%.1f", each.throughput() / 1e6),
                String.format(Locale.ROOT, "%.3f %%", 100 * each.retransmitted()),
                String.format(Locale.ROOT, "%.2f ms", 1e3 * each.meanRtt()),
                String.format(Locale.ROOT, "%,d", last.bytesAcked()));
    }

    /** All samples as a table with a line each. */
    public static CharSequence csv(List<TcpTrack> tracks) {
        StringBuilder csv = new StringBuilder("nanos,node,local,remote,state,cwnd,ssthresh,rtt_us,rttvar_us,rto_us,"
                + "unacked,lost,sacked,retrans_total,segs_out,bytes_acked,bytes_received,delivery_rate\n");
        for (TcpTrack track : tracks) {
            for (TcpTrack.Sample sample : track.samples()) {
                var info = sample.info();
                csv.append(sample.instant() / 1000).append(',').append(track.node());
                csv.append(',').append(track.local()).append(',').append(track.remote());
                csv.append(',')
                        .append(info.state())
                        .append(',')
                        .append(info.cwnd())
                        .append(',');
                csv.append(info.ssthresh() == Integer.MAX_VALUE ? "" : Integer.toString(info.ssthresh()));
                csv.append(',').append(info.rtt()).append(',').append(info.rttvar());
                csv.append(',').append(info.rto()).append(',').append(info.unacknowledged());
                csv.append(',').append(info.lost()).append(',').append(info.sacked());
                csv.append(',').append(info.retransmitsTotal()).append(',').append(info.segmentsOut());
                csv.append(',').append(info.bytesAcked()).append(',').append(info.bytesReceived());
                csv.append(',').append(info.deliveryRate()).append('\n');
            }
        }
        return csv;
    }
}
