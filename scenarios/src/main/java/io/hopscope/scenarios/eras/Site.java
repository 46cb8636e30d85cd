package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.devices.GratuitousArp;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.scenarios.traffic.Endpoint;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** An era as built: its network, who comes, who sends and receives, and the switches whose tables are looked at. */
final class Site {
    /**
     * A host that comes up.
     *
     * @param server which it is, or is on
     * @param vlan of its address
     */
    record Arrival(Host host, NetInterface eth0, int gateway, int server, int vlan) {
        /** Says whose address is where, and asks for the gateway. */
        void announce(long now) {
            GratuitousArp.announce(eth0, eth0.mac());
            ask(now);
        }

        /** Asks for the gateway, by which the gateway hears of it. */
        void ask(long now) {
            host.stack().neighbourTable().use(eth0.index(), gateway, now);
            host.rearm();
        }
    }

    /**
     * A machine that will move, and has no other traffic.
     *
     * @param twin where it goes
     * @param asker pings it
     */
    record Mover(Host vm, Host twin, Host asker) {}

    /** What the endpoints send: a name for its random streams, and packets a second of each. */
    interface Talk {
        TrafficSpec spec(String name, double perEndpoint);
    }

    /** Two ARP packets an endpoint, when SONiC lets 600 a second through to the CPU. */
    private static final long SPACING = 4_000_000_000L;

    private static final long AFTERWARDS = 2_000_000_000_000L;

    final Network network;
    final Layer2Fabric fabric;
    /** Those who announce themselves to the cores: the endpoints, or their servers where these route. */
    final List<Arrival> arrivals = new ArrayList<>();

    final List<String> notes = new ArrayList<>();
    /** Endpoints that are no arrivals: they are behind one. */
    final List<Endpoint> behind = new ArrayList<>();

    final List<Mover> movers = new ArrayList<>();
    /** Who asks from outside. */
    List<Endpoint> clients = List.of();

    Talk talk;
    /** The table of the core that the design fills. */
    String limiting = "host";
    /** Whether what is sent crosses the core, each packet of it. */
    boolean acrossCore;
    /** Picoseconds from one arrival to the next. */
    long spacing = SPACING;
    /** Picoseconds for what the last arrival brings about. */
    long afterwards = AFTERWARDS;
    /** What an arrival does when it comes. */
    ObjLongConsumer<Arrival> start = Arrival::announce;
    /** When that is over. */
    Runnable come = () -> {};
    /** Told of each arrival, and when, before the run gets there. */
    ObjLongConsumer<Arrival> coming = (who, when) -> {};

    Site(Network network, Layer2Fabric fabric) {
        this.network = network;
        this.fabric = fabric;
    }

    /** The gateway of everybody. */
    AsicSwitch core() {
        return fabric.core(0);
    }

    /** Everybody with an address for whom the era is built; those with one by now. */
    List<Endpoint> endpoints() {
        if (!behind.isEmpty()) {
            return behind;
        }
        List<Endpoint> all = new ArrayList<>();
        Set<Host> moving = new HashSet<>();
        movers.forEach(each -> moving.add(each.vm()));
        for (Arrival each : arrivals) {
            if (moving.contains(each.host())) {
                continue;
            }
            for (InterfaceAddress address : each.eth0().addresses()) {
                all.add(new Endpoint(each.host(), address.address(), each.vlan()));
            }
        }
        return all;
    }
}
