package io.hopscope.cli;

import io.hopscope.core.Bug;
import io.hopscope.core.ScenarioError;
import io.hopscope.encap.Nearest;
import io.hopscope.scenarios.Problem;
import io.hopscope.scenarios.ScenarioException;
import io.hopscope.scenarios.Where;
import io.hopscope.traces.CaptureFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code hopscope} command. */
@Command(
        name = "hopscope",
        description = "Emulates networks packet by packet, and shows every hop and why it happened.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            ExecCommand.class,
            PingCommand.class,
            ListCommand.class,
            ExplainCommand.class,
            DiffCommand.class,
            SchemaCommand.class,
            CapacityCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 all well, 1 an expectation failed, 2 wrong usage or scenario, 70 a bug,",
            "130 interrupted.",
            "",
            "Begin with: hopscope run first-steps"
        })
public final class Hopscope {
    /** All is well. */
    static final int OK = 0;

    /** An expectation failed. */
    static final int FAILED = 1;

    /** Wrong usage, scenario or file. */
    static final int WRONG = 2;

    /** EX_SOFTWARE of sysexits.h. */
    static final int BUG = 70;

    /** Ctrl-C, as shells count it. */
    static final int INTERRUPTED = 130;

    private Hopscope() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs a command line; returns its exit code. */
    static int run(String... args) {
        Terminal terminal = new Terminal();
        boolean json = wantsJson(args);
        CommandLine line = new CommandLine(new Hopscope());
        line.setUsageHelpWidth(98);
        if (args.length == 0) {
            line.setUsageHelpWidth(Math.min(98, Terminal.errorWidth()));
        } else if (helps(args)) {
            line.setUsageHelpWidth(Math.min(98, terminal.width()));
        }
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.style() == io.hopscope.traces.Style.PLAIN
                        ? CommandLine.Help.Ansi.OFF
                        : CommandLine.Help.Ansi.ON));
        line.setParameterExceptionHandler((e, arguments) -> usage(terminal, json, e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(terminal, json, e));
        int code = args.length == 0 ? help(line, terminal) : line.execute(args);
        terminal.flush();
        return code;
    }

    private static int help(CommandLine line, Terminal terminal) {
        terminal.text(line.getUsageMessage().stripTrailing());
        return WRONG;
    }

    private static boolean helps(String[] args) {
        return List.of(args).stream()
                .anyMatch(each -> List.of("help", "--help", "-h").contains(each));
    }

    private static boolean wantsJson(String[] args) {
        String all = String.join(" ", args).toLowerCase(Locale.ROOT);
        return all.contains("--format=json") || all.contains("--format json");
    }

    private static int usage(Terminal terminal, boolean json, CommandLine.ParameterException e) {
        String nearest = nearest(e);
        String message = e.getMessage().replace("\n", " ") + dashes(e);
        if (json) {
            problems(
                    terminal,
                    true,
                    List.of(new Problem(
                            new Where("command line", 0, 0),
                            message,
                            "what 'hopscope " + name(e) + "--help' lists",
                            nearest)));
        } else {
            terminal.error("hopscope: " + message + (nearest == null ? "" : " (did you mean " + nearest + "?)"));
            terminal.error("see: hopscope " + name(e) + "--help");
        }
        return WRONG;
    }

    /** The command or option that an unknown word was meant to be, or null. */
    private static String nearest(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return null;
        }
        List<String> valid = new ArrayList<>(e.getCommandLine().getSubcommands().keySet());
        e.getCommandLine().getCommandSpec().options().forEach(option -> valid.addAll(List.of(option.names())));
        String word = unmatched.getUnmatched().get(0);
        // Of one letter every other is near.
        return word.length() <= 2 ? null : Nearest.of(word, valid);
    }

    /** The command that a node is given has options of its own. */
    private static String dashes(CommandLine.ParameterException e) {
        return e.getCommandLine().getCommand() instanceof ExecCommand && nearest(e) == null
                ? "; what the node is told comes after --, as in exec first-steps h1 -- ping -c 1 h2"
                : "";
    }

    private static String name(CommandLine.ParameterException e) {
        String name = e.getCommandLine().getCommandName();
        return name.equals("hopscope") ? "" : name + " ";
    }

    private static void problems(Terminal terminal, boolean json, List<Problem> problems) {
        if (json) {
            terminal.line(Json.text(Json.errors(problems)));
        } else {
            problems.forEach(problem -> terminal.error(problem.toString()));
        }
    }

    private static int failure(Terminal terminal, boolean json, Exception e) {
        if (e instanceof ScenarioException wrong) {
            problems(terminal, json, wrong.problems());
            return WRONG;
        } else if (e instanceof ScenarioError || e instanceof CaptureFormatException || e instanceof WrongUse) {
            problems(terminal, json, List.of(problem(e)));
            return WRONG;
        } else if (e instanceof UncheckedIOException io) {
            problems(terminal, json, List.of(problem(io.getCause())));
            return WRONG;
        }
        String where = e instanceof Bug ? e.getMessage() : e + frame(e);
        if (json) {
            terminal.line(Json.text(Map.of("bug", where)));
        }
        terminal.error("hopscope: this is a bug in hopscope; please report it with the scenario and this text:");
        terminal.error(where);
        return BUG;
    }

    private static Problem problem(IOException e) {
        String path = e instanceof FileSystemException file ? file.getFile() : "a file";
        String found = "'" + path + "', " + e.getMessage();
        String expected = "a file that can be read or written";
        if (e instanceof NoSuchFileException) {
            found = "'" + path + "', which is not there or in no folder";
            expected = "a file in a folder that exists";
        } else if (e instanceof AccessDeniedException) {
            found = "'" + path + "', which may not be read or written";
        }
        return new Problem(new Where("file system", 0, 0), found, expected, null);
    }

    private static Problem problem(Exception e) {
        return e instanceof WrongUse wrong
                ? wrong.problem()
                : new Problem(
                        new Where(e instanceof ScenarioError ? "scenario" : "capture", 0, 0),
                        e.getMessage(),
                        e instanceof ScenarioError error ? error.expected() : "a capture",
                        null);
    }

    private static String frame(Exception e) {
        return e.getStackTrace().length == 0 ? "" : "\n  at " + e.getStackTrace()[0];
    }
}
