package io.hopscope.protocols.stp;

import io.hopscope.encap.Bpdu;
import java.util.ArrayList;
import java.util.List;

/**
 * The spanning tree protocol of IEEE 802.1D-1998, clause 8, with the choices of the Linux bridge (net/bridge/br_stp*.c).
 * RSTP's BPDUs are not understood. Guards against BPDUs and against becoming root port are left out.
 */
public final class Stp implements SpanningTree {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long HOLD = 1_000_000_000_000L;
    /** What a message ages in a bridge: a jiffy at least. */
    private static final long AGE_STEP = 4_000_000_000L;

    private final TreeSettings own;
    private final Owner owner;
    private final Pace pace;
    private final List<StpPort> ports = new ArrayList<>();
    private final Bpdu out = new Bpdu().wrap(new byte[Bpdu.CONFIGURATION_LENGTH], 0);
    private long root;
    private int rootCost;
    private StpPort rootPort;
    /** The root's, as far as known. */
    private TreeSettings inForce;

    private boolean topologyChange;
    private boolean detected;
    private boolean up;
    private long helloAt = NEVER;
    private long notifyAt = NEVER;
    private long changeEndsAt = NEVER;

    public Stp(TreeSettings own, Owner owner, Pace pace) {
        this.own = own;
        this.owner = owner;
        this.pace = pace;
        inForce = own;
        root = own.bridge();
    }

    @Override
    public String name() {
        return "stp";
    }

    @Override
    public void add(int priority, int cost, boolean edge) {
        StpPort port = new StpPort(ports.size(), priority, cost);
        ports.add(port);
        designate(port);
    }

    @Override
    public void start(long now) {
        up = true;
        helloAt = pace.after(now, own.hello());
    }

    private boolean isRoot() {
        return root == own.bridge();
    }

    @Override
    public void link(int index, boolean present, long now) {
        StpPort port = ports.get(index);
        if (port.enabled() == present) {
            return;
        }
        boolean wasRoot = isRoot();
        designate(port);
        port.acknowledge = false;
        port.pending = false;
        if (present) {
            become(port, PortState.BLOCKING, now);
            selectStates(now);
            return;
        }
        become(port, PortState.DISABLED, now);
        port.stopTimers();
        owner.flush(index, now);
        selectRolesAndStates(now);
        becomeRootIfNew(wasRoot, now);
    }

    private void become(StpPort port, PortState state, long now) {
        port.state = state;
        owner.changed(port.index, state, now);
    }

    private void designate(StpPort port) {
        port.designated = new Vector(root, rootCost, own.bridge(), port.id);
    }

    private void selectRolesAndStates(long now) {
        selectRoot();
        for (StpPort port : ports) {
            if (port.enabled() && shouldBeDesignated(port)) {
                designate(port);
            }
        }
        selectStates(now);
    }

    private void selectRoot() {
        StpPort best = null;
        for (StpPort port : ports) {
            if (port.enabled()
                    && !port.isDesignated(own.bridge())
                    && Long.compareUnsigned(port.designated.root(), own.bridge()) < 0
                    && (best == null || nearer(port, best))) {
                best = port;
            }
        }
        rootPort = best;
        root = best == null ? own.bridge() : best.designated.root();
        rootCost = best == null ? 0 : best.designated.cost() + best.cost;
    }

    private static boolean nearer(StpPort port, StpPort than) {
        int by = port.throughHere().compareTo(than.throughHere());
        return by < 0 || by == 0 && port.id < than.id;
    }

    private boolean shouldBeDesignated(StpPort port) {
        return port.isDesignated(own.bridge())
                || port.designated.root() != root
                || new Vector(root, rootCost, own.bridge(), port.id).better(port.designated);
    }

    private void selectStates(long now) {
        for (StpPort port : ports) {
            if (!port.enabled()) {
                continue;
            }
            if (port != rootPort && port.isDesignated(own.bridge())) {
                port.messageAgeAt = NEVER;
                open(port, now);
                continue;
            }
            port.pending = false;
            port.acknowledge = false;
            if (port == rootPort) {
                open(port, now);
            } else {
                block(port, now);
            }
        }
    }

    /** Towards forwarding, by way of listening and learning. */
    private void open(StpPort port, long now) {
        if (port.state == PortState.BLOCKING) {
            become(port, PortState.LISTENING, now);
            port.forwardAt = pace.after(now, inForce.forwardDelay());
        }
    }

    private void block(StpPort port, long now) {
        if (port.state == PortState.BLOCKING) {
            return;
        }
        if (port.state.learns()) {
            changeDetected(now);
        }
        become(port, PortState.BLOCKING, now);
        port.forwardAt = NEVER;
    }

    private void becomeRootIfNew(boolean wasRoot, long now) {
        if (!isRoot() || wasRoot) {
            return;
        }
        inForce = own;
        changeDetected(now);
        notifyAt = NEVER;
        if (up) {
            configureAll(now);
            helloAt = pace.after(now, own.hello());
        }
    }

    private void changeDetected(long now) {
        if (isRoot()) {
            topologyChange(true, now);
            changeEndsAt = pace.after(now, own.forwardDelay() + own.maxAge());
        } else if (!detected) {
            notifyRoot(now);
        }
        detected = true;
    }

    private void topologyChange(boolean on, long now) {
        if (topologyChange != on) {
            topologyChange = on;
            owner.hurry(on, inForce.forwardDelay(), now);
        }
    }

    private void notifyRoot(long now) {
        if (rootPort != null) {
            owner.send(rootPort.index, out, out.start(Bpdu.TOPOLOGY_CHANGE), now);
        }
        notifyAt = pace.after(now, own.hello());
    }

    private void configureAll(long now) {
        for (StpPort port : ports) {
            if (port.enabled() && port.isDesignated(own.bridge())) {
                configure(port, now);
            }
        }
    }

    /** Sends a configuration BPDU, or notes that one is due when the hold timer allows it. */
    private void configure(StpPort port, long now) {
        if (port.holdAt != NEVER) {
            port.pending = true;
            return;
        }
        long age = rootPort == null ? 0 : now - rootPort.age + AGE_STEP;
        if (age >= inForce.maxAge()) {
            return;
        }
        int length = out.start(Bpdu.CONFIGURATION);
        out.flags((topologyChange ? Bpdu.TC : 0) | (port.acknowledge ? Bpdu.TC_ACK : 0));
        out.root(root).cost(rootCost).bridge(own.bridge()).port(port.id);
        out.times(age, inForce.maxAge(), inForce.hello(), inForce.forwardDelay());
        owner.send(port.index, out, length, now);
        port.acknowledge = false;
        port.pending = false;
        port.holdAt = pace.aligned(now, HOLD);
    }

    @Override
    public void receive(int index, Bpdu bpdu, long now) {
        StpPort port = ports.get(index);
        if (!port.enabled() || bpdu.version() != 0) {
            return;
        }
        if (bpdu.type() == Bpdu.TOPOLOGY_CHANGE) {
            if (port.isDesignated(own.bridge())) {
                changeDetected(now);
                port.acknowledge = true;
                configure(port, now);
            }
        } else if (bpdu.type() == Bpdu.CONFIGURATION && bpdu.messageAge() <= bpdu.maxAge()) {
            configuration(port, bpdu, now);
        }
    }

    private void configuration(StpPort port, Bpdu bpdu, long now) {
        Vector said = new Vector(bpdu.root(), bpdu.cost(), bpdu.bridge(), bpdu.port());
        if (!supersedes(said, port)) {
            if (port.isDesignated(own.bridge())) {
                configure(port, now);
            }
            return;
        }
        boolean wasRoot = isRoot();
        port.designated = said;
        port.age = now - bpdu.messageAge();
        port.messageAgeAt = pace.after(now, bpdu.maxAge() - bpdu.messageAge());
        selectRolesAndStates(now);
        if (wasRoot && !isRoot()) {
            helloAt = NEVER;
            if (detected) {
                changeEndsAt = NEVER;
                notifyRoot(now);
            }
        }
        if (port == rootPort) {
            heed(bpdu, now);
        }
    }

    /** Better than what is known of the segment, or the latest of the same bridge. */
    private boolean supersedes(Vector said, StpPort port) {
        Vector known = port.designated;
        if (said.root() != known.root() || said.cost() != known.cost() || said.bridge() != known.bridge()) {
            return said.better(known);
        }
        return said.bridge() != own.bridge() || said.port() <= known.port();
    }

    /** What the root says is so. */
    private void heed(Bpdu bpdu, long now) {
        inForce = own.times(bpdu.hello(), bpdu.maxAge(), bpdu.forwardDelay());
        topologyChange(bpdu.flag(Bpdu.TC), now);
        configureAll(now);
        if (bpdu.flag(Bpdu.TC_ACK)) {
            detected = false;
            notifyAt = NEVER;
        }
    }

    @Override
    public PortState state(int port) {
        return ports.get(port).state;
    }

    @Override
    public boolean aside(int port) {
        return ports.get(port).state == PortState.BLOCKING;
    }

    @Override
    public long nextDeadline() {
        long next = Math.min(helloAt, Math.min(notifyAt, changeEndsAt));
        for (StpPort port : ports) {
            next = Math.min(next, port.next());
        }
        return next;
    }

    @Override
    public void wake(long now) {
        if (helloAt <= now) {
            configureAll(now);
            helloAt = pace.aligned(now, inForce.hello());
        }
        if (notifyAt <= now) {
            notifyAt = NEVER;
            if (!isRoot()) {
                notifyRoot(now);
            }
        }
        if (changeEndsAt <= now) {
            changeEndsAt = NEVER;
            detected = false;
            topologyChange(false, now);
        }
        for (StpPort port : ports) {
            expire(port, now);
        }
    }

    private void expire(StpPort port, long now) {
        if (port.messageAgeAt <= now) {
            port.messageAgeAt = NEVER;
            boolean wasRoot = isRoot();
            designate(port);
            selectRolesAndStates(now);
            becomeRootIfNew(wasRoot, now);
        }
        if (port.forwardAt <= now) {
            port.forwardAt = NEVER;
            advance(port, now);
        }
        if (port.holdAt <= now) {
            port.holdAt = NEVER;
            if (port.pending) {
                configure(port, now);
            }
        }
    }

    private void advance(StpPort port, long now) {
        if (port.state == PortState.LISTENING) {
            become(port, PortState.LEARNING, now);
            port.forwardAt = pace.after(now, inForce.forwardDelay());
        } else if (port.state == PortState.LEARNING) {
            become(port, PortState.FORWARDING, now);
            boolean some = false;
            for (StpPort each : ports) {
                some |= each.enabled() && each.designated.bridge() == own.bridge();
            }
            if (some) {
                changeDetected(now);
            }
        }
    }

    @Override
    public BridgeView bridge() {
        int through = rootPort == null ? -1 : rootPort.index;
        return new BridgeView(
                own,
                root,
                rootCost,
                through,
                inForce.hello(),
                inForce.maxAge(),
                inForce.forwardDelay(),
                topologyChange,
                detected);
    }

    @Override
    public List<PortView> ports() {
        return ports.stream().map(this::view).toList();
    }

    private PortView view(StpPort port) {
        PortRole role = !port.enabled()
                ? PortRole.DISABLED
                : port == rootPort
                        ? PortRole.ROOT
                        : port.isDesignated(own.bridge())
                                ? PortRole.DESIGNATED
                                : port.designated.bridge() == own.bridge() ? PortRole.BACKUP : PortRole.ALTERNATE;
        Vector d = port.designated;
        return new PortView(port.id, role, port.state, port.cost, d.root(), d.cost(), d.bridge(), d.port(), false);
    }
}
