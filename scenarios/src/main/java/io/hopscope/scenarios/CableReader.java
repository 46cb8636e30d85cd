package io.hopscope.scenarios;

import io.hopscope.core.Impairment;
import io.hopscope.core.Network;
import io.hopscope.core.Port;
import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.devices.tc.NetemWords;
import io.hopscope.devices.tc.QdiscWords;
import io.hopscope.devices.tc.TcFault;
import io.hopscope.encap.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What a scenario says of the way of frames through a link: what befalls them on it, and where they wait before it. */
final class CableReader {
    static final Type IMPAIR = directed("netem's words, such as 'loss 1% delay 10ms 2ms'", NetemWords::impairment);
    static final Type QDISC =
            directed("a queue discipline in tc's words, such as 'fq_codel limit 300'", QdiscWords::parse);

    private final Network network;
    private final Problems problems;

    CableReader(Network network, Problems problems) {
        this.network = network;
        this.problems = problems;
    }

    /** A text for both directions, or one for each of the ends that send. */
    private static Type directed(String expected, Function<List<String>, ?> parser) {
        Type words = words(expected, parser);
        return Type.either(words, Type.map("the same by the end that sends", words));
    }

    private static Type words(String expected, Function<List<String>, ?> parser) {
        return new Type() {
            @Override
            public void check(Value value, Problems problems) {
                if (value.isText()) {
                    parse(value, parser, expected, problems);
                } else {
                    problems.add(value.where(), value.kind(), expected);
                }
            }

            @Override
            public Map<String, Object> schema() {
                Map<String, Object> schema = new LinkedHashMap<>();
                schema.put("type", "string");
                schema.put("description", expected);
                return schema;
            }
        };
    }

    private static <T> T parse(Value value, Function<List<String>, T> parser, String expected, Problems problems) {
        Tokens tokens = Tokens.of(value.text());
        try {
            return parser.apply(tokens.words());
        } catch (TcFault e) {
            String nearest = e.word() == null ? null : Nearest.of(e.word(), e.valid());
            String wanted = e.valid().isEmpty() ? expected : Problems.listed(e.valid());
            String message = e.getMessage()
                    .replaceFirst("^(Error|RTNETLINK answers): ", "")
                    .replaceFirst("\\.$", "");
            problems.add(new Problem(
                    value.where(tokens.column(e.at())), "'" + value.text() + "': " + message, wanted, nearest));
            return null;
        }
    }

    /** What a link says, at its two ends. */
    void read(Value link, Port a, Port b) {
        if (link.has("impair") && !a.cabled()) {
            problems.add(
                    link.where("impair"),
                    "'impair' of a wire inside a node",
                    "a cable between nodes, or 'qdisc: netem ...', which a wire may have as well");
        } else {
            each(link.get("impair"), a, b, (port, value) -> {
                Impairment by = parse(value, NetemWords::impairment, "", problems);
                if (by != null) {
                    network.impair(port, by, 0);
                }
            });
        }
        each(link.get("qdisc"), a, b, (port, value) -> {
            QdiscSpec spec = parse(value, QdiscWords::parse, "", problems);
            if (spec != null) {
                port.qdisc(spec, port.node().nextHandle(), 0);
            }
        });
    }

    private void each(Value spec, Port a, Port b, BiConsumer<Port, Value> to) {
        if (spec == null) {
            return;
        } else if (spec.isText()) {
            to.accept(a, spec);
            to.accept(b, spec);
            return;
        }
        spec.entries().forEach((end, value) -> {
            Port port = a.toString().equals(end) ? a : b.toString().equals(end) ? b : null;
            if (port == null) {
                problems.unknown(spec.where(end), "end of the link", end, List.of(a.toString(), b.toString()));
            } else if (value.isText()) {
                to.accept(port, value);
            }
        });
    }
}
