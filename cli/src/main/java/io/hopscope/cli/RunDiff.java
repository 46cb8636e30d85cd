package io.hopscope.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What two runs came to, as their folders say: drops, and what commands printed. Captures alone have none of it. */
final class RunDiff {
    private static final String RESULT = "run.json";

    private final JsonNode a;
    private final JsonNode b;

    /** Null nodes where either is no folder of a run. */
    RunDiff(Path a, Path b) {
        boolean both = Files.isRegularFile(a.resolve(RESULT)) && Files.isRegularFile(b.resolve(RESULT));
        this.a = both ? read(a) : null;
        this.b = both ? read(b) : null;
    }

    private static JsonNode read(Path folder) {
        return JsonMapper.builder().build().readTree(folder.resolve(RESULT).toFile());
    }

    boolean known() {
        return a != null;
    }

    /** Frames dropped by reason, where they differ. */
    List<Map<String, Object>> drops() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String key : List.of("drops", "discards")) {
            var reasons = new TreeSet<String>(a.get(key).propertyNames());
            reasons.addAll(b.get(key).propertyNames());
            for (String reason : reasons) {
                long one = a.get(key).path(reason).asLong(0);
                long other = b.get(key).path(reason).asLong(0);
                if (one != other) {
                    Map<String, Object> each = new LinkedHashMap<>();
                    each.put("reason", reason);
                    each.put("a", one);
                    each.put("b", other);
                    all.add(each);
                }
            }
        }
        return all;
    }

    /** Of each command that printed something else, the first line that differs. */
    List<Map<String, Object>> outputs() {
        List<Map<String, Object>> all = new ArrayList<>();
        JsonNode one = a.get("commands");
        JsonNode other = b.get("commands");
        for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
            String left = said(one.path(i));
            String right = said(other.path(i));
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("command", left == null ? right : left);
            JsonNode printed = one.path(i).path("output");
            JsonNode there = other.path(i).path("output");
            int line = 0;
            while (line < Math.max(printed.size(), there.size())
                    && printed.path(line).equals(there.path(line))) {
                line++;
            }
            each.put("line", line + 1);
            each.put("a", text(printed.path(line)));
            each.put("b", text(there.path(line)));
            if (left == null || !left.equals(right) || line < Math.max(printed.size(), there.size())) {
                all.add(each);
            }
        }
        return all;
    }

    private static String said(JsonNode command) {
        return command.isMissingNode()
                ? null
                : command.get("node").asString() + "$ " + command.get("command").asString();
    }

    private static String text(JsonNode line) {
        return line.isMissingNode() ? null : line.asString();
    }
}
