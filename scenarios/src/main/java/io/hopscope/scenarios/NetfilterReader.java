package io.hopscope.scenarios;

import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.protocols.netfilter.RuleSyntaxException;
import io.hopscope.protocols.netfilter.RulesText;
import io.hopscope.protocols.netfilter.Ruleset;
import io.hopscope.protocols.netfilter.Timeouts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads {@code iptables}, {@code ipset} and the sysctls of a node or a device. */
final class NetfilterReader {
    private static final String BRIDGE = "net.bridge.bridge-nf-call-iptables";
    private static final String MOST = "net.netfilter.nf_conntrack_max";
    /** Nothing here filters these. */
    private static final List<String> WITHOUT_EFFECT =
            List.of("net.bridge.bridge-nf-call-arptables", "net.bridge.bridge-nf-call-ip6tables");

    private final Problems problems;

    NetfilterReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * @param host null for a server without an interface
     */
    void read(Node node, Host host, Value value) {
        Value sysctls = value.get("sysctls");
        if (sysctls != null) {
            sysctls.entries().forEach((key, each) -> {
                if (reads(key)) {
                    sysctl(node, host, sysctls.where(key), key, each);
                }
            });
        }
        for (Value each : value.items("ipset")) {
            read(each, text -> rules(node, host).sets().restore(text, 0));
        }
        for (Value each : value.items("iptables")) {
            read(each, text -> RulesText.restore(rules(node, host), text, false, false));
        }
    }

    /** Whether a sysctl is netfilter's or the bridges', and none of IPv4's own. */
    static boolean reads(String key) {
        return key.startsWith("net.netfilter.") || key.startsWith("net.bridge.");
    }

    private static Ruleset rules(Node node, Host host) {
        return Netfilter.of(node, host).hooks().rules();
    }

    private void sysctl(Node node, Host host, Where where, String key, Value value) {
        if (WITHOUT_EFFECT.contains(key)) {
            return;
        }
        List<String> valid = new ArrayList<>(List.of(BRIDGE, MOST));
        valid.addAll(Timeouts.names());
        if (!valid.contains(key)) {
            problems.unknown(where, "sysctl", key, valid);
            return;
        }
        String text = String.valueOf(value.text());
        if (!text.matches("[0-9]{1,9}|true|false")) {
            problems.add(value.where(), value.kind(), "a whole number");
            return;
        }
        long number = text.equals("true") ? 1 : text.equals("false") ? 0 : Long.parseLong(text);
        Netfilter netfilter = Netfilter.of(node, host);
        if (key.equals(BRIDGE)) {
            netfilter.bridges(number != 0);
        } else if (key.equals(MOST)) {
            netfilter.hooks().conntrack().limit((int) number);
        } else {
            netfilter.hooks().timeouts().set(key, number);
        }
    }

    /** A text, or a file beside the scenario. */
    private void read(Value value, Consumer<String> take) {
        String name = value.isMap() ? value.text("file") : null;
        String text = name == null ? value.text() : file(value.get("file"));
        if (text == null) {
            return;
        }
        try {
            take.accept(text);
        } catch (RuleSyntaxException e) {
            Where where = name == null
                    ? value.within(e.line(), e.column())
                    : new Where(beside(value.where(), name).toString(), e.line(), e.column());
            problems.add(new Problem(where, e.found(), e.expected(), e.nearest()));
        } catch (IllegalArgumentException e) {
            problems.add(value.where(), e.getMessage(), "commands that can be carried out");
        }
    }

    private static Path beside(Where where, String name) {
        Path scenario = Path.of(where.file());
        return scenario.getParent() == null
                ? Path.of(name)
                : scenario.getParent().resolve(name);
    }

    /** Null after a complaint. */
    private String file(Value name) {
        try {
            Path path = beside(name.where(), String.valueOf(name.text()));
            if (Files.isRegularFile(path) && Files.size(path) <= 16 << 20) {
                return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
            }
        } catch (IOException | InvalidPathException e) {
            // Said below.
        }
        problems.add(
                name.where(), "no readable file '" + name.text() + "'", "a file beside the scenario, 16 MiB at most");
        return null;
    }
}
