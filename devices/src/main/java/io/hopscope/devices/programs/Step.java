package io.hopscope.devices.programs;

import io.hopscope.devices.Fault;
import io.hopscope.devices.Task;
import java.util.function.Supplier;

/** A command whose words are understood: what is left is to do it. */
interface Step {
    void run(Task task, long now);

    /** Runs it, or prints why it cannot be. */
    static void attempt(Supplier<Step> parsed, Task task, long now) {
        try {
            parsed.get().run(task, now);
            task.exit(0);
        } catch (Misuse e) {
            e.tell(task);
        }
    }

    /** What is wrong with the words; null if nothing is. */
    static Fault fault(Supplier<Step> parsed) {
        try {
            parsed.get();
            return null;
        } catch (Misuse e) {
            return e.fault();
        }
    }
}
