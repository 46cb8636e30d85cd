package io.hopscope.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scenario as it was read: checked for its shape, not yet built. */
public final class Scenario {
    private static final Pattern PARAMETER = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)}");

    private final Value root;
    private final Expansion expansion;

    private Scenario(Value root, Expansion expansion) {
        this.root = root;
        this.expansion = expansion;
    }

    /**
     * Reads a file.
     *
     * @param set values of parameters, instead of the defaults
     * @throws ScenarioException says everything that is wrong
     */
    public static Scenario read(Path file, Map<String, String> set) {
        try {
            if (Files.size(file) > 4 << 20) {
                throw new ScenarioException(
                        new Where(file.toString(), 1, 1), Files.size(file) + " bytes", "at most 4 MiB", null);
            }
            return parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8), set);
        } catch (IOException e) {
            throw new ScenarioException(new Where(file.toString(), 0, 0), "no readable file", "a scenario file", null);
        }
    }

    /**
     * @param file how it is called in messages
     */
    public static Scenario parse(String file, String text, Map<String, String> set) {
        Problems problems = new Problems();
        Value raw = YamlReader.read(file, text, problems, each -> each);
        problems.check();
        Map<String, String> parameters = parameters(raw, set, file);
        Value root = parameters.isEmpty()
                ? raw
                : YamlReader.read(file, text, problems, each -> substitute(each, parameters));
        unknownParameters(raw, parameters, problems);
        Language.SCENARIO.check(root, problems);
        Value topology = root.get("topology");
        Expansion expansion = new Expansion(problems);
        if (topology != null && topology.isMap()) {
            expand(topology, expansion);
        }
        Scenario read = new Scenario(root, expansion);
        if (!problems.none()) {
            // After a mistake of shape, what else is wrong is said as well, as far as it can be seen through it.
            problems.attempt(() -> Runner.inspect(read, new RunPlan(), problems));
        }
        problems.check();
        return read;
    }

    private static Map<String, String> parameters(Value raw, Map<String, String> set, String file) {
        Map<String, String> all = new LinkedHashMap<>();
        raw.entries("parameters").forEach((name, value) -> all.put(name, value.text() == null ? "" : value.text()));
        set.forEach((name, value) -> {
            if (!all.containsKey(name)) {
                Problems problems = new Problems();
                problems.unknown(new Where(file, 0, 0), "parameter", name, List.copyOf(all.keySet()));
                problems.check();
            }
            all.put(name, value);
        });
        return all;
    }

    private static String substitute(String text, Map<String, String> parameters) {
        if (text.indexOf("${") < 0) {
            return text;
        }
        return PARAMETER.matcher(text).replaceAll(match -> {
            String value = parameters.get(match.group(1));
            return Matcher.quoteReplacement(value == null ? match.group() : value);
        });
    }

    private static void unknownParameters(Value value, Map<String, String> parameters, Problems problems) {
        if (value.isText()) {
            Matcher matcher = PARAMETER.matcher(value.text());
            while (matcher.find()) {
                if (!parameters.containsKey(matcher.group(1))) {
                    problems.unknown(value.where(), "parameter", matcher.group(1), List.copyOf(parameters.keySet()));
                }
            }
        }
        value.entries().values().forEach(each -> unknownParameters(each, parameters, problems));
        if (value.isList()) {
            value.items().forEach(each -> unknownParameters(each, parameters, problems));
        }
    }

    private static void expand(Value topology, Expansion expansion) {
        topology.entries("nodes").forEach((name, node) -> {
            Language.NAME.check(Value.text(node.where(), name), expansion.problems());
            expansion.node(
                    name,
                    inherit(topology, node, expansion.problems()),
                    topology.get("nodes").where(name));
        });
        topology.items("links").forEach(expansion::link);
        for (Value each : topology.items("blueprints")) {
            Blueprint blueprint = Blueprints.find(String.valueOf(each.text("kind")));
            // One that is wrong has been complained about; expanding it would only add noise.
            Problems trial = new Problems();
            if (blueprint != null) {
                blueprint.keys().check(each, trial);
                if (trial.none()) {
                    blueprint.expand(each, expansion);
                }
            }
        }
    }

    /** The node over its group over its kind over the defaults. */
    private static Value inherit(Value topology, Value node, Problems problems) {
        if (!node.isMap()) {
            return node;
        }
        Value defaults = topology.get("defaults");
        Value base = defaults == null ? Value.of(Map.of(), node.where()) : defaults;
        String group = node.text("group");
        Value ofGroup = group == null ? null : topology.entries("groups").get(group);
        if (group != null && ofGroup == null) {
            problems.unknown(
                    node.get("group").where(),
                    "group",
                    group,
                    List.copyOf(topology.entries("groups").keySet()));
        }
        String kind = node.text("kind", ofGroup == null ? null : ofGroup.text("kind"));
        kind = kind == null ? base.text("kind") : kind;
        Value ofKind = kind == null ? null : topology.entries("kinds").get(kind);
        Value merged = ofKind == null ? base : ofKind.over(base);
        merged = ofGroup == null ? merged : ofGroup.over(merged);
        return node.over(merged);
    }

    public String name() {
        return root.text("name");
    }

    public String description() {
        return root.text("description", "");
    }

    /** What is to be learnt from it; empty where it says nothing. */
    String lesson() {
        return root.text("lesson", "");
    }

    public long seed() {
        return root.number("seed", 1);
    }

    /** Picoseconds; {@link Long#MAX_VALUE} where the run ends when nothing is left to do. */
    public long duration() {
        String text = root.text("duration");
        return text == null ? Long.MAX_VALUE : Units.time(text);
    }

    /** Factor of what devices' work costs; 0 for nothing. */
    public double cost() {
        return Language.cost(root.text("cost", "1"));
    }

    public Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        root.entries("parameters").forEach((name, value) -> all.put(name, value.text()));
        return all;
    }

    Map<String, Value> nodes() {
        return expansion.nodes;
    }

    List<Value> links() {
        return expansion.links;
    }

    Value linkDefaults() {
        return root.get("topology").get("link-defaults");
    }

    List<Value> steps() {
        return root.items("run");
    }

    List<Value> watches() {
        return root.items("watch");
    }

    List<Value> traffic() {
        return root.items("traffic");
    }

    /** What happens to the network, in words. */
    List<Value> events() {
        return root.items("events");
    }

    /** Kinds of fault at random. */
    List<Value> faults() {
        Value faults = root.get("faults");
        return faults == null ? List.of() : faults.isMap() ? List.of(faults) : faults.items();
    }

    /** Null where there is none. */
    Value era() {
        return root.get("topology").get("era");
    }

    List<Value> expectations() {
        return root.items("expect");
    }

    /** Names of ports to capture, with * for anything; empty for all. */
    List<Value> capturePorts() {
        Value capture = root.get("capture");
        return capture == null ? List.of() : capture.items("ports");
    }

    /** Which packets are captured, as tcpdump takes it; null for all. */
    public String captureFilter() {
        Value capture = root.get("capture");
        return capture == null ? null : capture.text("filter");
    }

    /** {@code none}, {@code port} or {@code node}. */
    public String captureSplit() {
        Value capture = root.get("capture");
        return capture == null ? "none" : capture.text("split", "none");
    }

    public int snapLength() {
        Value capture = root.get("capture");
        return capture == null ? 262_144 : (int) capture.number("snap-length", 262_144);
    }

    /** Where a key stands; the file's beginning where it is not there. */
    Where where(String key) {
        return root.where(key);
    }
}
