package io.hopscope.scenarios;

import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A routed leaf-spine fabric: each leaf has a subnet of servers, every leaf is joined to every spine. Routes are static, a
 * leaf sends to each other leaf by way of one spine; no BGP, no ECMP.
 */
public final class LeafSpine implements Blueprint {
    private static final Type SMALL = Type.number(1, 200, "a number from 1 to 200");
    private static final Keys KEYS = new Keys("a leaf-spine")
            .required("kind", Type.choice("kind", List.of("leaf-spine")), "leaf-spine")
            .required("leaves", SMALL, "how many leaves")
            .required("spines", Type.number(1, 64, "a number from 1 to 64"), "how many spines")
            .required("servers", SMALL, "servers a leaf")
            .key("ports", Type.number(1, 1024, "a number from 1 to 1024"), "of a leaf; as many as are needed");

    @Override
    public String name() {
        return "leaf-spine";
    }

    @Override
    public String summary() {
        return "leaves, spines and servers in a routed fabric with static routes";
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public void expand(Value p, Expansion into) {
        int leaves = (int) p.number("leaves", 1);
        int spines = (int) p.number("spines", 1);
        int servers = (int) p.number("servers", 1);
        long ports = p.number("ports", Long.MAX_VALUE);
        if (servers + spines > ports) {
            into.problems()
                    .add(
                            p.get("servers").where(),
                            servers + " servers and " + spines + " spines on a leaf of " + ports + " ports",
                            ports > spines ? "at most " + (ports - spines) + " servers" : "more ports than spines");
            return;
        }
        for (int s = 1; s <= spines; s++) {
            into.node("spine" + s, spine(s, leaves), p.where());
        }
        for (int l = 1; l <= leaves; l++) {
            into.node("leaf" + l, leaf(l, leaves, spines), p.where());
            into.node("leaf" + l + "-sw", Map.of("kind", "bridge"), p.where());
            into.link("leaf" + l + ":servers", "leaf" + l + "-sw:up", p.where());
            for (int s = 1; s <= spines; s++) {
                into.link("leaf" + l + ":spine" + s, "spine" + s + ":leaf" + l, p.where());
            }
            for (int h = 1; h <= servers; h++) {
                String name = "server" + l + "-" + h;
                into.node(
                        name,
                        Map.of(
                                "kind",
                                "linux",
                                "address",
                                subnet(l) + "." + (h + 1) + "/24",
                                "gateway",
                                subnet(l) + ".1"),
                        p.where());
                into.link(name + ":eth0", "leaf" + l + "-sw:eth" + h, p.where());
            }
        }
    }

    private static String subnet(int leaf) {
        return "10.1." + leaf;
    }

    /** Of the link between a leaf and a spine: a /31 of 10.128.0.0/9. */
    private static String address(int leaf, int spine, boolean ofLeaf) {
        return Ipv4Address.text(0x0a800000 + leaf * 256 + spine * 2 + (ofLeaf ? 1 : 0));
    }

    private static Map<String, Object> leaf(int leaf, int leaves, int spines) {
        Map<String, Object> interfaces = new LinkedHashMap<>();
        interfaces.put("servers", subnet(leaf) + ".1/24");
        for (int s = 1; s <= spines; s++) {
            interfaces.put("spine" + s, address(leaf, s, true) + "/31");
        }
        List<String> routes = new ArrayList<>();
        for (int other = 1; other <= leaves; other++) {
            if (other != leaf) {
                int spine = (leaf + other) % spines + 1;
                routes.add(subnet(other) + ".0/24 via " + address(leaf, spine, false));
            }
        }
        return router(interfaces, routes);
    }

    private static Map<String, Object> spine(int spine, int leaves) {
        Map<String, Object> interfaces = new LinkedHashMap<>();
        List<String> routes = new ArrayList<>();
        for (int l = 1; l <= leaves; l++) {
            interfaces.put("leaf" + l, address(l, spine, false) + "/31");
            routes.add(subnet(l) + ".0/24 via " + address(l, spine, true));
        }
        return router(interfaces, routes);
    }

    private static Map<String, Object> router(Map<String, Object> interfaces, List<String> routes) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("kind", "linux");
        node.put("forwarding", "true");
        node.put("interfaces", interfaces);
        node.put("routes", routes);
        return node;
    }
}
