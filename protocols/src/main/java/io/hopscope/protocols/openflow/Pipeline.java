package io.hopscope.protocols.openflow;

import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The flow tables of one bridge with the semantics of Open vSwitch (ovs-actions(7), OpenFlow 1.0 and 1.3). Instants are
 * picoseconds; nothing is allocated for a frame that is not traced. Not safe for two threads.
 */
public final class Pipeline {
    static final long SECOND = 1_000_000_000_000L;

    private static final long MILLISECOND = SECOND / 1000;

    private final PortNames ports;
    /** As far as they are in use, which is one or a few of 255. */
    private FlowTable[] tables = {};

    private long[] missed = {};

    /** Those in use are the first {@link #nested}: patch ports lead into a bridge again. */
    private Walk[] walks = {new Walk(this)};

    private int nested;

    /** Names are for {@link #dump} and explanations. */
    public Pipeline(PortNames ports) {
        this.ports = ports;
    }

    PortNames ports() {
        return ports;
    }

    /** Null while no flow was ever added to it. */
    FlowTable table(int number) {
        return number < tables.length ? tables[number] : null;
    }

    void missed(int table) {
        if (table >= missed.length) missed = Arrays.copyOf(missed, table + 1);
        missed[table]++;
    }

    /** Installs a flow; it replaces one with the same table, match and priority, whose counters begin again. */
    public void add(Flow flow, long now) {
        if (flow.table() >= tables.length) tables = Arrays.copyOf(tables, flow.table() + 1);
        if (tables[flow.table()] == null) tables[flow.table()] = new FlowTable();
        tables[flow.table()].add(flow, now);
    }

    /** Removes the flows the filter covers and says how many. */
    public int delete(FlowFilter filter) {
        int removed = 0;
        for (FlowTable table : tables) {
            if (table == null) continue;
            for (Rule rule : table.rules()) {
                if (!filter.covers(rule.flow)) continue;
                table.remove(rule);
                removed++;
            }
        }
        return removed;
    }

    /** Removes flows past their idle or hard timeout and returns them. */
    public List<Flow> expire(long now) {
        List<Flow> expired = new ArrayList<>();
        for (FlowTable table : tables) {
            if (table == null) continue;
            for (Rule rule : table.rules()) {
                if (rule.deadline() > now) continue;
                table.remove(rule);
                expired.add(rule.flow);
            }
        }
        return expired;
    }

    /** The next instant {@link #expire} may find something; Long.MAX_VALUE for never. */
    public long nextExpiry() {
        long next = Long.MAX_VALUE;
        for (FlowTable table : tables) {
            if (table == null) continue;
            for (Rule rule : table.rules()) next = Math.min(next, rule.deadline());
        }
        return next;
    }

    /**
     * Walks one frame, which the caller owns, from table 0; the sink owns it in the end. The sink may call back for
     * another frame while it is told, as a patch port does.
     *
     * @param inPort port number, 1 to 65279 or 65534 for the bridge's own interface
     * @param tunnelId what tun_id matches, 0 if the frame came in through no tunnel
     * @param traced whether {@link #explanation} is wanted
     */
    public void execute(Frame frame, int inPort, long tunnelId, long now, Sink sink, boolean traced) {
        if (nested == walks.length) {
            walks = Arrays.copyOf(walks, nested + 1);
            walks[nested] = new Walk(this);
        }
        Walk walk = walks[nested++];
        try {
            walk.run(frame, inPort, tunnelId, now, sink, traced);
        } finally {
            nested--;
        }
    }

    /** For the sink, while it is told: what the flows did so far; empty when the walk is not traced. */
    public String explanation() {
        return nested == 0 ? "" : walks[nested - 1].explanation();
    }

    /** For the sink, while it is told: the tunnel id set by now, 0 for none. */
    public long tunnelId() {
        return nested == 0 ? 0 : walks[nested - 1].key.words[FlowKey.TUNNEL];
    }

    /** How many frames found no flow in a table. */
    public long misses(int table) {
        return table < missed.length ? missed[table] : 0;
    }

    /** All flows by table and descending priority, those of one priority in the order they were added. */
    public List<Flow> flows() {
        List<Flow> flows = new ArrayList<>();
        for (FlowTable table : tables) {
            if (table == null) continue;
            for (Rule rule : table.rules()) flows.add(rule.flow);
        }
        return flows;
    }

    /** The lines of {@code ovs-ofctl dump-flows --names}, in the order of {@link #flows}. */
    public List<String> dump(long now) {
        List<String> lines = new ArrayList<>();
        for (FlowTable table : tables) {
            if (table == null) continue;
            for (Rule rule : table.rules()) lines.add(line(rule, now));
        }
        return lines;
    }

    private String line(Rule rule, long now) {
        Flow flow = rule.flow;
        long age = (now - rule.created) / MILLISECOND;
        return String.format(
                Locale.ROOT,
                " cookie=0x%x, duration=%d.%03ds, table=%d, n_packets=%d, n_bytes=%d, %s%s%s",
                flow.cookie(),
                age / 1000,
                age % 1000,
                flow.table(),
                rule.packets,
                rule.bytes,
                flow.timeouts(),
                flow.flags(),
                flow.rule(ports));
    }
}
