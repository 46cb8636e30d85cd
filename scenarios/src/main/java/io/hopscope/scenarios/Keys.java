package io.hopscope.scenarios;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A map with known keys: the one table that both the parser and the JSON Schema go by. */
final class Keys implements Type {
    private record Key(Type type, String meaning) {}

    private final String what;
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();
    private final Map<String, String> foreign = new LinkedHashMap<>();

    /**
     * @param what the map describes, for messages: {@code a link}
     */
    Keys(String what) {
        this.what = what;
    }

    Keys key(String name, Type type, String meaning) {
        keys.put(name, new Key(type, meaning));
        return this;
    }

    Keys required(String name, Type type, String meaning) {
        required.add(name);
        return key(name, type, meaning);
    }

    /** A key of another tool's files: refused, with what to write instead. */
    Keys instead(String name, String advice) {
        foreign.put(name, advice);
        return this;
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    @Override
    public void check(Value value, Problems problems) {
        if (!value.isMap()) {
            problems.add(value.where(), value.kind(), what + ", with keys " + String.join(", ", keys.keySet()));
            return;
        }
        value.entries().forEach((name, each) -> {
            Key key = keys.get(name);
            if (key != null) {
                key.type.check(each, problems);
            } else if (foreign.containsKey(name)) {
                problems.add(
                        value.where(name), "key '" + name + "', which needs a container engine", foreign.get(name));
            } else {
                problems.unknown(value.where(name), "key", name, keys.keySet());
            }
        });
        for (String name : required) {
            if (!value.has(name)) {
                problems.add(
                        value.where(), what + " without '" + name + "'", "'" + name + "': " + keys.get(name).meaning);
            }
        }
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.forEach((name, key) -> {
            Map<String, Object> property = new LinkedHashMap<>(key.type.schema());
            if (!property.containsKey("$ref")) {
                property.put("description", key.meaning);
            }
            properties.put(name, property);
        });
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("description", what);
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", List.copyOf(required));
        }
        schema.put("additionalProperties", false);
        return schema;
    }
}
