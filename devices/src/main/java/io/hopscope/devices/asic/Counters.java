package io.hopscope.devices.asic;

import io.hopscope.protocols.asic.HashTable;
import java.util.List;

/** What a switch ASIC counts, by name: see docs/scenarios.md. */
final class Counters {
    static final List<String> NAMES = List.of(
            "fdb.entries",
            "fdb.watermark",
            "fdb.attempts",
            "fdb.collisions",
            "fdb.firstFailure",
            "fdb.fullestBucket",
            "host.entries",
            "host.watermark",
            "host.attempts",
            "host.collisions",
            "host.firstFailure",
            "host.fullestBucket",
            "host.missing",
            "host.preloaded",
            "lpm.used",
            "lpm.watermark",
            "lpm.refused",
            "ecmp.groups",
            "ecmp.members",
            "ecmp.refused",
            "acl.entries",
            "cpu.utilisation",
            "cpu.waiting",
            "cpu.punts",
            "cpu.coppDrops",
            "cpu.queueDrops",
            "floodedUnicast",
            "crashes");

    private final AsicSwitch of;
    private long busyBefore;

    Counters(AsicSwitch of) {
        this.of = of;
    }

    /** In the order of the names; utilisation is per mille of the interval. */
    void read(long[] into, boolean idle) {
        long now = of.node().now();
        RouteTable routes = of.routes();
        int at = table(of.l2().entries, into, 0, now);
        at = table(of.hosts().entries, into, at, now);
        into[at++] = of.hosts().missing(now);
        into[at++] = of.preloaded();
        into[at++] = routes.prefixes.used();
        into[at++] = routes.prefixes.watermark();
        into[at++] = routes.prefixes.refused();
        into[at++] = routes.groups.size();
        into[at++] = routes.groups.members();
        into[at++] = routes.groups.refused();
        into[at++] = of.acl().size();
        into[at++] = idle
                ? 0
                : Math.min(
                        1000, (of.cpu().busy() - busyBefore) * 1000 / of.spec().sample());
        into[at++] = of.cpu().waiting();
        into[at++] = of.cpu().punted();
        into[at++] = of.cpu().policed();
        into[at++] = of.cpu().overflowed();
        into[at++] = of.flooded();
        into[at] = of.crashes();
        busyBefore = of.cpu().busy();
    }

    private static int table(HashTable table, long[] into, int at, long now) {
        into[at] = table.size(now);
        into[at + 1] = table.watermark();
        into[at + 2] = table.attempts();
        into[at + 3] = table.collisions();
        into[at + 4] = table.firstFailure();
        into[at + 5] = table.fullest();
        return at + 6;
    }
}
