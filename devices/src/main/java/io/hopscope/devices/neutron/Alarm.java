package io.hopscope.devices.neutron;

import io.hopscope.core.Action;
import io.hopscope.devices.IpStack;

/** The next deadline of a program, kept by the stack it runs on: it goes with it to another node. */
final class Alarm {
    private final IpStack stack;
    private final Action action;
    private long armed = Long.MAX_VALUE;

    /**
     * @param action told too early as well: a deadline moved later is not taken back
     */
    Alarm(IpStack stack, Action action) {
        this.stack = stack;
        this.action = action;
    }

    void arm(long deadline) {
        if (deadline < armed) {
            armed = deadline;
            stack.at(deadline, this::ring);
        }
    }

    private void ring(long now) {
        if (now >= armed) {
            armed = Long.MAX_VALUE;
            action.run(now);
        }
    }
}
