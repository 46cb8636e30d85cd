package io.hopscope.cli;

import io.hopscope.scenarios.Problem;
import io.hopscope.scenarios.Where;
import io.hopscope.traces.FilterFault;

/** The command line asks for what cannot be. */
final class WrongUse extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    WrongUse(String found, String expected, String nearest) {
        super(found);
        problem = new Problem(new Where("command line", 0, 0), found, expected, nearest);
    }

    /** A filter that is none, and the option that has it. */
    static WrongUse of(String option, FilterFault fault) {
        return new WrongUse(fault.found(option), fault.expected(), fault.nearest());
    }

    Problem problem() {
        return problem;
    }
}
