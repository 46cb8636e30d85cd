package io.hopscope.scenarios.eras;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/** The most memory that was in use after a collection. */
final class Heap {
    private long peak;

    /** As the last collection left it. */
    void look() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage after = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += after == null ? 0 : after.getUsed();
        }
        peak = Math.max(peak, used);
    }

    /** Collects first. */
    void collect() {
        System.gc();
        look();
    }

    long peak() {
        return peak;
    }
}
