package io.hopscope.devices.programs;

import io.hopscope.devices.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** What {@code ip -j} makes of routes, rules and neighbours: the words of each line, under iproute2's names for them. */
final class IpJson {
    private static final Set<String> TYPES =
            Set.of("local", "broadcast", "blackhole", "unreachable", "prohibit", "throw");

    private IpJson() {}

    static void of(String kind, Step step, boolean pretty, Task task, long now) {
        // What it would have printed is what there is to say.
        Task plain = new Task(task.words(), task::resolve);
        step.run(plain, now);
        if (plain.lines().isEmpty() && !shows(task)) {
            return;
        }
        JsonText json = new JsonText(pretty).array();
        List<String> lines = plain.lines();
        for (int i = 0; i < lines.size(); ) {
            int end = i + 1;
            while (end < lines.size() && Character.isWhitespace(lines.get(end).charAt(0))) {
                end++;
            }
            json.object();
            switch (kind) {
                case "route" -> route(lines.subList(i, end), json);
                case "rule" -> rule(lines.get(i), json);
                default -> neighbour(lines.get(i), json);
            }
            json.endObject();
            i = end;
        }
        json.endArray().lines().forEach(task::line);
    }

    /** Whether nothing printed is an empty list, and not a change. */
    private static boolean shows(Task task) {
        return task.words().stream()
                .noneMatch(Set.of("add", "del", "delete", "append", "change", "replace", "flush", "prepend")::contains);
    }

    private static Deque<String> words(String line) {
        return new ArrayDeque<>(List.of(line.strip().split("\\s+")));
    }

    private static void route(List<String> lines, JsonText json) {
        Deque<String> words = words(lines.get(0));
        if (TYPES.contains(words.peek())) {
            json.put("type", words.poll());
        }
        json.put("dst", words.poll());
        List<String> metrics = new ArrayList<>();
        List<String> cache = new ArrayList<>();
        List<String> hops = new ArrayList<>();
        for (String more : lines.subList(1, lines.size())) {
            (more.startsWith("\tnexthop") ? hops : cache).add(more);
        }
        hop(words, metrics, json);
        if (!metrics.isEmpty()) {
            json.array("metrics").object();
            boolean locked = metrics.remove("lock");
            json.put("mtu", Long.parseLong(metrics.get(0)));
            if (locked) {
                json.array("locks").value("mtu").endArray();
            }
            json.endObject().endArray();
        }
        if (!hops.isEmpty()) {
            json.array("nexthops");
            for (String each : hops) {
                Deque<String> hop = words(each);
                hop.poll();
                hop(hop, metrics, json.object());
                json.endObject();
            }
            json.endArray();
        }
        if (!cache.isEmpty()) {
            cache(words(cache.get(0)), json);
        }
    }

    /** The words of a next hop, and those that stand beside it. */
    private static void hop(Deque<String> words, List<String> metrics, JsonText json) {
        List<String> flags = new ArrayList<>();
        String user = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "via" -> json.put("gateway", words.poll());
                case "from" -> json.put("from", words.poll());
                case "dev", "table", "scope", "mark", "iif" -> json.put(word, words.poll());
                case "proto" -> json.put("protocol", words.poll());
                case "src" -> json.put("prefsrc", words.poll());
                case "metric", "weight" -> json.put(word, Long.parseLong(words.poll()));
                case "mtu" -> {
                    if ("lock".equals(words.peek())) {
                        metrics.add(words.poll());
                    }
                    metrics.add(0, words.poll());
                }
                case "uid" -> user = words.poll();
                default -> flags.add(word);
            }
        }
        json.put("flags", flags);
        if (user != null) {
            json.put("uid", Long.parseLong(user));
        }
    }

    private static void cache(Deque<String> words, JsonText json) {
        List<String> flags = new ArrayList<>();
        List<String> metrics = new ArrayList<>();
        String expires = null;
        words.poll();
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "expires" -> expires = words.poll().replace("sec", "");
                case "mtu" -> {
                    if ("lock".equals(words.peek())) {
                        words.poll();
                    }
                    metrics.add(words.poll());
                }
                default -> flags.addAll(List.of(word.replaceAll("[<>]", "").split(",")));
            }
        }
        json.put("cache", flags);
        if (expires != null) {
            json.put("expires", Long.parseLong(expires));
        }
        if (!metrics.isEmpty()) {
            json.array("metrics")
                    .object()
                    .put("mtu", Long.parseLong(metrics.get(0)))
                    .endObject()
                    .endArray();
        }
    }

    private static void rule(String line, JsonText json) {
        Deque<String> words = words(line);
        json.put("priority", Long.parseLong(words.poll().replace(":", "")));
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "not" -> json.put("not", true);
                case "from" -> network("src", words.poll(), json);
                case "to" -> network("dst", words.poll(), json);
                case "fwmark" -> {
                    String[] parts = words.poll().split("/");
                    json.put("fwmark", parts[0]);
                    if (parts.length > 1) {
                        json.put("fwmask", parts[1]);
                    }
                }
                case "tos", "iif", "oif", "ipproto" -> json.put(word, words.poll());
                case "sport", "dport" -> ports(word, words.poll(), json);
                case "lookup" -> json.put("table", words.poll());
                case "suppress_prefixlength" -> json.put("suppress_prefixlen", Long.parseLong(words.poll()));
                case "goto" -> json.put("goto", Long.parseLong(words.poll()));
                case "proto" -> json.put("protocol", words.poll());
                default -> json.put("action", word);
            }
        }
    }

    private static void network(String name, String prefix, JsonText json) {
        String[] parts = prefix.split("/");
        json.put(name, parts[0]);
        if (parts.length > 1) {
            json.put(name + "len", Long.parseLong(parts[1]));
        }
    }

    private static void ports(String name, String range, JsonText json) {
        String[] parts = range.split("-");
        if (parts.length == 1) {
            json.put(name, Long.parseLong(parts[0]));
        } else {
            json.put(name + "_start", Long.parseLong(parts[0])).put(name + "_end", Long.parseLong(parts[1]));
        }
    }

    private static void neighbour(String line, JsonText json) {
        Deque<String> words = words(line);
        json.put("dst", words.poll());
        List<String> state = new ArrayList<>();
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "dev", "lladdr" -> json.put(word, words.poll());
                default -> state.add(word);
            }
        }
        json.put("state", state);
    }
}
