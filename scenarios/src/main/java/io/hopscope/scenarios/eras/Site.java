package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.asic.AsicSwitch;
import java.util.ArrayList;
import java.util.List;

/** An era as built: its network, who sends and receives in it, and the switches whose tables are looked at. */
final class Site {
    /**
     * A host of the era's.
     *
     * @param group the server that it is on
     */
    record Endpoint(Host host, NetInterface eth0, int address, int gateway, int group) {}

    final Network network;
    final Layer2Fabric fabric;
    final List<Endpoint> endpoints;
    /** Those who announce themselves to the cores: the endpoints, or their servers where these route. */
    final List<Endpoint> announced;

    final List<String> notes = new ArrayList<>();

    Site(Network network, Layer2Fabric fabric, List<Endpoint> endpoints, List<Endpoint> announced) {
        this.network = network;
        this.fabric = fabric;
        this.endpoints = endpoints;
        this.announced = announced;
    }

    /** The gateway of everybody. */
    AsicSwitch core() {
        return fabric.core(0);
    }
}
