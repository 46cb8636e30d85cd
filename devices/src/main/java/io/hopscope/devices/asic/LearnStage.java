package io.hopscope.devices.asic;

import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.asic.HashTable;

/** Learns who is where from sources. */
final class LearnStage implements Stage {
    private final L2Table table;

    LearnStage(L2Table table) {
        this.table = table;
    }

    @Override
    public void apply(Packet packet, long now) {
        if (MacAddress.isGroup(packet.source)) {
            return;
        }
        long key = L2Table.key(packet.vlan, packet.source);
        boolean full = table.entries.insert(key, packet.ingress.tag, now) == HashTable.Outcome.FULL;
        if (full && packet.traced()) {
            packet.because("FDB: no room for " + L2Table.text(key) + " in its buckets: not learned");
        }
    }
}
