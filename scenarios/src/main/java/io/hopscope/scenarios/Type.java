package io.hopscope.scenarios;

import io.hopscope.traces.FilterFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a value may be: the parser checks by it, and the JSON Schema is written from it. */
interface Type {
    void check(Value value, Problems problems);

    /** JSON Schema 2020-12, as maps and lists. */
    Map<String, Object> schema();

    /** Any text, number or boolean. */
    static Type text(String expected) {
        return parsed(expected, null, text -> text);
    }

    /**
     * A text that a parser accepts.
     *
     * @param pattern regular expression for the schema, or null
     * @param parser throws {@link IllegalArgumentException} for what is wrong
     */
    static Type parsed(String expected, String pattern, Function<String, ?> parser) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                if (!value.isText()) {
                    problems.add(value.where(), value.kind(), expected);
                    return;
                }
                try {
                    parser.apply(value.text());
                } catch (Units.Unknown e) {
                    problems.unknown(value.where(), e.what(), e.found(), e.valid());
                } catch (FilterFault e) {
                    problems.add(new Problem(value.where(), e.found("the filter"), e.expected(), e.nearest()));
                } catch (IllegalArgumentException e) {
                    problems.add(value.where(), value.kind(), expected);
                }
            }

            @Override
            public Map<String, Object> schema() {
                Map<String, Object> schema = new LinkedHashMap<>();
                schema.put("type", List.of("string", "number", "boolean"));
                schema.put("description", expected);
                if (pattern != null) {
                    schema.put("pattern", pattern);
                }
                return schema;
            }
        };
    }

    static Type number(long least, long most, String expected) {
        Type check = parsed(expected, null, text -> {
            long value = Long.decode(text.replace("_", ""));
            if (value < least || value > most) {
                throw new IllegalArgumentException(text);
            }
            return value;
        });
        return with(check, schema -> {
            schema.put("type", List.of("integer", "string"));
            schema.put("minimum", least);
            schema.put("maximum", most);
        });
    }

    private static Type with(Type check, java.util.function.Consumer<Map<String, Object>> change) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                check.check(value, problems);
            }

            @Override
            public Map<String, Object> schema() {
                Map<String, Object> schema = new LinkedHashMap<>(check.schema());
                change.accept(schema);
                return schema;
            }
        };
    }

    static Type flag(String expected) {
        return with(
                parsed(expected + ": true or false", null, text -> {
                    if (!text.matches("true|false|yes|no|on|off|0|1")) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                }),
                schema -> schema.put("type", List.of("boolean", "string", "integer")));
    }

    static Type choice(String what, List<String> valid) {
        return choice(what, () -> valid);
    }

    static Type choice(String what, Supplier<List<String>> valid) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                if (!value.isText()) {
                    problems.add(value.where(), value.kind(), what + ": " + String.join(", ", valid.get()));
                } else if (!valid.get().contains(value.text())) {
                    problems.unknown(value.where(), what, value.text(), valid.get());
                }
            }

            @Override
            public Map<String, Object> schema() {
                Map<String, Object> schema = new LinkedHashMap<>();
                schema.put("enum", List.copyOf(valid.get()));
                schema.put("description", what);
                return schema;
            }
        };
    }

    /** A list, or one item alone. */
    static Type list(Type item) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                if (value.isList()) {
                    value.items().forEach(each -> item.check(each, problems));
                } else {
                    item.check(value, problems);
                }
            }

            @Override
            public Map<String, Object> schema() {
                Map<String, Object> list = new LinkedHashMap<>();
                list.put("type", "array");
                list.put("items", item.schema());
                return Map.of("anyOf", List.of(list, item.schema()));
            }
        };
    }

    /** A map from free names. */
    static Type map(String expected, Type item) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                if (!value.isMap()) {
                    problems.add(value.where(), value.kind(), expected);
                    return;
                }
                value.entries().values().forEach(each -> item.check(each, problems));
            }

            @Override
            public Map<String, Object> schema() {
                Map<String, Object> schema = new LinkedHashMap<>();
                schema.put("type", "object");
                schema.put("description", expected);
                schema.put("additionalProperties", item.schema());
                return schema;
            }
        };
    }

    /** A text, or a map: {@code 10.0.0.1/24} for {@code {address: 10.0.0.1/24}}. */
    static Type either(Type text, Type other) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                (value.isText() ? text : other).check(value, problems);
            }

            @Override
            public Map<String, Object> schema() {
                return Map.of("anyOf", List.of(text.schema(), other.schema()));
            }
        };
    }

    /** A map, or a list of such. */
    static Type several(Type map) {
        Type list = list(map);
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                (value.isList() ? list : map).check(value, problems);
            }

            @Override
            public Map<String, Object> schema() {
                return Map.of("anyOf", List.of(map.schema(), list.schema()));
            }
        };
    }

    /** Defined once in the schema, under {@code $defs}. */
    static Type named(String name, Type type) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                type.check(value, problems);
            }

            @Override
            public Map<String, Object> schema() {
                SchemaWriter.define(name, type);
                return Map.of("$ref", "#/$defs/" + name);
            }
        };
    }
}
