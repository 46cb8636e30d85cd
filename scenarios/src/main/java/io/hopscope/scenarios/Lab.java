package io.hopscope.scenarios;

import io.hopscope.core.Device;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.Metered;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.TimeSeries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A scenario's network as built, and the names of what is in it. */
public final class Lab {
    /**
     * Where a command runs.
     *
     * @param host its stack, or null
     */
    public record Place(String name, Node node, Host host) {}

    /** 192.0.2.1 (TEST-NET-1, RFC 5737). */
    private static final int LATER = 0xc0000201;

    private final Network network;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    /** Whole names, {@code node} and {@code node/device}. */
    private final Map<String, Device> devices = new LinkedHashMap<>();

    /** Where virtual machines are that migrate, by the host that has the name; in order of time. */
    private final Map<Host, List<Stay>> stays = new LinkedHashMap<>();
    /** Nodes with a mistake: what they lack because of it is no mistake of whoever refers to it. */
    private final Set<String> doubtful = new HashSet<>();
    /** What they are called by name: their own node may not be asked during the run. */
    private final Map<Host, Integer> known = new LinkedHashMap<>();

    /**
     * Where a virtual machine is.
     *
     * @param from when it stopped elsewhere
     * @param awake when it goes on
     */
    record Stay(long from, long awake, Host host) {}

    Lab(Network network) {
        this.network = network;
    }

    public Network network() {
        return network;
    }

    void add(String name, Node node) {
        nodes.put(name, node);
    }

    void add(Device device) {
        devices.putIfAbsent(device.toString(), device);
    }

    void addAll(List<Node> built) {
        built.forEach(node -> {
            add(node.name(), node);
            for (Device each : node.devices()) {
                // What somebody may move to is nobody yet.
                if (!(each instanceof Host host) || host.stack() != null) {
                    add(each);
                }
            }
        });
    }

    void doubt(String node) {
        doubtful.add(node);
    }

    /** Whether something of the node, or of whatever on it has the name, could not be made. */
    boolean doubtful(String name) {
        String owner = name.substring(0, name.lastIndexOf(':') < 0 ? name.length() : name.lastIndexOf(':'));
        Device device = nodes.containsKey(owner) ? null : device(owner);
        return doubtful.contains(device != null ? device.node().name() : owner.split("/")[0]);
    }

    Map<String, Node> nodes() {
        return nodes;
    }

    /** A device by its whole name, or by its own where only one is called so; null if there is none. */
    Device device(String name) {
        Device exact = devices.get(name);
        if (exact != null || name.indexOf('/') >= 0) {
            return exact;
        }
        Device found = null;
        for (Device each : devices.values()) {
            if (each.name().equals(name)) {
                if (found != null) {
                    return null;
                }
                found = each;
            }
        }
        return found;
    }

    /** The port that {@code node:port} or {@code node/device:port} names; null if there is none. */
    Port port(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        String left = endpoint.substring(0, Math.max(0, colon));
        Node node = nodes.get(left);
        if (node != null) {
            for (Device each : node.devices()) {
                if (each.name().isEmpty() && each.port(endpoint.substring(colon + 1)) != null) {
                    return each.port(endpoint.substring(colon + 1));
                }
            }
        }
        Device device = device(left);
        return device == null ? null : device.port(endpoint.substring(colon + 1));
    }

    /** Every name that {@link #place} takes. */
    public List<String> names() {
        Map<String, Integer> called = new HashMap<>();
        devices.values().forEach(each -> called.merge(each.name(), 1, Integer::sum));
        List<String> all = new ArrayList<>(nodes.keySet());
        for (Device each : devices.values()) {
            if (!each.name().isEmpty()) {
                if (called.get(each.name()) == 1) {
                    all.add(each.name());
                }
                all.add(each.toString());
            }
        }
        return all.stream().distinct().toList();
    }

    /** A node, or a device of one; null if there is none, or more than one of a short name. */
    public Place place(String name) {
        Node node = nodes.get(name);
        if (node != null) {
            return new Place(name, node, devices.get(name) instanceof Host host ? host : null);
        }
        Device device = device(name);
        if (device == null) {
            return null;
        }
        return new Place(called(device), device.node(), device instanceof Host host ? host : null);
    }

    /** By its own name where that means no other. */
    private String called(Device device) {
        boolean clear = device(device.name()) == device && !nodes.containsKey(device.name());
        return clear ? device.name() : device.toString();
    }

    /** Where a command runs that is given at an instant: a virtual machine may have gone elsewhere by then. */
    Place place(String name, long at) {
        Place first = place(name);
        Stay stay = first == null ? null : stay(first.host(), at);
        return stay == null ? first : new Place(first.name(), stay.host.node(), stay.host);
    }

    /** When it can run: a virtual machine on its way does nothing. */
    long awake(String name, long at) {
        Stay stay = stay(place(name).host(), at);
        return stay == null ? at : Math.max(at, stay.awake);
    }

    private Stay stay(Host vm, long at) {
        Stay found = null;
        for (Stay each : stays.getOrDefault(vm, List.of())) {
            found = each.from <= at ? each : found;
        }
        return found;
    }

    /** Where a virtual machine has been and will be, as far as it migrates; its first place is not among them. */
    List<Stay> stays(Host vm) {
        return stays.getOrDefault(vm, List.of());
    }

    /** Whether a virtual machine migrates from the node or to it. */
    boolean migrates(Node node) {
        return stays.entrySet().stream()
                .anyMatch(each -> each.getKey().node() == node
                        || each.getValue().stream().anyMatch(stay -> stay.host.node() == node));
    }

    void goes(Host vm, Stay stay) {
        known.computeIfAbsent(vm, Lab::first);
        stays.computeIfAbsent(vm, key -> new ArrayList<>()).add(stay);
    }

    /** The first address of a node or device, as /etc/hosts would say; null if it has none. */
    public Integer address(String name) {
        Device device = nodes.containsKey(name) ? devices.get(name) : device(name);
        if (device instanceof Host vm && stays.containsKey(vm)) {
            return known.get(vm);
        }
        return device instanceof StackOwner owner ? first(owner) : null;
    }

    private static Integer first(StackOwner owner) {
        for (NetInterface each : owner.stack().interfaces()) {
            if (!each.addresses().isEmpty()) {
                return each.addresses().get(0).address();
            }
        }
        return null;
    }

    /** The address of a name before the run: of who gets one only in it, some address; null if there is no such name. */
    Integer expected(String name) {
        Integer known = address(name);
        Device device = nodes.containsKey(name) ? devices.get(name) : device(name);
        boolean later = device instanceof StackOwner owner
                && owner.stack().interfaces().stream().anyMatch(each -> each.mac() != 0);
        return known == null && later ? (Integer) LATER : known;
    }

    /** Every port that a capture shows, by its whole name. */
    List<String> ports() {
        return network.nodes().stream()
                .flatMap(node -> node.devices().stream())
                .flatMap(device -> device.ports().stream())
                .filter(port -> !port.hidden())
                .map(Port::toString)
                .toList();
    }

    /** What devices have counted up to an instant, by their whole names. */
    public Map<String, TimeSeries> metrics(long now) {
        Map<String, TimeSeries> all = new LinkedHashMap<>();
        devices.forEach((name, device) -> {
            if (device instanceof Metered metered) {
                all.put(name, metered.metrics(now));
            }
        });
        return all;
    }

    /** What addresses are called, for the capture. */
    public Map<Integer, String> addressNames() {
        Map<Integer, String> all = new LinkedHashMap<>();
        for (Device device : devices.values()) {
            if (device instanceof StackOwner owner) {
                String name = device.name().isEmpty() ? device.node().name() : device.name();
                for (NetInterface each : owner.stack().interfaces()) {
                    each.addresses()
                            .forEach(address -> all.putIfAbsent(
                                    address.address(), all.containsValue(name) ? name + "-" + each.name() : name));
                }
            }
        }
        return all;
    }
}
