package io.hopscope.devices.tc;

import io.hopscope.core.qdisc.Chance;
import io.hopscope.core.qdisc.Discipline;
import io.hopscope.core.qdisc.FifoSpec;
import io.hopscope.core.qdisc.FqCodelSpec;
import io.hopscope.core.qdisc.Loss;
import io.hopscope.core.qdisc.NetemSpec;
import io.hopscope.core.qdisc.PrioSpec;
import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.core.qdisc.TbfSpec;
import java.util.ArrayList;
import java.util.List;

/** Queue disciplines as {@code tc -s qdisc show} prints them. */
public final class QdiscText {
    private QdiscText() {}

    /**
     * What a port has that nobody gave a discipline.
     *
     * @param device null where only one is shown
     */
    public static List<String> none(String device, boolean statistics) {
        List<String> lines = new ArrayList<>();
        lines.add("qdisc noqueue 0: " + (device == null ? "" : "dev " + device + " ") + "root refcnt 2 ");
        if (statistics) {
            lines.add(" Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) ");
            lines.add(" backlog 0b 0p requeues 0");
        }
        return lines;
    }

    /**
     * One discipline, without what is in its classes.
     *
     * @param parent {@code root}, or {@code parent 1:2}
     */
    public static List<String> of(Discipline qdisc, String device, String parent, boolean statistics) {
        List<String> lines = new ArrayList<>();
        lines.add("qdisc " + qdisc.kind() + " " + Integer.toHexString(qdisc.handle()) + ": "
                + (device == null ? "" : "dev " + device + " ") + parent + " " + options(qdisc.spec()));
        if (statistics) {
            lines.add(" Sent " + qdisc.sentBytes() + " bytes " + qdisc.sentFrames() + " pkt (dropped " + qdisc.dropped()
                    + ", overlimits " + qdisc.overlimits() + " requeues " + qdisc.requeues() + ") ");
            lines.add(" backlog " + TcNumbers.size(qdisc.bytes()) + " " + qdisc.frames() + "p requeues "
                    + qdisc.requeues());
            lines.addAll(List.of(qdisc.details()));
        }
        return lines;
    }

    private static String options(QdiscSpec spec) {
        if (spec instanceof FifoSpec fifo) {
            return "limit " + (fifo.byBytes() ? TcNumbers.size(fifo.limit()) : fifo.limit() + "p");
        } else if (spec instanceof PrioSpec prio) {
            StringBuilder text = new StringBuilder("bands " + prio.bands() + " priomap");
            prio.map().forEach(band -> text.append(' ').append(band));
            return text.toString();
        } else if (spec instanceof TbfSpec tbf) {
            return tbf(tbf);
        } else if (spec instanceof FqCodelSpec fq) {
            return fqCodel(fq);
        }
        return netem((NetemSpec) spec);
    }

    private static String tbf(TbfSpec tbf) {
        String text = "rate " + TcNumbers.rate(tbf.rate()) + " burst " + TcNumbers.size(tbf.burst()) + " ";
        double latency = 8e6 * (tbf.limit() - tbf.burst()) / tbf.rate();
        if (tbf.peakRate() > 0) {
            text += "peakrate " + TcNumbers.rate(tbf.peakRate()) + " minburst " + TcNumbers.size(tbf.mtu()) + " ";
            latency = Math.max(latency, 8e6 * (tbf.limit() - tbf.mtu()) / tbf.peakRate());
        }
        text += latency >= 0
                ? "lat " + TcNumbers.micros((long) latency) + " "
                : "limit " + TcNumbers.size(tbf.limit()) + " ";
        return text + (tbf.overhead() > 0 ? "overhead " + tbf.overhead() + " " : "");
    }

    private static String fqCodel(FqCodelSpec fq) {
        return "limit " + fq.limit() + "p flows " + fq.flows() + " quantum " + fq.quantum() + " target "
                + TcNumbers.codel(fq.target()) + " "
                + (fq.markAbove() >= 0 ? "ce_threshold " + TcNumbers.codel(fq.markAbove()) + " " : "") + "interval "
                + TcNumbers.codel(fq.interval()) + " memory_limit " + TcNumbers.size(fq.memory()) + " "
                + (fq.ecn() ? "ecn " : "") + "drop_batch " + fq.batch() + " ";
    }

    private static String netem(NetemSpec netem) {
        return "limit " + netem.limit() + impairments(netem);
    }

    /** What befalls frames, {@code " loss 1% corrupt 0.1%"}: with a space before each word. */
    public static String impairments(NetemSpec netem) {
        StringBuilder text = new StringBuilder();
        if (netem.delay().mean() > 0) {
            text.append(" delay ").append(TcNumbers.ticks(netem.delay().mean()));
            if (netem.delay().jitter() > 0) {
                text.append("  ").append(TcNumbers.ticks(netem.delay().jitter()));
                correlation(text, netem.delay().correlation());
            }
        }
        loss(text, netem.loss());
        chance(text, "duplicate", netem.duplicate());
        chance(text, "reorder", netem.reorder());
        chance(text, "corrupt", netem.corrupt());
        if (netem.pace().rate() > 0) {
            text.append(" rate ").append(TcNumbers.rate(netem.pace().rate()));
            unless(text, " packetoverhead ", netem.pace().packetOverhead());
            unless(text, " cellsize ", netem.pace().cellSize());
            unless(text, " celloverhead ", netem.pace().cellOverhead());
        }
        text.append(netem.ecn() ? " ecn " : "");
        unless(text, " gap ", netem.gap());
        return text.toString();
    }

    private static void loss(StringBuilder text, Loss loss) {
        if (loss instanceof Loss.Random random) {
            chance(text, "loss", random.chance());
        } else if (loss instanceof Loss.GilbertElliott two) {
            parts(text, " loss gemodel", "p", two.p(), "r", two.r(), "1-h", two.bad(), "1-k", two.good());
        } else if (loss instanceof Loss.FourStates four) {
            parts(
                    text,
                    " loss state",
                    "p13",
                    four.p13(),
                    "p31",
                    four.p31(),
                    "p32",
                    four.p32(),
                    "p23",
                    four.p23(),
                    "p14",
                    four.p14());
        }
    }

    private static void parts(StringBuilder text, String model, Object... pairs) {
        text.append(model);
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(' ').append(pairs[i]).append(' ').append(TcNumbers.percent((Long) pairs[i + 1]));
        }
    }

    private static void chance(StringBuilder text, String what, Chance chance) {
        if (!chance.never()) {
            text.append(' ').append(what).append(' ').append(TcNumbers.percent(chance.probability()));
            correlation(text, chance.correlation());
        }
    }

    private static void correlation(StringBuilder text, long part) {
        if (part > 0) {
            text.append(' ').append(TcNumbers.percent(part));
        }
    }

    private static void unless(StringBuilder text, String what, int zero) {
        if (zero != 0) {
            text.append(what).append(zero);
        }
    }
}
