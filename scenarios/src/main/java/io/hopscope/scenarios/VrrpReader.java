package io.hopscope.scenarios;

import io.hopscope.devices.NetInterface;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.vrrp.VrrpSettings;
import java.util.List;

/** What a scenario says of an interface's part in a virtual router. */
final class VrrpReader {
    private static final long CENTISECOND = 10_000_000_000L;
    private static final long LONGEST = 4095 * CENTISECOND;

    private final Problems problems;

    VrrpReader(Problems problems) {
        this.problems = problems;
    }

    void read(NetInterface via, Value value) {
        if (!value.isMap() || via.addresses().isEmpty()) {
            problems.add(value.where(), "vrrp on an interface without an address", "the interface's own 'address'");
            return;
        }
        if (via.virtualMac() != 0) {
            problems.add(value.where(), "'vrrp' beside 'virtual-mac'", "one of them");
        }
        int[] addresses;
        long interval;
        try {
            addresses = value.items("address").stream()
                    .mapToInt(each -> Ipv4Address.bits(String.valueOf(each.text())))
                    .toArray();
            interval = value.has("interval") ? Units.time(value.text("interval")) : VrrpSettings.INTERVAL;
        } catch (IllegalArgumentException e) {
            // The shape was checked: it has been complained about.
            return;
        }
        if (interval < CENTISECOND || interval > LONGEST || interval % CENTISECOND != 0) {
            problems.add(value.where("interval"), value.text("interval"), "hundredths of a second, up to 40.95s");
            return;
        }
        if (addresses.length == 0 || addresses.length > 255) {
            problems.add(value.where(), addresses.length + " addresses", "1 to 255");
            return;
        }
        int priority = priority(via, value, addresses);
        int vrid = (int) value.number("vrid", 1);
        int primary = via.addresses().get(0).address();
        via.vrrp(new VrrpSettings(vrid, priority, interval, value.flag("preempt", true), primary), addresses);
    }

    /** Whoever has the address itself is its owner. */
    private int priority(NetInterface via, Value value, int[] addresses) {
        List<InterfaceAddress> own = via.addresses();
        boolean owner = false;
        for (int i = 0; i < addresses.length; i++) {
            int address = addresses[i];
            owner |= own.stream().anyMatch(each -> each.address() == address);
            if (own.stream().noneMatch(each -> each.prefix().contains(address))) {
                problems.add(
                        value.items("address").get(i).where(),
                        Ipv4Address.text(address),
                        "an address of the interface's subnet, " + own.get(0).prefix());
            }
        }
        if (owner && value.has("priority")) {
            problems.add(value.where("priority"), "a priority for the owner of the address", "none: it has 255");
        }
        return owner ? VrrpSettings.OWNER : (int) value.number("priority", VrrpSettings.PRIORITY);
    }
}
