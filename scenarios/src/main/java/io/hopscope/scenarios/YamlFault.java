package io.hopscope.scenarios;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What a parser of YAML stumbles over, in the words of somebody who has written the file.
 *
 * @param found what stands there
 * @param expected what should
 */
record YamlFault(String found, String expected) {
    private static final String ALIKE = "keys of one map, and items of one list, indented alike";

    static YamlFault of(MarkedYamlEngineException e) {
        String problem = firstLine(e.getProblem()).replaceFirst("\\. \\(Do not use .*", "");
        if (problem.startsWith("mapping values are not allowed")) {
            return new YamlFault("a ':' where no key can stand", ALIKE + ", and quotes round a text with ': '");
        } else if (problem.startsWith("expected <block end>")) {
            return new YamlFault("a line indented unlike the rest of what begins" + place(e), ALIKE);
        } else if (problem.startsWith("expected ',' or")) {
            String close = problem.contains("'}'") ? "'}'" : "']'";
            String open = close.equals("'}'") ? "'{'" : "'['";
            return new YamlFault("no " + close + " that closes the " + open + place(e), "',' or " + close);
        } else if (problem.contains("end of stream")) {
            return new YamlFault("the end of the file in a text" + since(e), "its closing quote");
        } else if (problem.contains("cannot start any token")) {
            return new YamlFault(problem.replaceFirst("^found ", ""), "a text that begins so in quotes");
        }
        return new YamlFault("what is no YAML: " + problem, "YAML 1.2");
    }

    private static String since(MarkedYamlEngineException e) {
        String place = place(e);
        return place.isEmpty() ? "" : ", begun" + place;
    }

    private static String place(MarkedYamlEngineException e) {
        if (e.getContextMark().isEmpty()) {
            return "";
        }
        Mark mark = e.getContextMark().get();
        return " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }

    /** Of a message that shows the file as well. */
    static String firstLine(String text) {
        String line = text == null ? "" : text.strip();
        int end = line.indexOf('\n');
        return end < 0 ? line : line.substring(0, end);
    }
}
