package io.hopscope.traces;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells one journey hop by hop, in at most 100 columns unless told otherwise: where, with which headers, when, and why. */
public final class Explanation {
    private static final int WIDTH = 100;
    private static final String INDENT = "       ";

    private final Style style;
    private final boolean wide;
    private final boolean changes;
    private int width = WIDTH;
    private boolean all;
    /** Own names of devices that more than one has. */
    private Set<String> shared = Set.of();

    private JourneyLog log;

    private MacText macs;

    /**
     * @param wide MACs whole, and lines as long as need be
     * @param changes also say which header fields changed from hop to hop
     */
    public Explanation(Style style, boolean wide, boolean changes) {
        this.style = style;
        this.wide = wide;
        this.changes = changes;
    }

    /** Lines are to fit so many columns, where port names let them. */
    public Explanation columns(int most) {
        width = most;
        return this;
    }

    /** Devices are called by their own names where no other of these has the same. */
    public Explanation among(JourneyLog log) {
        shared = log.sharedNames();
        this.log = log;
        return this;
    }

    /** Every hop is told, also where a flood has hundreds that are alike. */
    public Explanation all(boolean every) {
        all = every;
        return this;
    }

    /**
     * The journey, and below it the one that it died of.
     *
     * @param cause null if there is none
     */
    public List<String> of(Journey journey, Journey cause) {
        List<String> lines = of(journey);
        if (cause != null) {
            lines.add("");
            lines.add("It waited there for the answer to a question that was lost as well:");
            lines.addAll(of(cause));
        }
        for (Journey error : caused(journey)) {
            if (error.lost()) {
                lines.add("");
                lines.add("What was to tell the sender so was lost as well:");
                lines.addAll(of(error));
                break;
            }
        }
        return lines;
    }

    /** What it made others send, none of it where nothing else is known. */
    private List<Journey> caused(Journey journey) {
        return log == null ? List.of() : log.causedBy(journey);
    }

    /** The lines, a head first. */
    public List<String> of(Journey journey) {
        List<String> lines = new ArrayList<>();
        head(journey).forEach(line -> lines.add(style.strong(line)));
        List<HopView> views = journey.hops().stream().map(HopView::of).toList();
        macs = wide ? MacText.WHOLE : MacText.of(views);
        String row = row(journey);
        lines.add(style.faint(String.format(Locale.ROOT, row, "#", "", "port", "ethernet", "vlan", "ttl", "at us")));
        var fold = new Fold(all ? List.of() : journey.hops());
        HopView before = null;
        for (int i = 0; i < views.size(); i++) {
            HopView view = views.get(i);
            if (fold.hides(i)) {
                if (!fold.hides(i + 1)) {
                    fold.told().forEach(line -> wrap(line, false, lines));
                }
            } else {
                lines.add(row(row, i, view, before, journey));
                why(view, before, lines);
                causes(journey, i, lines);
            }
            before = view;
        }
        String loop = fold.loop();
        if (loop != null) {
            lines.add(style.bad(loop));
        }
        return lines;
    }

    private String row(String row, int i, HopView view, HopView before, Journey journey) {
        return String.format(
                        Locale.ROOT,
                        row,
                        i + 1,
                        view.hop().inbound() ? "in" : "out",
                        view.hop().port(),
                        ethernet(view, before),
                        text(view.vlan(), before == null ? null : before.vlan(), before != null),
                        text(view.ttl(), before == null ? null : before.ttl(), before != null),
                        micros(view.hop().picos() - journey.first().picos()))
                .stripTrailing();
    }

    /** Below the last hop at the device before it sent what this packet caused. */
    private void causes(Journey journey, int at, List<String> lines) {
        for (Journey each : caused(journey)) {
            int last = -1;
            for (int i = 0; i < journey.hops().size(); i++) {
                Hop hop = journey.hops().get(i);
                boolean before = hop.picos() <= each.first().picos();
                last = before && hop.device().equals(each.first().device()) ? i : last;
            }
            if (last == at) {
                Hop drop = each.lost() ? each.drop() : null;
                String fate = drop == null ? "" : ", lost at " + drop.port();
                wrap("caused journey " + each.id() + ": " + each.title() + fate, drop != null, lines);
            }
        }
    }

    private String row(Journey journey) {
        int port = 8;
        for (Hop hop : journey.hops()) {
            port = Math.max(port, hop.port().length());
        }
        int mac = macs.width();
        if (wide || port + mac + 31 <= width) {
            return "%3s  %-3s %-" + port + "s  %-" + mac + "s %4s %3s %10s";
        }
        int time = Math.max(5, micros(journey.duration()).length());
        int number = String.valueOf(journey.hops().size()).length();
        return "%" + number + "s %-3s %-" + port + "s %-" + mac + "s %4s %3s %" + time + "s";
    }

    /** One line; its fate stands below where there is no room beside. */
    private List<String> head(Journey journey) {
        Hop drop = journey.drop();
        String fate = drop == null ? "" : "lost at " + drop.port();
        String way = "journey " + journey.id() + " · " + journey.title() + " · " + owner(journey.first()) + " -> "
                + owner(journey.last()) + " · " + journey.hops().size()
                + (journey.hops().size() == 1 ? " hop" : " hops") + " · " + Durations.text(journey.duration());
        String whole = fate.isEmpty() ? way : way + " · " + fate;
        if (wide || whole.length() <= width) {
            return List.of(whole);
        }
        int cut = way.length() <= width ? -1 : way.lastIndexOf(" · ", width);
        List<String> lines = new ArrayList<>(
                cut <= 0 ? List.of(way) : List.of(way.substring(0, cut), "  " + way.substring(cut + 3)));
        if (!fate.isEmpty()) {
            lines.add("  " + fate);
        }
        return lines;
    }

    /** {@code inst1} for {@code compute1/inst1:eth0}, where that means no other. */
    private String owner(Hop hop) {
        String own = JourneyLog.ownName(hop.device());
        return shared.contains(own) ? hop.device() : own;
    }

    private static String micros(long picos) {
        long hundredths = (picos + 5_000) / 10_000;
        return String.format(Locale.ROOT, "%d.%02d", hundredths / 100, hundredths % 100);
    }

    private static String text(Integer value, Integer before, boolean follows) {
        if (value == null) {
            return follows && before == null ? "." : "-";
        }
        return follows && value.equals(before) ? "." : value.toString();
    }

    private String ethernet(HopView view, HopView before) {
        if (view.ethSrc() == null) {
            return "?";
        }
        if (before != null
                && view.ethSrc().equals(before.ethSrc())
                && view.ethDst().equals(before.ethDst())) {
            return ".";
        }
        return macs.text(view.ethSrc()) + " > " + macs.text(view.ethDst());
    }

    private void why(HopView view, HopView before, List<String> lines) {
        String comment = view.hop().comment();
        if (view.encapsulation() != null
                && (before == null || !view.encapsulation().equals(before.encapsulation()))) {
            Map<String, String> fields = view.fields();
            wrap(
                    "[" + view.encapsulation() + "] outer " + fields.get("ip.src") + " > " + fields.get("ip.dst")
                            + ", inner " + fields.getOrDefault("inner eth.src", "?") + " > "
                            + fields.getOrDefault("inner eth.dst", "?"),
                    false,
                    lines);
        }
        if (comment != null) {
            wrap(comment, view.hop().dropped(), lines);
        }
        if (changes && before != null) {
            String changed = changed(view.fields(), before.fields());
            if (!changed.isEmpty()) {
                wrap("changed: " + changed, false, lines);
            }
        }
    }

    private static String changed(Map<String, String> now, Map<String, String> before) {
        List<String> all = new ArrayList<>();
        now.forEach((name, value) -> {
            String old = before.get(name);
            if (!value.equals(old)) {
                all.add(name + " " + (old == null ? "none" : old) + " -> " + value);
            }
        });
        before.forEach((name, value) -> {
            if (!now.containsKey(name)) {
                all.add(name + " " + value + " -> none");
            }
        });
        return String.join(", ", all);
    }

    private void wrap(String text, boolean bad, List<String> lines) {
        String rest = text;
        int room = wide ? Integer.MAX_VALUE : width - INDENT.length();
        String lead = "";
        while (!rest.isEmpty()) {
            int cut = rest.length();
            if (cut > room - lead.length()) {
                cut = rest.lastIndexOf(' ', room - lead.length());
                cut = cut <= 0 ? Math.min(rest.length(), room - lead.length()) : cut;
            }
            String part = lead + rest.substring(0, cut).stripTrailing();
            lines.add(INDENT + (bad ? style.bad(part) : style.faint(part)));
            rest = rest.substring(cut).stripLeading();
            lead = "  ";
        }
    }
}
