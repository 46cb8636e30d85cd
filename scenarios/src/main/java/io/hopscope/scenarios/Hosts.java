package io.hopscope.scenarios;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Many hosts of one subnet on one switch or bridge. */
public final class Hosts implements Blueprint {
    private static final Keys KEYS = Language.programKeys(new Keys("hosts")
            .required("kind", Type.choice("kind", List.of("hosts")), "hosts")
            .required("prefix", Language.NAME, "of their names: h gives h1, h2, ...")
            .required("count", Type.number(1, 100_000, "a number from 1 to 100000"), "how many")
            .required("subnet", Type.parsed("a prefix such as 10.0.0.0/24", null, Prefix::parse), "their subnet")
            .key("first", Type.number(1, 16_000_000, "a number"), "the first host's number in the subnet; 1")
            .key("gateway", Language.ADDRESS, "their default gateway")
            .required("attach", Language.NAME, "the bridge or switch they are joined to")
            .key(
                    "port",
                    Language.NAME,
                    "prefix of its ports' names; eth. A second blueprint on the same switch needs another"));

    @Override
    public String name() {
        return "hosts";
    }

    @Override
    public String summary() {
        return "any number of hosts of one subnet on one bridge or switch";
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public void expand(Value p, Expansion into) {
        Prefix subnet = Prefix.parse(p.text("subnet"));
        long first = p.number("first", 1);
        long count = p.number("count", 1);
        long room = (1L << 32 - subnet.length()) - 1;
        if (first + count > room) {
            into.problems()
                    .add(p.where("count"), first + count - 1 + " as last host", "what " + subnet + " has room for");
            return;
        }
        long gateway = p.has("gateway") ? Ipv4Address.bits(p.text("gateway")) - (long) subnet.address() - first : -1;
        if (gateway >= 0 && gateway < count) {
            into.problems()
                    .add(
                            p.get("gateway").where(),
                            p.text("gateway") + ", which host " + p.text("prefix") + (gateway + 1) + " has",
                            "an address before the first host's, or after the last one's");
            return;
        }
        for (int i = 0; i < count; i++) {
            String name = p.text("prefix") + (i + 1);
            Map<String, Object> host = new LinkedHashMap<>();
            host.put("kind", "linux");
            host.put("address", Ipv4Address.text((int) (subnet.address() + first + i)) + "/" + subnet.length());
            if (p.has("gateway")) {
                host.put("gateway", p.text("gateway"));
            }
            Language.programs(p, host);
            if (!into.node(name, host, p.where())) {
                return;
            }
            String port = p.text("attach") + ":" + p.text("port", "eth") + (i + 1);
            if (into.joined(port) != null) {
                into.problems()
                        .add(
                                p.where(p.has("port") ? "port" : "attach"),
                                "'" + port + "', joined already to " + into.joined(port),
                                "another beginning of its ports' names than " + p.text("port", "eth")
                                        + ", such as 'port: " + p.text("prefix") + "-'");
                return;
            }
            into.link(name + ":eth0", port, p.where());
        }
    }
}
