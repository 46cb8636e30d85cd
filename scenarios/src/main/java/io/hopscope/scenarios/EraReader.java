package io.hopscope.scenarios;

import io.hopscope.core.Network;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.scenarios.eras.EraSpec;
import io.hopscope.scenarios.eras.Eras;
import java.util.ArrayList;
import java.util.List;

/** What a scenario says of an era of the data centre that its nodes are added to. */
final class EraReader {
    private static final int MOST = 10_000;
    private static final Type COUNT = Type.number(1, MOST, "a number from 1 to " + MOST);

    static final Keys KEYS = new Keys("an era")
            .required("kind", Type.choice("era", Eras.NAMES), "which one")
            .key("racks", COUNT, "of the data centre; 2")
            .key("per-rack", COUNT, "servers a rack; 10")
            .key("density", COUNT, "addresses, machines or containers a server; the era's")
            .key("table", Type.text("an ASIC profile, or a number of entries"), "of the cores' host table; the era's")
            .key("subnet-size", Type.number(16, 29, "a prefix length from 16 to 29"), "of its VLANs' subnets; 22")
            .key("copp", Type.flag("policing"), "whether the cores police what their CPUs get; true")
            .key("crash", Type.flag("a crash"), "whether a core that finds no room reboots; false");

    private static final int SMALL = 2;

    private final Problems problems;

    EraReader(Problems problems) {
        this.problems = problems;
    }

    /** Builds it into a network. */
    void read(Value value, Network network) {
        // What is wrong with its shape has been complained about.
        Problems trial = new Problems();
        KEYS.check(value, trial);
        if (!trial.none()) {
            return;
        }
        EraSpec usual = EraSpec.usual(value.text("kind"));
        AsicProfile table = value.has("table") ? table(value.get("table"), usual.table()) : usual.table();
        if (table == null) {
            return;
        }
        EraSpec spec = usual.size(
                        (int) value.number("racks", SMALL), (int) value.number("per-rack", usual.perRack()), (int)
                                value.number("density", usual.density()))
                .switches(table, value.flag("copp", true), value.flag("crash", false))
                .subnetSize((int) value.number("subnet-size", usual.subnetSize()))
                .run(network.seed().value(), 1);
        try {
            Eras.into(network, spec);
        } catch (IllegalArgumentException e) {
            problems.add(value.where(), e.getMessage(), "an era that there is room for");
        }
    }

    private AsicProfile table(Value value, AsicProfile usual) {
        String text = value.text();
        if (AsicProfile.names().contains(text)) {
            return AsicProfile.named(text);
        } else if (text != null && text.matches("[0-9]{1,8}")) {
            try {
                return usual.tables(usual.fdb(), HashTableSpec.of(Integer.parseInt(text)));
            } catch (IllegalArgumentException e) {
                problems.add(value.where(), e.getMessage(), "a multiple of 8");
                return null;
            }
        }
        List<String> valid = new ArrayList<>(AsicProfile.names());
        valid.add("a number of entries");
        problems.unknown(value.where(), "table", String.valueOf(text), valid);
        return null;
    }
}
