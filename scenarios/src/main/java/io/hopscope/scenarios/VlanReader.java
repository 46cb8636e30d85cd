package io.hopscope.scenarios;

import io.hopscope.core.Port;
import io.hopscope.devices.BridgeVlans;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.VlanMembership;
import java.util.List;
import java.util.stream.IntStream;

/** What a scenario says of the VLANs of a Linux bridge: of its ports as of a switch's, or in the words of {@code bridge vlan}. */
final class VlanReader {
    /** A VLAN, or a range, and what {@code bridge vlan add} says of it. */
    static final Type ENTRY = Type.parsed(
            "a VLAN from 1 to 4094, a range such as 10-20, or of a bridge '10 pvid untagged'", null, Entry::parse);

    private static final List<String> PORT_KEYS = List.of("mode", "vlan", "vlans", "native");
    private static final String FILTERING = "vlan-filtering";

    /** The VLANs from first to last. */
    record Entry(int first, int last, boolean pvid, boolean untagged) {
        private static final List<String> WORDS = List.of("pvid", "untagged");

        static Entry parse(String text) {
            String[] words = text.strip().split("\\s+");
            if (!words[0].matches("[0-9]{1,4}(-[0-9]{1,4})?")) {
                throw new IllegalArgumentException(text);
            }
            String[] ends = words[0].split("-");
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            List<String> flags = List.of(words).subList(1, words.length);
            for (String word : flags) {
                if (!WORDS.contains(word)) {
                    throw new Units.Unknown("word", word, WORDS);
                }
            }
            boolean pvid = flags.contains("pvid");
            if (first < 1 || last > 4094 || first > last || pvid && last > first) {
                throw new IllegalArgumentException(text);
            }
            return new Entry(first, last, pvid, flags.contains("untagged"));
        }

        /** Null for what is none: that has been complained about. */
        static Entry of(Value value) {
            try {
                return value.text() == null ? null : parse(value.text());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        IntStream vlans() {
            return IntStream.rangeClosed(first, last);
        }

        boolean worded() {
            return pvid || untagged;
        }
    }

    private final Problems problems;

    VlanReader(Problems problems) {
        this.problems = problems;
    }

    void read(LinuxBridge bridge, Value value) {
        boolean said = value.has(FILTERING);
        value.entries("ports").forEach((name, spec) -> {
            for (String key : PORT_KEYS) {
                if (!said && spec.has(key)) {
                    ignored(spec, key);
                }
            }
        });
        for (String key : List.of("vlans", "vlan-default-pvid")) {
            if (!said && value.has(key)) {
                ignored(value, key);
            }
        }
        if (!said) {
            return;
        }
        BridgeVlans vlans = bridge.vlans();
        vlans.defaultPvid((int) value.number("vlan-default-pvid", 1));
        vlans.filtering(value.flag(FILTERING, false));
        for (Port port : bridge.ports()) {
            Value spec = value.entries("ports").get(port.name());
            if (spec != null) {
                port(vlans.of(port), spec);
            }
        }
    }

    /** The bridge's own, once it has an interface of its own. */
    void own(LinuxBridge bridge, Port self, Value value) {
        if (value.has("vlans")) {
            VlanMembership of = cleared(bridge.vlans().of(self));
            value.items("vlans").forEach(each -> add(of, each));
        }
    }

    private void ignored(Value spec, String key) {
        problems.add(
                spec.where(key),
                "'" + key + "' where the bridge filters no VLANs",
                "'vlan-filtering: true' at the bridge");
    }

    private static VlanMembership cleared(VlanMembership of) {
        of.remove(1, VlanMembership.END - 1);
        return of;
    }

    private static void add(VlanMembership of, Value value) {
        Entry entry = Entry.of(value);
        if (entry != null) {
            of.add(entry.first(), entry.last(), entry.pvid(), entry.untagged());
        }
    }

    /** What a port lists is all that it has. */
    private void port(VlanMembership of, Value spec) {
        boolean access = "access".equals(spec.text("mode"));
        if (spec.has("vlan") || access) {
            int vlan = (int) spec.number("vlan", 1);
            cleared(of).add(vlan, vlan, true, true);
        }
        if (spec.has("vlans")) {
            if (!spec.has("vlan")) {
                cleared(of);
            }
            spec.items("vlans").forEach(each -> add(of, each));
        } else if ("trunk".equals(spec.text("mode")) && !spec.has("vlan")) {
            cleared(of).add(1, VlanMembership.END - 1, false, false);
        }
        if (spec.has("native")) {
            int vlan = (int) spec.number("native", 1);
            of.add(vlan, vlan, true, true);
        }
    }

    /** Only a bridge can say what it does with one VLAN of many. */
    static void plain(Value spec, Problems problems) {
        for (Value each : spec.items("vlans")) {
            Entry entry = Entry.of(each);
            if (entry != null && entry.worded()) {
                problems.add(
                        each.where(), each.kind() + " of a switch", "VLANs alone, and 'native' for the untagged one");
            }
        }
    }
}
