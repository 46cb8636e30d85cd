package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class SchemaTest {
    private static final Path SHIPPED = Path.of("src/main/resources/io/hopscope/scenarios/hopscope.schema.json");

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaWriter.json(), InputFormat.JSON);

    static java.util.List<String> names() {
        return BuiltIn.names();
    }

    private static String json(String yaml) {
        Value value = YamlReader.read("s.yaml", yaml, new Problems(), text -> text);
        return JsonMapper.builder().build().writeValueAsString(value.plain());
    }

    @Test
    void theSchemaShippedIsTheParsersOwn() throws IOException {
        if ("write".equals(System.getProperty("hopscope.schema"))) {
            Files.writeString(SHIPPED, SchemaWriter.json());
        }
        assertThat(Files.readString(SHIPPED)).isEqualTo(SchemaWriter.json());
    }

    @ParameterizedTest
    @MethodSource("names")
    void acceptsEveryBuiltInScenario(String name) {
        assertThat(SCHEMA.validate(json(BuiltIn.source(name)), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void refusesAMisspeltKey(String name) {
        String wrong = BuiltIn.source(name).replace("topology:", "topolgy:");
        assertThat(SCHEMA.validate(json(wrong), InputFormat.JSON)).isNotEmpty();
    }
}
