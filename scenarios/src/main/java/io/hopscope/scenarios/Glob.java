package io.hopscope.scenarios;

import io.hopscope.encap.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names in which {@code *} stands for anything and {@code ?} for one character. */
public final class Glob {
    private Glob() {}

    /** Also a name without its node, or without its port, matches the whole one. */
    public static boolean matches(String glob, String port) {
        return pattern(glob).matcher(port).matches()
                || port.endsWith("/" + glob)
                || glob.indexOf(':') < 0 && glob.indexOf('*') < 0 && port.startsWith(glob + ":");
    }

    /** The name that a glob without a match was meant for, or the glob for the ports of a device; null for none. */
    static String nearest(String glob, List<String> names) {
        Set<String> all = new LinkedHashSet<>(names);
        if (glob.indexOf('*') >= 0 || glob.indexOf('?') >= 0) {
            // As it was written: h1* or h1:*
            int colon = glob.indexOf(':') < 0 ? 0 : 1;
            all.clear();
            names.forEach(name -> all.add(name.substring(0, name.lastIndexOf(':') + colon) + "*"));
        }
        return Nearest.of(glob, all);
    }

    /** Whether the glob stands for the whole name. */
    static boolean whole(String glob, String name) {
        return pattern(glob).matcher(name).matches();
    }

    private static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (char c : glob.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString());
    }

    /** Any of the globs; of none, everything. */
    static Predicate<String> any(List<String> globs) {
        if (globs.isEmpty()) {
            return name -> true;
        }
        List<String> all = new ArrayList<>(globs);
        return name -> all.stream().anyMatch(glob -> matches(glob, name));
    }
}
