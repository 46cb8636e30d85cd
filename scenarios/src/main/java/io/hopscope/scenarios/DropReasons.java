package io.hopscope.scenarios;

import io.hopscope.core.DropReason;
import io.hopscope.encap.Nearest;
import io.hopscope.traces.Journey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Every reason for which some device drops a frame, found where each module lists its own. */
public final class DropReasons {
    private static final String LIST = "META-INF/services/" + DropReason.class.getName();

    private DropReasons() {}

    /** In the order of their lists. */
    public static List<DropReason> all() {
        ClassLoader loader = DropReasons.class.getClassLoader();
        Set<String> names = new LinkedHashSet<>();
        List<DropReason> all = new ArrayList<>();
        try {
            for (URL list : Collections.list(loader.getResources(LIST))) {
                try (InputStream in = list.openStream()) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .forEach(names::add);
                }
            }
            for (String name : names) {
                for (Object constant : Class.forName(name, true, loader).getEnumConstants()) {
                    all.add((DropReason) constant);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /** Whether what is expected, a name or a part of a text in whatever case, means this reason. */
    static boolean means(String expected, DropReason reason) {
        return contains(reason.text(), expected) || reason.name().equalsIgnoreCase(expected);
    }

    /** As {@link #means}, for a reason of which the text alone is left. */
    static boolean means(String expected, String text) {
        return contains(text, expected)
                || all().stream()
                        .anyMatch(reason -> reason.name().equalsIgnoreCase(expected) && text.startsWith(reason.text()));
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /**
     * Packets with data of which something died that somebody misses: no discard, no probe of a traceroute, and no copy of
     * a flood that others have got.
     */
    public static Predicate<Journey> losses() {
        List<String> discards =
                all().stream().filter(DropReason::discard).map(DropReason::text).toList();
        return journey -> journey.data()
                && journey.lost()
                && journey.hops().stream()
                        .anyMatch(hop -> hop.dropped()
                                && !hop.probed()
                                && discards.stream().noneMatch(hop::diedOf));
    }

    /** Says so where no device knows such a reason; it would never be met. */
    static void check(Value reason, Problems problems) {
        String expected = reason.text();
        List<DropReason> all = all();
        // A reason may go on where its own text ends: netfilter's with the rule.
        if (expected == null
                || all.stream().anyMatch(each -> means(expected, each) || expected.startsWith(each.text() + ":"))) {
            return;
        }
        Set<String> near = new LinkedHashSet<>();
        int words = expected.split(" ").length;
        for (DropReason each : all) {
            if (expected.equals(expected.toUpperCase(Locale.ROOT))) {
                near.add(each.name());
            }
            near.addAll(parts(each.text(), words));
        }
        problems.add(new Problem(
                reason.where(),
                "drop reason '" + expected + "'",
                "a name such as TTL_EXPIRED, or a part of the text that 'drops' and 'explain' print",
                Nearest.of(expected, near)));
    }

    /** Every so many words of a text that follow one another. */
    private static List<String> parts(String text, int words) {
        String[] all = text.split(" ");
        List<String> parts = new ArrayList<>();
        for (int i = 0; i + words <= all.length; i++) {
            parts.add(String.join(" ", List.of(all).subList(i, i + words)));
        }
        return parts;
    }
}
