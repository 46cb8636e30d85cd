package io.hopscope.scenarios;

import io.hopscope.core.DropReason;
import io.hopscope.encap.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    /** Whether what is expected, a name or a part of a text, means this reason. */
    static boolean means(String expected, DropReason reason) {
        return reason.text().contains(expected) || reason.name().equals(expected);
    }

    /** As {@link #means}, for a reason of which the text alone is left. */
    static boolean means(String expected, String text) {
        return text.contains(expected)
                || all().stream().anyMatch(reason -> reason.name().equals(expected) && text.startsWith(reason.text()));
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
            if (expected.equals(expected.toUpperCase(java.util.Locale.ROOT))) {
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
