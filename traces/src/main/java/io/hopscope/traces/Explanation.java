package io.hopscope.traces;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells one journey hop by hop, in at most 100 columns: where, with which headers, when, and why. */
public final class Explanation {
    private static final int WIDTH = 100;
    private static final String INDENT = "       ";

    private final Style style;
    private final boolean wide;
    private final boolean changes;

    /**
     * @param wide MACs whole, and lines as long as need be
     * @param changes also say which header fields changed from hop to hop
     */
    public Explanation(Style style, boolean wide, boolean changes) {
        this.style = style;
        this.wide = wide;
        this.changes = changes;
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
        return lines;
    }

    /** The lines, a head first. */
    public List<String> of(Journey journey) {
        List<String> lines = new ArrayList<>();
        head(journey).forEach(line -> lines.add(style.strong(line)));
        List<HopView> views = journey.hops().stream().map(HopView::of).toList();
        int port = 8;
        for (Hop hop : journey.hops()) {
            port = Math.max(port, hop.port().length());
        }
        int mac = wide ? 39 : 27;
        String row = "%3s  %-3s %-" + port + "s  %-" + mac + "s %4s %3s %10s";
        lines.add(style.faint(String.format(Locale.ROOT, row, "#", "", "port", "ethernet", "vlan", "ttl", "at us")));
        HopView before = null;
        for (int i = 0; i < views.size(); i++) {
            HopView view = views.get(i);
            lines.add(String.format(
                            Locale.ROOT,
                            row,
                            i + 1,
                            view.hop().inbound() ? "in" : "out",
                            view.hop().port(),
                            ethernet(view, before),
                            text(view.vlan(), before == null ? null : before.vlan(), before != null),
                            text(view.ttl(), before == null ? null : before.ttl(), before != null),
                            micros(view.hop().picos() - journey.first().picos()))
                    .stripTrailing());
            why(view, before, lines);
            before = view;
        }
        return lines;
    }

    /** One line; its fate stands below where there is no room beside. */
    private List<String> head(Journey journey) {
        Hop drop = journey.drop();
        String fate = drop == null ? "" : "lost at " + drop.port();
        String way = "journey " + journey.id() + " · " + journey.title() + " · " + owner(journey.first()) + " -> "
                + owner(journey.last()) + " · " + journey.hops().size()
                + (journey.hops().size() == 1 ? " hop" : " hops") + " · " + Durations.text(journey.duration());
        String whole = fate.isEmpty() ? way : way + " · " + fate;
        return wide || whole.length() <= WIDTH ? List.of(whole) : List.of(way, "  " + fate);
    }

    /** {@code inst1} for {@code compute1/inst1:eth0}. */
    private static String owner(Hop hop) {
        String device = hop.device();
        return device.substring(device.indexOf('/') + 1);
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
        return mac(view.ethSrc()) + " > " + mac(view.ethDst());
    }

    /** {@code fa:16:3e..11}: who made it, and which. */
    private String mac(String whole) {
        if (wide) {
            return whole;
        }
        return whole.equals("ff:ff:ff:ff:ff:ff") ? "broadcast" : whole.substring(0, 8) + ".." + whole.substring(15);
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
        int room = wide ? Integer.MAX_VALUE : WIDTH - INDENT.length();
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
