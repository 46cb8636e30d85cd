package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Program;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.Task;
import io.hopscope.devices.VrrpGroup;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vrrp;
import io.hopscope.protocols.vrrp.VrrpSettings;
import java.util.Locale;

/** {@code vrrp}: what FRR's {@code show vrrp summary} tells, of the node's virtual routers. */
public final class VrrpShow implements Program {
    private static final String ROW = "%-12s %5s %9s  %-10s  %-17s  %s";

    @Override
    public String name() {
        return "vrrp";
    }

    @Override
    public String summary() {
        return "vrrp: virtual routers, their state here, MAC and addresses";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        task.line(String.format(Locale.ROOT, ROW, "Interface", "VRID", "Priority", "State", "MAC", "Addresses"));
        boolean any = false;
        for (Device device : node.devices()) {
            if (device instanceof StackOwner owner && (host == null || device == host)) {
                for (NetInterface each : owner.stack().interfaces()) {
                    any |= each.vrrp() != null;
                    if (each.vrrp() != null) {
                        task.line(row(each, each.vrrp()));
                    }
                }
            }
        }
        task.exit(any ? 0 : 1);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (!task.arguments().isEmpty()) {
            return Fault.of("vrrp takes no words");
        }
        boolean any = node.devices().stream()
                .anyMatch(device -> device instanceof StackOwner owner
                        && (host == null || device == host)
                        && owner.stack().interfaces().stream().anyMatch(each -> each.vrrp() != null));
        return any ? null : Fault.of("no interface with 'vrrp' on " + node.name());
    }

    private static String row(NetInterface via, VrrpGroup group) {
        VrrpSettings settings = group.machine().settings();
        StringBuilder addresses = new StringBuilder();
        for (int address : group.addresses()) {
            addresses.append(addresses.length() == 0 ? "" : ", ").append(Ipv4Address.text(address));
        }
        return String.format(
                Locale.ROOT,
                ROW,
                via.name(),
                settings.vrid(),
                settings.priority(),
                group.machine().state(),
                MacAddress.text(Vrrp.mac(settings.vrid())),
                addresses);
    }
}
