package io.hopscope.devices.asic;

import io.hopscope.protocols.asic.AclTcam;
import io.hopscope.protocols.asic.EcmpTable;
import io.hopscope.protocols.asic.HashTable;
import java.util.List;

/**
 * How full a table of a switch is.
 *
 * @param used entries, or slots of a TCAM
 * @param watermark most of them that there ever were
 * @param collisions entries that were refused, in all
 * @param missing what the CPU knows and the table has not, now; {@link #UNKNOWN} where nobody can tell
 * @param firstFailure how much was used at the first refusal; -1 if there was none
 */
public record TableUse(
        String name, int capacity, int used, int watermark, long collisions, long missing, int firstFailure) {
    public static final long UNKNOWN = -1;

    static List<TableUse> of(AsicSwitch owner, long now) {
        EcmpTable ecmp = owner.routes().groups;
        return List.of(
                of("fdb", owner.l2().entries, UNKNOWN, now),
                of("host", owner.hosts().entries, owner.hosts().missing(now), now),
                of("lpm", owner.routes()),
                new TableUse(
                        "ecmp",
                        ecmp.limit(),
                        ecmp.size(),
                        ecmp.watermark(),
                        ecmp.refused(),
                        UNKNOWN,
                        ecmp.firstFailure()),
                new TableUse(
                        "ecmp-members",
                        ecmp.memberLimit(),
                        ecmp.members(),
                        ecmp.memberWatermark(),
                        ecmp.refused(),
                        UNKNOWN,
                        -1),
                of("acl", owner.acl()));
    }

    private static TableUse of(String name, HashTable table, long missing, long now) {
        return new TableUse(
                name,
                table.spec().capacity(),
                table.size(now),
                table.watermark(),
                table.collisions(),
                missing,
                table.firstFailure());
    }

    private static TableUse of(String name, RouteTable table) {
        return new TableUse(
                name,
                table.prefixes.capacity(),
                table.prefixes.used(),
                table.prefixes.watermark(),
                table.prefixes.refused(),
                table.unplaced(),
                table.prefixes.firstFailure());
    }

    private static TableUse of(String name, AclTcam rules) {
        return new TableUse(
                name,
                rules.capacity(),
                rules.size(),
                rules.size(),
                rules.refused(),
                rules.refused(),
                rules.firstFailure());
    }
}
