package io.hopscope.cli;

import io.hopscope.scenarios.Problem;
import io.hopscope.scenarios.Where;

/** The command line asks for what cannot be. */
final class WrongUse extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    WrongUse(String found, String expected, String nearest) {
        super(found);
        problem = new Problem(new Where("command line", 0, 0), found, expected, nearest);
    }

    Problem problem() {
        return problem;
    }
}
