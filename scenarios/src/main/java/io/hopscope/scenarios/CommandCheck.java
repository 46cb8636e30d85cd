package io.hopscope.scenarios;

import io.hopscope.devices.Fault;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.Nearest;
import java.util.List;

/** Finds what is wrong with commands before anything runs: the node, the program, and every word that the program knows. */
final class CommandCheck {
    private final Lab lab;
    private final Problems problems;

    CommandCheck(Lab lab, Problems problems) {
        this.lab = lab;
        this.problems = problems;
    }

    /**
     * Says what is wrong, each at its place.
     *
     * @param ends whether something but the command itself ends the run
     * @return whether there is such a node and such a program
     */
    boolean known(Where nodeAt, String name, Where commandAt, String line, boolean ends) {
        return known(nodeAt, name, commandAt, null, line, ends);
    }

    /**
     * The same of a command whose lines stand in the scenario.
     *
     * @param text the command; null where nothing is known but its place
     */
    boolean known(Where nodeAt, String name, Where commandAt, Value text, String line, boolean ends) {
        Lab.Place place = name == null ? null : lab.place(name);
        List<String> words = Programs.words(line);
        Program program = words.isEmpty() ? null : Programs.find(words.get(0));
        if (place == null) {
            problems.unknown(nodeAt, "node or device", String.valueOf(name), lab.names());
        }
        if (program == null) {
            problems.unknown(commandAt, "command", words.isEmpty() ? "" : words.get(0), Programs.names());
        }
        if (place == null || program == null) {
            return false;
        }
        Task task = new Task(words, lab::expected);
        Fault fault = program.check(place.node(), place.host(), task);
        if (fault != null && fault.line() > 0 && text != null) {
            Where there = text.within(fault.line(), fault.column());
            problems.add(new Problem(there, fault.message(), fault.expected(), fault.word()));
        } else if (fault != null) {
            problems.add(problem(commandAt, line, fault, program));
        } else if (!ends && program.endless(task)) {
            problems.add(
                    commandAt,
                    "'" + line + "', which goes on for ever",
                    "-c COUNT of a ping, or a 'duration' of the scenario");
        }
        return true;
    }

    private Problem problem(Where at, String line, Fault fault, Program program) {
        List<String> valid = fault.valid() == null ? lab.names() : fault.valid();
        String expected;
        if (fault.valid() == null) {
            expected = "an address, or the name of what has one";
        } else if (!valid.isEmpty()) {
            expected = Problems.listed(valid);
        } else if (fault.expected() != null) {
            expected = fault.expected();
        } else {
            String summary = program.summary();
            expected = (summary.startsWith(program.name()) ? "" : program.name() + ": ") + summary;
        }
        String nearest = fault.word() == null ? null : Nearest.of(fault.word(), valid);
        String message = fault.message().replaceFirst("^Error: ", "").replaceFirst("\\.$", "");
        return new Problem(at, "'" + line + "': " + message, expected, nearest);
    }
}
