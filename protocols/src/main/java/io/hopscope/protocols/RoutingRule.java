package io.hopscope.protocols;

import io.hopscope.encap.Prefix;

/**
 * A rule of policy routing (fib_rules of Linux): which packets ask which table, or what else becomes of them.
 *
 * @param priority lower is asked first, unsigned
 * @param inverted matches what the selectors do not
 * @param in name of the interface the packet came in through, {@code lo} for one of this host's own; null for any
 * @param out name of the interface that its socket is bound to; null for any
 * @param tos 0 for any
 * @param protocol of IP; 0 for any
 * @param target the table, or where {@link Action#GOTO} goes on
 * @param suppress a route of the table whose prefix is no longer than this does not count; -1 for none
 * @param maker as {@code ip rule show} says it: {@code kernel}, {@code static}; {@code boot} is not shown
 */
public record RoutingRule(
        int priority,
        boolean inverted,
        Prefix from,
        Prefix to,
        String in,
        String out,
        int mark,
        int mask,
        int tos,
        int protocol,
        Ports source,
        Ports destination,
        Action action,
        int target,
        int suppress,
        String maker) {
    /** What becomes of a packet that matches. */
    public enum Action {
        LOOKUP,
        GOTO,
        NOP,
        BLACKHOLE,
        UNREACHABLE,
        PROHIBIT
    }

    /** A range of ports. */
    public record Ports(int first, int last) {
        public static final Ports ANY = new Ports(0, 0);

        boolean takes(int port) {
            return this == ANY || first == 0 && last == 0 || first <= port && port <= last;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /** One of the three that there are from the start. */
    static RoutingRule builtIn(int priority, int table) {
        return new RoutingRule(
                priority,
                false,
                Prefix.ALL,
                Prefix.ALL,
                null,
                null,
                0,
                0,
                0,
                0,
                Ports.ANY,
                Ports.ANY,
                Action.LOOKUP,
                table,
                -1,
                "kernel");
    }

    /** fib_rule_match and fib4_rule_match: a source not chosen yet is 0.0.0.0. */
    boolean takes(Flow flow, String inName, String outName) {
        boolean all = from.contains(flow.source)
                && to.contains(flow.destination)
                && (in == null || in.equals(inName))
                && (out == null || out.equals(outName))
                && ((mark ^ flow.mark) & mask) == 0
                && (tos == 0 || tos == flow.tos)
                && (protocol == 0 || protocol == flow.protocol)
                && source.takes(flow.sourcePort)
                && destination.takes(flow.destinationPort);
        return all != inverted;
    }

    RoutingRule priority(int value) {
        return new RoutingRule(
                value,
                inverted,
                from,
                to,
                in,
                out,
                mark,
                mask,
                tos,
                protocol,
                source,
                destination,
                action,
                target,
                suppress,
                maker);
    }
}
