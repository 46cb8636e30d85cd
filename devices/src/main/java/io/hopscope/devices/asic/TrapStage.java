package io.hopscope.devices.asic;

import io.hopscope.protocols.asic.PuntClass;

/** What no bridge passes on (802.1Q, table 8-1) is for the CPU, whatever its VLAN and whatever its port may do. */
final class TrapStage implements Stage {
    private static final long LINK_LOCAL = 0x0180_c200_0000L;

    @Override
    public void apply(Packet packet, long now) {
        if ((packet.destination & ~0xfL) == LINK_LOCAL) {
            packet.punt(PuntClass.BPDU);
            if (packet.traced()) {
                packet.because(PuntClass.BPDU.why() + ": to the CPU, class " + PuntClass.BPDU);
            }
        }
    }
}
