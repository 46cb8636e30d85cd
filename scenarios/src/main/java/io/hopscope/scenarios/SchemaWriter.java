package io.hopscope.scenarios;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/** Writes the language's JSON Schema from the tables the parser goes by. */
public final class SchemaWriter {
    private static final ThreadLocal<Map<String, Object>> DEFINED = new ThreadLocal<>();

    private SchemaWriter() {}

    /** A type that others refer to; what it refers to itself is defined as well. */
    static void define(String name, Type type) {
        Map<String, Object> defined = DEFINED.get();
        if (defined != null && !defined.containsKey(name)) {
            // First the name: a type may contain itself.
            defined.put(name, Map.of());
            defined.put(name, type.schema());
        }
    }

    /** JSON Schema 2020-12. */
    public static String json() {
        Map<String, Object> defined = new LinkedHashMap<>();
        DEFINED.set(defined);
        try {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
            schema.put("title", "Hopscope scenario");
            schema.putAll(Language.SCENARIO.schema());
            schema.put("$defs", defined);
            var indenter = new DefaultIndenter("  ", "\n");
            var printer =
                    new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
            return JsonMapper.builder().build().writer().with(printer).writeValueAsString(schema) + "\n";
        } finally {
            DEFINED.remove();
        }
    }
}
