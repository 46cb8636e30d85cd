package io.hopscope.scenarios.eras;

import io.hopscope.core.Device;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.protocols.Fdb;

/** Writes what announcements would have taught, by the tables' own code: a large network is there at once. */
final class Preload {
    private final Site site;
    private final AsicSwitch core;

    Preload(Site site) {
        this.site = site;
        core = site.core();
    }

    /** Everybody and everybody's gateway. */
    void all() {
        for (NetInterface svi : core.stack().interfaces()) {
            site.fabric.preloadGateway(vlan(svi), svi.mac());
        }
        for (Site.Arrival each : site.arrivals) {
            one(each);
            site.coming.accept(each, 0);
        }
        site.notes.add(
                site.arrivals.size() + " neighbours, and their stations, were written into the tables by the code"
                        + " that learns them; nobody announced itself");
    }

    private static int vlan(NetInterface svi) {
        return Integer.parseInt(svi.name().substring("vlan".length()));
    }

    private void one(Site.Arrival who) {
        NetInterface svi = core.stack().find("vlan" + who.vlan());
        long mac = who.eth0().mac();
        who.host().stack().neighbourTable().inject(who.eth0().index(), who.gateway(), svi.mac(), 0);
        site.fabric.preload(who.server(), who.vlan(), mac);
        core.stack().neighbourTable().inject(svi.index(), who.address(), mac, 0);
        Device inside = who.host().node().device("br-int");
        Device outside = who.host().node().device("br-bond");
        if (inside instanceof OvsBridge within && outside instanceof OvsBridge without) {
            bridges(who, svi, within, without);
        }
    }

    private static void bridges(Site.Arrival who, NetInterface svi, OvsBridge inside, OvsBridge outside) {
        int local = inside.vlans(who.eth0().port().peer()).untagged();
        Fdb taps = inside.fdb();
        taps.learn(local, who.eth0().mac(), who.eth0().port().peer().tag, 0);
        taps.learn(local, svi.mac(), inside.port("int-br-bond").tag, 0);
        Fdb uplinks = outside.fdb();
        uplinks.learn(who.vlan(), who.eth0().mac(), outside.port("phy-br-bond").tag, 0);
        uplinks.learn(who.vlan(), svi.mac(), outside.port("bond0").tag, 0);
    }
}
