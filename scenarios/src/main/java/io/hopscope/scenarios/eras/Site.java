package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.scenarios.traffic.Endpoint;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;

/** An era as built: its network, who sends and receives in it, and the switches whose tables are looked at. */
final class Site {
    /**
     * A host that comes up.
     *
     * @param server which it is, or is on
     * @param vlan of its address
     */
    record Arrival(Host host, NetInterface eth0, int address, int gateway, int server, int vlan) {}

    /** What the endpoints send: a name for its random streams, and packets a second of each. */
    interface Talk {
        TrafficSpec spec(String name, double perEndpoint);
    }

    final Network network;
    final Layer2Fabric fabric;
    /** Those who announce themselves to the cores: the endpoints, or their servers where these route. */
    final List<Arrival> arrivals;
    /** Everybody with an address for whom the era is built. */
    final List<Endpoint> endpoints;

    final List<String> notes = new ArrayList<>();
    /** Who sends to whom; the receivers are none where all do both. */
    List<Endpoint> from;

    List<Endpoint> to = List.of();
    Talk talk;
    /** The table of the core that the design fills. */
    String limiting = "host";
    /** Whether what is sent crosses the core, each packet of it. */
    boolean acrossCore;
    /** Told of each arrival, and when, before the run gets there. */
    ObjLongConsumer<Arrival> coming = (who, when) -> {};

    Site(Network network, Layer2Fabric fabric, List<Arrival> arrivals, List<Endpoint> endpoints) {
        this.network = network;
        this.fabric = fabric;
        this.arrivals = arrivals;
        this.endpoints = endpoints;
        from = endpoints;
    }

    /** The gateway of everybody. */
    AsicSwitch core() {
        return fabric.core(0);
    }
}
