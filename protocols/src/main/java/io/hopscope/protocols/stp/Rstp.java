package io.hopscope.protocols.stp;

import io.hopscope.encap.Bpdu;
import io.hopscope.protocols.stp.RstpPort.Info;
import io.hopscope.protocols.stp.RstpPort.Received;
import io.hopscope.protocols.stp.RstpPort.Times;
import java.util.ArrayList;
import java.util.List;

/**
 * The rapid spanning tree protocol (IEEE 802.1D-2004, clause 17): proposal and agreement, edge ports, alternate and backup
 * ports, and 802.1D-1998 towards bridges that speak only that. Every link is taken for point-to-point; no MSTP.
 */
public final class Rstp implements SpanningTree {
    static final long SECOND = 1_000_000_000_000L;
    static final long MIGRATE = 3 * SECOND;
    private static final long NEVER = Long.MAX_VALUE;

    final TreeSettings own;
    private final Owner owner;
    private final List<RstpPort> ports = new ArrayList<>();
    private final Bpdu out = new Bpdu().wrap(new byte[Bpdu.RAPID_LENGTH], 0);
    private final RstpTransitions transitions;
    private Vector root;
    private Times rootTimes;
    private RstpPort rootPort;
    private long next = NEVER;
    /** When the machines last stood still. */
    private long settled;

    public Rstp(TreeSettings own, Owner owner) {
        this.own = own;
        this.owner = owner;
        root = new Vector(own.bridge(), 0, own.bridge(), 0);
        rootTimes = new Times(0, own.maxAge(), own.hello(), own.forwardDelay());
        transitions = new RstpTransitions(this, ports, owner);
    }

    @Override
    public String name() {
        return "rstp";
    }

    @Override
    public void add(int priority, int cost, boolean edge) {
        RstpPort port = new RstpPort(this, ports.size(), priority, cost, edge);
        port.designated = new Vector(own.bridge(), 0, own.bridge(), port.id);
        port.priority = port.designated;
        port.designatedTimes = rootTimes;
        port.times = rootTimes;
        ports.add(port);
    }

    @Override
    public void start(long now) {
        settle(now);
    }

    @Override
    public void link(int index, boolean up, long now) {
        RstpPort port = ports.get(index);
        if (port.enabled == up) {
            return;
        }
        if (up) {
            port.enable(now);
        } else {
            port.disable();
            owner.flush(index, now);
        }
        settle(now);
    }

    /** Runs the machines until none of them moves. */
    private void settle(long now) {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (RstpPort port : ports) {
                if (port.info == Info.RECEIVED && port.rcvdInfoWhile <= now && !port.updtInfo) {
                    port.info = Info.AGED;
                    port.rcvdInfoWhile = NEVER;
                    port.reselect = true;
                    port.selected = false;
                }
            }
            moved |= selectRoles();
            for (RstpPort port : ports) {
                if (port.enabled && port.selected && port.updtInfo) {
                    port.update();
                    moved = true;
                }
                moved |= transitions.step(port, now);
            }
        }
        for (RstpPort port : ports) {
            transmit(port, now);
        }
        settled = now;
        next = NEVER;
        for (RstpPort port : ports) {
            next = Math.min(next, port.next(now));
        }
    }

    private boolean selectRoles() {
        boolean any = false;
        for (RstpPort port : ports) {
            any |= port.reselect;
            port.reselect = false;
        }
        if (any) {
            updtRolesTree();
            ports.forEach(port -> port.selected = true);
        }
        return any;
    }

    /** Clause 17.21.25. */
    private void updtRolesTree() {
        root = new Vector(own.bridge(), 0, own.bridge(), 0);
        rootTimes = new Times(0, own.maxAge(), own.hello(), own.forwardDelay());
        rootPort = null;
        for (RstpPort port : ports) {
            Vector through = port.priority.plus(port.cost);
            boolean foreign = (port.priority.bridge() ^ own.bridge()) << 16 != 0;
            if (port.info == Info.RECEIVED && foreign) {
                int by = through.compareTo(root);
                if (by < 0 || by == 0 && rootPort != null && port.id < rootPort.id) {
                    root = through;
                    rootPort = port;
                }
            }
        }
        if (rootPort != null) {
            Times heard = rootPort.times;
            rootTimes = new Times(heard.messageAge() + SECOND, heard.maxAge(), heard.hello(), heard.forwardDelay());
        }
        ports.forEach(this::selectRole);
    }

    private void selectRole(RstpPort port) {
        port.designated = new Vector(root.root(), root.cost(), own.bridge(), port.id);
        port.designatedTimes = rootTimes;
        port.updtInfo = false;
        switch (port.info) {
            case DISABLED -> port.selectedRole = PortRole.DISABLED;
            case AGED -> {
                port.updtInfo = true;
                port.selectedRole = PortRole.DESIGNATED;
            }
            case MINE -> {
                port.selectedRole = PortRole.DESIGNATED;
                port.updtInfo = !port.priority.equals(port.designated) || !port.times.equals(rootTimes);
            }
            default -> received(port);
        }
    }

    private void received(RstpPort port) {
        if (port == rootPort) {
            port.selectedRole = PortRole.ROOT;
        } else if (port.designated.better(port.priority)) {
            port.selectedRole = PortRole.DESIGNATED;
            port.updtInfo = true;
        } else {
            port.selectedRole = port.priority.bridge() == own.bridge() ? PortRole.BACKUP : PortRole.ALTERNATE;
        }
    }

    @Override
    public void receive(int index, Bpdu bpdu, long now) {
        RstpPort port = ports.get(index);
        if (!port.enabled) {
            return;
        }
        migrate(port, bpdu, now);
        port.operEdge = false;
        port.edgeDelayWhile = now + MIGRATE;
        if (bpdu.type() == Bpdu.TOPOLOGY_CHANGE) {
            port.rcvdTcn = true;
        } else if (bpdu.messageAge() < bpdu.maxAge()) {
            message(port, bpdu, now);
        }
        settle(now);
    }

    /** The port protocol migration machine: speaks as its neighbour does, but changes its mind once in three seconds. */
    private static void migrate(RstpPort port, Bpdu bpdu, long now) {
        boolean rapid = bpdu.type() == Bpdu.RAPID;
        if (rapid != port.sendRstp && port.mdelayWhile <= now) {
            port.sendRstp = rapid;
            port.mdelayWhile = now + MIGRATE;
        }
    }

    private void message(RstpPort port, Bpdu bpdu, long now) {
        Vector said = new Vector(bpdu.root(), bpdu.cost(), bpdu.bridge(), bpdu.port());
        Times when = new Times(bpdu.messageAge(), bpdu.maxAge(), Math.max(SECOND, bpdu.hello()), bpdu.forwardDelay());
        Received kind = port.classify(bpdu, said, when);
        switch (kind) {
            case SUPERIOR -> {
                port.agreed = false;
                port.proposing = false;
                port.recordProposal(bpdu);
                port.setTcFlags(bpdu);
                port.agree &= port.info == Info.RECEIVED && said.compareTo(port.priority) <= 0;
                port.recordAgreement(bpdu);
                port.synced &= port.agreed;
                port.priority = said;
                port.times = when;
                port.updtRcvdInfoWhile(now);
                port.info = Info.RECEIVED;
                port.reselect = true;
                port.selected = false;
            }
            case REPEATED -> {
                port.recordProposal(bpdu);
                port.setTcFlags(bpdu);
                port.recordAgreement(bpdu);
                port.updtRcvdInfoWhile(now);
            }
            case INFERIOR -> port.recordDispute(bpdu);
            case AGREEMENT -> {
                port.recordAgreement(bpdu);
                port.setTcFlags(bpdu);
            }
            default -> {}
        }
    }

    @Override
    public PortState state(int port) {
        return ports.get(port).state;
    }

    @Override
    public boolean aside(int port) {
        PortRole role = ports.get(port).role;
        return role == PortRole.ALTERNATE || role == PortRole.BACKUP;
    }

    @Override
    public long nextDeadline() {
        return next;
    }

    @Override
    public void wake(long now) {
        for (RstpPort port : ports) {
            if (port.txDecay <= now) {
                port.txCount--;
                port.txDecay = port.txCount > 0 ? port.txDecay + SECOND : NEVER;
            }
            if (port.helloWhen <= now) {
                port.newInfo |= port.role == PortRole.DESIGNATED || port.role == PortRole.ROOT && port.tcWhile > now;
                port.helloWhen = now + port.designatedTimes.hello();
            }
            if (port.edgeDelayWhile <= now) {
                port.edgeDelayWhile = NEVER;
                // Nobody has answered a proposal: only hosts are there.
                port.operEdge |= port.enabled && port.sendRstp && port.proposing;
            }
        }
        settle(now);
    }

    private void transmit(RstpPort port, long now) {
        if (!port.enabled || !port.newInfo || !port.settled() || port.txCount >= RstpPort.LIMIT) {
            return;
        }
        if (port.sendRstp) {
            message(port, Bpdu.RAPID, now);
        } else if (port.role == PortRole.DESIGNATED) {
            message(port, Bpdu.CONFIGURATION, now);
        } else if (port.role == PortRole.ROOT) {
            owner.send(port.index, out, out.start(Bpdu.TOPOLOGY_CHANGE), now);
        }
        port.newInfo = false;
        if (port.txCount++ == 0) {
            port.txDecay = now + SECOND;
        }
        port.helloWhen = now + port.designatedTimes.hello();
    }

    private void message(RstpPort port, int type, long now) {
        int length = out.start(type);
        int flags = port.tcWhile > now ? Bpdu.TC : 0;
        if (type == Bpdu.CONFIGURATION) {
            flags |= port.tcAck ? Bpdu.TC_ACK : 0;
        } else {
            flags |= port.proposing ? Bpdu.PROPOSAL : 0;
            flags |= port.state.learns() ? Bpdu.LEARNING : 0;
            flags |= port.state.forwards() ? Bpdu.FORWARDING : 0;
            flags |= port.agree ? Bpdu.AGREEMENT : 0;
        }
        out.flags(flags);
        if (type == Bpdu.RAPID) {
            out.role(port.role == PortRole.DESIGNATED ? 3 : port.role == PortRole.ROOT ? 2 : 1);
        }
        Vector said = port.designated;
        Times when = port.designatedTimes;
        out.root(said.root()).cost(said.cost()).bridge(said.bridge()).port(said.port());
        out.times(when.messageAge(), when.maxAge(), when.hello(), when.forwardDelay());
        owner.send(port.index, out, length, now);
        port.tcAck = false;
    }

    @Override
    public BridgeView bridge() {
        int through = rootPort == null ? -1 : rootPort.index;
        boolean changing = ports.stream().anyMatch(port -> port.tcWhile > settled);
        Times t = rootTimes;
        return new BridgeView(
                own, root.root(), root.cost(), through, t.hello(), t.maxAge(), t.forwardDelay(), changing, changing);
    }

    @Override
    public List<PortView> ports() {
        return ports.stream()
                .map(port -> {
                    Vector v = port.enabled ? port.priority : port.designated;
                    return new PortView(
                            port.id,
                            port.role,
                            port.state,
                            port.cost,
                            v.root(),
                            v.cost(),
                            v.bridge(),
                            v.port(),
                            port.operEdge);
                })
                .toList();
    }
}
