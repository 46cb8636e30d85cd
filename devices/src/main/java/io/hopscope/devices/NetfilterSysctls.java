package io.hopscope.devices;

import io.hopscope.protocols.netfilter.Conntrack;
import io.hopscope.protocols.netfilter.Timeouts;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** The settings of net.netfilter and net.bridge of one host, by the names of Linux. Its netfilter is made when one is set. */
final class NetfilterSysctls {
    private static final String LEAD = "net.netfilter.nf_conntrack_";
    private static final Timeouts PRESET = new Timeouts();

    private NetfilterSysctls() {}

    static void put(Map<String, Sysctls.Setting> to, IpStack stack, Host host) {
        put(
                to,
                LEAD + "max",
                Integer.MAX_VALUE,
                () -> stack.hooked ? stack.netfilter().hooks().conntrack().limit() : Conntrack.LIMIT,
                value -> Netfilter.of(host).hooks().conntrack().limit((int) value));
        // Nobody can set how many there are.
        put(
                to,
                LEAD + "count",
                -1,
                () -> stack.hooked
                        ? stack.netfilter()
                                .hooks()
                                .connections()
                                .count(stack.node().now())
                        : 0,
                value -> {});
        for (String name : Timeouts.names()) {
            put(
                    to,
                    name,
                    Integer.MAX_VALUE,
                    () -> (stack.hooked ? stack.netfilter().hooks().timeouts() : PRESET).get(name),
                    value -> Netfilter.of(host).hooks().timeouts().set(name, value));
        }
        put(
                to,
                "net.bridge.bridge-nf-call-iptables",
                1,
                () -> stack.hooked && stack.netfilter().bridges() ? 1 : 0,
                value -> Netfilter.of(host).bridges(value != 0));
    }

    private static void put(
            Map<String, Sysctls.Setting> to, String name, long most, LongSupplier value, LongConsumer change) {
        // Less than nothing: it can only be read.
        to.put(
                name,
                most < 0
                        ? new Sysctls.Setting(name, "nothing", () -> Long.toString(value.getAsLong()), null)
                        : Sysctls.Setting.number(name, 0, most, value, change));
    }
}
