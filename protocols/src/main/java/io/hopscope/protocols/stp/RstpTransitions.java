package io.hopscope.protocols.stp;

import java.util.List;

/** The port role transitions, port state transition and topology change machines of {@link Rstp} (802.1D-2004, 17.29-31). */
final class RstpTransitions {
    private final Rstp tree;
    private final List<RstpPort> ports;
    private final SpanningTree.Owner owner;

    RstpTransitions(Rstp tree, List<RstpPort> ports, SpanningTree.Owner owner) {
        this.tree = tree;
        this.ports = ports;
        this.owner = owner;
    }

    /** One step of each machine of the port; whether anything moved. */
    boolean step(RstpPort port, long now) {
        boolean moved = port.settled() && role(port, now);
        moved |= state(port, now);
        moved |= topology(port, now);
        return moved;
    }

    private boolean role(RstpPort port, long now) {
        if (port.role != port.selectedRole) {
            port.leave(now);
            port.role = port.selectedRole;
            if (port.role != PortRole.ROOT && port.role != PortRole.DESIGNATED) {
                port.learn = false;
                port.forward = false;
            }
            return true;
        }
        return switch (port.role) {
            case ROOT -> root(port, now);
            case DESIGNATED -> designated(port, now);
            case ALTERNATE, BACKUP -> alternate(port, now);
            case DISABLED -> rest(port, now);
        };
    }

    /** What needs no syncing has synced. */
    private static boolean rest(RstpPort port, long now) {
        if (port.synced && !port.sync && !port.reRoot && port.rrWhile <= now) {
            return false;
        }
        port.synced = true;
        port.rrWhile = now;
        port.sync = false;
        port.reRoot = false;
        return true;
    }

    private boolean root(RstpPort port, long now) {
        if (handshake(port)) {
            return true;
        }
        if (!port.forward && !port.reRoot) {
            ports.forEach(each -> each.reRoot = true);
            return true;
        }
        boolean quick = port.rbWhile <= now && reRooted(port, now);
        if ((port.fdWhile <= now || quick) && !port.learn) {
            port.fdWhile = now + port.forwardDelay();
            port.learn = true;
            return true;
        }
        if ((port.fdWhile <= now || quick) && !port.forward) {
            port.fdWhile = now;
            port.forward = true;
            return true;
        }
        if (port.reRoot && port.forward) {
            port.reRoot = false;
            return true;
        }
        return false;
    }

    /** A proposal makes every other port sync; when all have, the agreement goes out. */
    private boolean handshake(RstpPort port) {
        if (port.proposed && !port.agree) {
            ports.forEach(each -> each.sync = true);
            port.proposed = false;
            return true;
        }
        if (port.proposed || allSynced(port) && !port.agree) {
            port.proposed = false;
            port.sync = false;
            port.agree = true;
            port.newInfo = true;
            return true;
        }
        return false;
    }

    private boolean allSynced(RstpPort but) {
        for (RstpPort each : ports) {
            if (each != but
                    && each.role != PortRole.ROOT
                    && !(each.synced && each.selected && each.role == each.selectedRole)) {
                return false;
            }
        }
        return true;
    }

    private boolean reRooted(RstpPort but, long now) {
        for (RstpPort each : ports) {
            if (each != but && each.rrWhile > now) {
                return false;
            }
        }
        return true;
    }

    private boolean designated(RstpPort port, long now) {
        if (!port.forward && !port.agreed && !port.proposing && !port.operEdge) {
            port.proposing = true;
            port.edgeDelayWhile = now + Rstp.MIGRATE;
            port.newInfo = true;
            return true;
        }
        boolean quiet = !port.state.learns() && !port.state.forwards();
        if (!port.synced && (quiet || port.agreed || port.operEdge) || port.sync && port.synced) {
            port.rrWhile = now;
            port.synced = true;
            port.sync = false;
            return true;
        }
        if (port.reRoot && port.rrWhile <= now) {
            port.reRoot = false;
            return true;
        }
        boolean mustStop = port.sync && !port.synced || port.reRoot && port.rrWhile > now || port.disputed;
        if (mustStop && !port.operEdge && (port.learn || port.forward)) {
            port.learn = false;
            port.forward = false;
            port.disputed = false;
            port.fdWhile = now + port.forwardDelay();
            return true;
        }
        return advance(port, now);
    }

    private boolean advance(RstpPort port, long now) {
        boolean may = port.fdWhile <= now || port.agreed || port.operEdge;
        if (!may || port.rrWhile > now && port.reRoot || port.sync || port.forward) {
            return false;
        }
        if (!port.learn) {
            port.learn = true;
            port.fdWhile = now + port.forwardDelay();
        } else {
            port.forward = true;
            port.fdWhile = now;
            port.agreed = port.sendRstp;
        }
        return true;
    }

    private boolean alternate(RstpPort port, long now) {
        return handshake(port) || !port.state.learns() && rest(port, now);
    }

    private boolean state(RstpPort port, long now) {
        PortState wanted = !port.enabled
                ? PortState.DISABLED
                : port.forward ? PortState.FORWARDING : port.learn ? PortState.LEARNING : PortState.BLOCKING;
        if (wanted == port.state) {
            return false;
        }
        port.state = wanted;
        owner.changed(port.index, wanted, now);
        return true;
    }

    private boolean topology(RstpPort port, long now) {
        boolean active = port.role == PortRole.ROOT || port.role == PortRole.DESIGNATED;
        if (!port.changing) {
            boolean heard = port.rcvdTc || port.rcvdTcn || port.rcvdTcAck || port.tcProp;
            port.rcvdTc = port.rcvdTcn = port.rcvdTcAck = port.tcProp = false;
            if (active && port.forward && !port.operEdge) {
                newTcWhile(port, now);
                propagate(port);
                port.newInfo = true;
                port.changing = true;
                return true;
            }
            return heard;
        }
        if (!active || port.operEdge) {
            port.changing = false;
            if (!active) {
                owner.flush(port.index, now);
                port.tcWhile = 0;
                port.tcAck = false;
            }
            return true;
        }
        return notified(port, now);
    }

    private boolean notified(RstpPort port, long now) {
        if (port.rcvdTc || port.rcvdTcn) {
            if (port.rcvdTcn) {
                newTcWhile(port, now);
                port.tcAck |= port.role == PortRole.DESIGNATED;
            }
            port.rcvdTc = port.rcvdTcn = false;
            propagate(port);
            return true;
        }
        if (port.tcProp) {
            newTcWhile(port, now);
            owner.flush(port.index, now);
            port.tcProp = false;
            return true;
        }
        if (port.rcvdTcAck) {
            port.tcWhile = 0;
            port.rcvdTcAck = false;
            return true;
        }
        return false;
    }

    private void propagate(RstpPort from) {
        for (RstpPort each : ports) {
            each.tcProp |= each != from;
        }
    }

    private void newTcWhile(RstpPort port, long now) {
        if (port.tcWhile > now) {
            return;
        }
        if (port.sendRstp) {
            port.tcWhile = now + tree.own.hello() + Rstp.SECOND;
            port.newInfo = true;
        } else {
            port.tcWhile = now + port.designatedTimes.maxAge() + port.designatedTimes.forwardDelay();
        }
    }
}
