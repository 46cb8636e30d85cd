package io.hopscope.encap;

import java.util.Collection;
import java.util.Locale;

/** Finds what a misspelt word was meant to be, for error messages. */
public final class Nearest {
    private Nearest() {}

    /** The valid name with the fewest edits, or null if none is near. Swapped neighbours count as one edit. */
    public static String of(String word, Collection<String> valid) {
        String begun = begun(word, valid);
        if (begun != null) {
            return begun;
        }
        String best = null;
        int least = Math.max(1, (word.length() + 1) / 3) + 1;
        String lower = word.toLowerCase(Locale.ROOT);
        for (String each : valid) {
            int edits = edits(lower, each.toLowerCase(Locale.ROOT), least);
            if (edits < least) {
                least = edits;
                best = each;
            }
        }
        return best;
    }

    /** The one valid name that the word is the beginning of. */
    private static String begun(String word, Collection<String> valid) {
        String found = null;
        for (String each : valid) {
            if (word.length() > 1 && each.startsWith(word)) {
                if (found != null) {
                    return null;
                }
                found = each;
            }
        }
        return found;
    }

    /** {@code " (did you mean x?)"}, or nothing. */
    public static String hint(String word, Collection<String> valid) {
        String near = of(word, valid);
        return near == null ? "" : " (did you mean " + near + "?)";
    }

    private static int edits(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit || a.length() > 200) {
            return limit;
        }
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
