package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The connections that there are, as {@code conntrack -L} prints them, and their removal. */
public final class Connections {
    private final Conntrack table;
    private final Tracker tracker;
    private final Tuple tuple = new Tuple();

    Connections(Conntrack table, Tracker tracker) {
        this.table = table;
        this.tracker = tracker;
    }

    /** What is asked for; each call gives a narrower one. */
    public static final class Filter {
        /** Everything. */
        public static final Filter ALL = new Filter();

        private Integer protocol;
        private Prefix source;
        private Prefix destination;
        private Prefix replySource;
        private Prefix replyDestination;
        private int sourcePort = -1;
        private int destinationPort = -1;
        private int zone = -1;
        private int mark = -1;
        private boolean sourceNat;
        private boolean destinationNat;

        private Filter() {}

        private Filter copy() {
            Filter copy = new Filter();
            copy.protocol = protocol;
            copy.source = source;
            copy.destination = destination;
            copy.replySource = replySource;
            copy.replyDestination = replyDestination;
            copy.sourcePort = sourcePort;
            copy.destinationPort = destinationPort;
            copy.zone = zone;
            copy.mark = mark;
            copy.sourceNat = sourceNat;
            copy.destinationNat = destinationNat;
            return copy;
        }

        public Filter protocol(int only) {
            Filter copy = copy();
            copy.protocol = only;
            return copy;
        }

        public Filter source(Prefix only) {
            Filter copy = copy();
            copy.source = only;
            return copy;
        }

        public Filter destination(Prefix only) {
            Filter copy = copy();
            copy.destination = only;
            return copy;
        }

        public Filter replySource(Prefix only) {
            Filter copy = copy();
            copy.replySource = only;
            return copy;
        }

        public Filter replyDestination(Prefix only) {
            Filter copy = copy();
            copy.replyDestination = only;
            return copy;
        }

        public Filter sourcePort(int only) {
            Filter copy = copy();
            copy.sourcePort = only;
            return copy;
        }

        public Filter destinationPort(int only) {
            Filter copy = copy();
            copy.destinationPort = only;
            return copy;
        }

        public Filter zone(int only) {
            Filter copy = copy();
            copy.zone = only;
            return copy;
        }

        public Filter mark(int only) {
            Filter copy = copy();
            copy.mark = only;
            return copy;
        }

        public Filter sourceNat() {
            Filter copy = copy();
            copy.sourceNat = true;
            return copy;
        }

        public Filter destinationNat() {
            Filter copy = copy();
            copy.destinationNat = true;
            return copy;
        }
    }

    private boolean wanted(int id, Filter filter) {
        int ports = table.ports(id, 0);
        boolean nat = !filter.sourceNat && !filter.destinationNat
                || filter.sourceNat && (table.status(id) & Conntrack.SOURCE_NAT) != 0
                || filter.destinationNat && (table.status(id) & Conntrack.DESTINATION_NAT) != 0;
        return nat
                && (filter.protocol == null || filter.protocol == table.protocol(id))
                && in(filter.source, table.source(id, 0))
                && in(filter.destination, table.destination(id, 0))
                && in(filter.replySource, table.source(id, 1))
                && in(filter.replyDestination, table.destination(id, 1))
                && (filter.sourcePort < 0 || filter.sourcePort == ports >>> 16)
                && (filter.destinationPort < 0 || filter.destinationPort == (ports & 0xffff))
                && (filter.zone < 0 || filter.zone == table.zone(id))
                && (filter.mark == -1 || filter.mark == table.mark(id));
    }

    private static boolean in(Prefix prefix, int address) {
        return prefix == null || prefix.contains(address);
    }

    /** In the order of their places. */
    public List<String> list(Filter filter, long now) {
        List<String> lines = new ArrayList<>();
        for (int id = 0; id < table.places(); id++) {
            if (table.live(id, now) && wanted(id, filter)) {
                lines.add(line(id, now));
            }
        }
        return lines;
    }

    /** Removes connections; returns their lines as they were. */
    public List<String> delete(Filter filter, long now) {
        List<String> lines = new ArrayList<>();
        for (int id = 0; id < table.places(); id++) {
            if (table.live(id, now) && wanted(id, filter)) {
                lines.add(line(id, now));
                table.kill(id);
            }
        }
        return lines;
    }

    /** Connections there are. */
    public int count(long now) {
        int live = 0;
        for (int id = 0; id < table.places(); id++) {
            live += table.live(id, now) ? 1 : 0;
        }
        return live;
    }

    private String line(int id, long now) {
        int protocol = table.protocol(id);
        boolean known =
                protocol == Ipv4.TCP || protocol == Ipv4.UDP || protocol == Ipv4.ICMP || protocol == Tracker.GRE;
        String name = known ? Services.protocolText(protocol) : "unknown";
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "%-8s %d %d ", name, protocol, table.secondsLeft(id, now)));
        if (protocol == Ipv4.TCP) {
            line.append(TcpTracker.NAMES[tracker.tcpState(id)]).append(' ');
        }
        int status = table.status(id);
        tuple(line, id, 0);
        line.append((status & Conntrack.SEEN_REPLY) == 0 ? "[UNREPLIED] " : "");
        tuple(line, id, 1);
        line.append((status & Conntrack.ASSURED) != 0 ? "[ASSURED] " : "");
        line.append("mark=").append(Integer.toUnsignedString(table.mark(id))).append(' ');
        int zones = table.zoneDirections(id);
        if (table.zone(id) != 0 && zones == 3) {
            line.append("zone=").append(table.zone(id)).append(' ');
        }
        return line.append("use=1").toString();
    }

    private void tuple(StringBuilder line, int id, int direction) {
        table.tuple(id, direction, tuple);
        line.append("src=").append(Ipv4Address.text(tuple.source));
        line.append(" dst=").append(Ipv4Address.text(tuple.destination)).append(' ');
        if (tuple.protocol == Ipv4.ICMP) {
            line.append("type=")
                    .append(tuple.ports >>> 8 & 0xff)
                    .append(" code=")
                    .append(tuple.ports & 0xff);
            line.append(" id=").append(tuple.ports >>> 16).append(' ');
        } else if (tuple.protocol == Ipv4.TCP || tuple.protocol == Ipv4.UDP || tuple.protocol == 132) {
            line.append("sport=")
                    .append(tuple.sourcePort())
                    .append(" dport=")
                    .append(tuple.destinationPort())
                    .append(' ');
        }
        if (tuple.protocol == Tracker.GRE) {
            // Keys are those of PPTP, which nobody speaks here.
            line.append("srckey=0x0 dstkey=0x0 ");
        }
        int zones = table.zoneDirections(id);
        if (table.zone(id) != 0 && zones == 1 << direction) {
            line.append(direction == 0 ? "zone-orig=" : "zone-reply=")
                    .append(table.zone(id))
                    .append(' ');
        }
    }
}
