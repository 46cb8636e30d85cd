package io.hopscope.scenarios;

import io.hopscope.encap.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Collects every mistake, so that all are said at once. */
public final class Problems {
    /** More than this helps nobody. */
    private static final int MOST = 100;

    private final List<Problem> all = new ArrayList<>();

    public void add(Where where, String found, String expected) {
        add(new Problem(where, found, expected, null));
    }

    /** A name that is none of those that are valid. */
    public void unknown(Where where, String what, String name, Collection<String> valid) {
        add(new Problem(
                where, what + " '" + Value.brief(String.valueOf(name)) + "'", listed(valid), nearest(name, valid)));
    }

    /** Also what has the same own name elsewhere: {@code compute1/c1} for {@code node1/c1}. */
    private static String nearest(String name, Collection<String> valid) {
        String near = Nearest.of(name, valid);
        if (near != null || name.indexOf('/') < 0) {
            return near;
        }
        String own = name.substring(name.lastIndexOf('/'));
        return valid.stream().filter(each -> each.endsWith(own)).findFirst().orElse(null);
    }

    /** Names as a message lists them, as long as somebody would read them. */
    static String listed(Collection<String> valid) {
        String names = valid.size() > 24
                ? "one of " + valid.size() + " names, such as "
                        + valid.stream().limit(3).collect(Collectors.joining(", "))
                : String.join(", ", valid);
        return valid.isEmpty() ? "none" : names;
    }

    void add(Problem problem) {
        // One mistake is said once: what follows from it at the same place is no other.
        boolean said = all.stream()
                .anyMatch(each ->
                        each.where().equals(problem.where()) && problem.where().line() > 0);
        if (all.size() < MOST && !said && !all.contains(problem)) {
            all.add(problem);
        }
    }

    /**
     * Takes a step that looks for mistakes. It may stumble over one that was found before: then the rest of this step is
     * left, and those after it go on.
     *
     * @return whether it got to its end
     */
    boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (IllegalArgumentException | NullPointerException | ClassCastException e) {
            if (none()) {
                throw e;
            }
            return false;
        }
    }

    public boolean none() {
        return all.isEmpty();
    }

    /** In order of place. */
    public List<Problem> all() {
        List<Problem> sorted = new ArrayList<>(all);
        sorted.sort((a, b) -> a.where().line() != b.where().line()
                ? Integer.compare(a.where().line(), b.where().line())
                : Integer.compare(a.where().column(), b.where().column()));
        return sorted;
    }

    /** Throws what was collected, if anything was. */
    public void check() {
        if (!all.isEmpty()) {
            throw new ScenarioException(all());
        }
    }
}
