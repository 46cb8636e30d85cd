package io.hopscope.scenarios;

import java.util.List;
import java.util.stream.Collectors;

/** A scenario is wrong: says all that is. */
public final class ScenarioException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public ScenarioException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public ScenarioException(Where where, String found, String expected, String nearest) {
        this(List.of(new Problem(where, found, expected, nearest)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
