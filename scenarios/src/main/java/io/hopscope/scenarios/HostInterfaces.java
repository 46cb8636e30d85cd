package io.hopscope.scenarios;

import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.MacAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Makes the interfaces that a host lists: ports, bonds' and VLAN devices, the latter last as on a machine that boots. */
final class HostInterfaces {
    private final Problems problems;
    private final MacBook macs;
    private final BondReader bonds;

    HostInterfaces(Problems problems, MacBook macs, BondReader bonds) {
        this.problems = problems;
        this.macs = macs;
        this.bonds = bonds;
    }

    /**
     * Reads a host's {@code interfaces}.
     *
     * @param value the node or device
     * @param describe takes what is made, with what is said of it
     */
    void read(Host host, Value value, BiConsumer<NetInterface, Value> describe) {
        Map<String, Value> vlans = new LinkedHashMap<>();
        value.entries("interfaces").forEach((name, spec) -> {
            if (isVlan(host, name, value)) {
                vlans.put(name, spec);
            } else if (free(host, name, value)) {
                describe.accept(made(host, name, mac(spec), value), spec);
            }
        });
        vlans.forEach((name, spec) -> {
            VlanName vlan = VlanName.parse(name);
            if (!vlan.valid()) {
                problems.add(
                        value.get("interfaces").where(name),
                        "VLAN " + vlan.vlan() + " in '" + name + "'",
                        Language.VLAN_TEXT);
            } else if (free(host, name, value)) {
                NetInterface made = vlan(host, vlan, mac(spec), value, name);
                if (made != null) {
                    describe.accept(made, spec);
                    fits(made, spec);
                }
            }
        });
    }

    /** What has a device's name on a server is that device's own, as flannel.1. */
    private static boolean isVlan(Host host, String name, Value value) {
        boolean device = host.name().isEmpty()
                && (value.entries("devices").containsKey(name)
                        || value.entries("bonds").containsKey(name));
        return !device && VlanName.parse(name) != null;
    }

    private boolean free(Host host, String name, Value value) {
        boolean there = host.port(name) != null
                || host.stack().interfaces().stream()
                        .anyMatch(each -> each.name().equals(name));
        boolean taken = bonds.enslaved(host, name);
        if (there || taken) {
            problems.add(
                    value.get("interfaces").where(name),
                    "interface '" + name + (there ? "' twice" : "', which a bond has taken"),
                    there ? "once" : "the bond's name");
        }
        return !there && !taken;
    }

    private static Long mac(Value spec) {
        try {
            return spec.text("mac") == null ? null : (Long) MacAddress.bits(spec.text("mac"));
        } catch (IllegalArgumentException e) {
            // The shape was checked: it has been complained about.
            return null;
        }
    }

    private NetInterface made(Host host, String name, Long mac, Value value) {
        if (name.equals("lo")) {
            return host.addLoopback();
        }
        NetInterface made = bonds.under(host, name, mac);
        if (made == null) {
            made = host.addInterface(name, mac == null ? macs.derive(host + ":" + name) : macs.given(mac));
        }
        DeviceMaker.size(made, value);
        return made;
    }

    /** Null after a complaint; the parent is made where nothing is said of it. */
    private NetInterface vlan(Host host, VlanName name, Long mac, Value value, String whole) {
        NetInterface parent = host.stack().find(name.parent());
        if (parent == null && bonds.enslaved(host, name.parent())) {
            problems.add(
                    value.get("interfaces").where(whole),
                    "a VLAN on '" + name.parent() + "', which a bond has taken",
                    "one on the bond");
            return null;
        }
        VlanName below = VlanName.parse(name.parent());
        if (parent == null && below != null && below.valid() && isVlan(host, name.parent(), value)) {
            parent = vlan(host, below, null, value, whole);
        } else if (parent == null) {
            parent = made(host, name.parent(), null, value);
        }
        return parent == null ? null : host.addVlan(parent, name.vlan(), mac == null ? parent.mac() : macs.given(mac));
    }

    /** As the kernel, which says that the result is out of range. */
    private void fits(NetInterface made, Value spec) {
        int most = made.parent().mtu();
        if (made.mtu() > most) {
            problems.add(
                    spec.get("mtu").where(),
                    "an MTU of " + made.mtu() + " on " + made.parent().name() + ", whose own is " + most,
                    "one that is not larger");
        }
    }
}
