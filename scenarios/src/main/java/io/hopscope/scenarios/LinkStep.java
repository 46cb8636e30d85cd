package io.hopscope.scenarios;

import io.hopscope.core.Port;
import java.util.List;

/** A step in which a link is cut, or joined again: both ends lose or get their carrier at the same instant. */
final class LinkStep {
    static final List<String> STATES = List.of("up", "down");

    private LinkStep() {}

    static void schedule(Lab lab, Value step, Problems problems) {
        String[] ends = String.valueOf(step.text("link")).split("\\s*--\\s*");
        if (step.has("node") || step.has("exec") || !step.has("state")) {
            problems.add(
                    step.where(), "a step with 'link' and not just 'state' and 'at'", "link and state: up or down");
        }
        if (ends.length != 2) {
            problems.add(step.where("link"), step.get("link").kind(), "two ends, such as \"a:eth1 -- b:eth1\"");
            return;
        }
        Port a = end(lab, step, ends[0].strip(), problems);
        Port b = end(lab, step, ends[1].strip(), problems);
        if (a == null || b == null) {
            return;
        }
        if (a.peer() != b) {
            problems.add(step.where("link"), a + " and " + b + ", which no link joins", "the two ends of a link");
            return;
        }
        boolean up = "up".equals(step.text("state"));
        long at = Runner.at(step);
        a.node().at(at, now -> a.carrier(up, now));
        b.node().at(at, now -> b.carrier(up, now));
    }

    private static Port end(Lab lab, Value step, String text, Problems problems) {
        Port port = lab.port(text);
        if (port == null) {
            problems.unknown(step.where("link"), "port", text, lab.ports());
        }
        return port;
    }
}
