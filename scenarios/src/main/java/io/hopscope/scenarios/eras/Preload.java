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
    private final long now;

    /**
     * @param now when all of it was learned
     */
    Preload(Site site, long now) {
        this.now = now;
        this.site = site;
        core = site.core();
    }

    /** Everybody and everybody's gateway. */
    void all() {
        for (NetInterface svi : core.stack().interfaces()) {
            site.fabric.preloadGateway(vlan(svi), mac(svi));
        }
        for (Site.Arrival each : site.arrivals) {
            one(each);
            site.coming.accept(each, now);
        }
        site.notes.add(
                site.arrivals.size() + " neighbours, and their stations, were written into the tables by the code"
                        + " that learns them; nobody announced itself");
    }

    /** The virtual router's. */
    private static long mac(NetInterface svi) {
        return svi.virtualMac() == 0 ? svi.mac() : svi.virtualMac();
    }

    private static int vlan(NetInterface svi) {
        return Integer.parseInt(svi.name().substring("vlan".length()));
    }

    private void one(Site.Arrival who) {
        NetInterface svi = core.stack().find("vlan" + who.vlan());
        long mac = who.eth0().mac();
        who.host().stack().neighbourTable().inject(who.eth0().index(), who.gateway(), mac(svi), now);
        site.fabric.preload(who.server(), who.vlan(), mac);
        core.stack().neighbourTable().inject(svi.index(), who.eth0().primary(), mac, now);
        Device inside = who.host().node().device("br-int");
        Device outside = who.host().node().device("br-bond");
        if (inside instanceof OvsBridge within && outside instanceof OvsBridge without) {
            bridges(who, svi, within, without);
        }
    }

    private void bridges(Site.Arrival who, NetInterface svi, OvsBridge inside, OvsBridge outside) {
        int local = inside.vlans(who.eth0().port().peer()).untagged();
        Fdb taps = inside.fdb();
        taps.learn(local, who.eth0().mac(), who.eth0().port().peer().tag, now);
        taps.learn(local, mac(svi), inside.port("int-br-bond").tag, now);
        Fdb uplinks = outside.fdb();
        uplinks.learn(who.vlan(), who.eth0().mac(), outside.port("phy-br-bond").tag, now);
        uplinks.learn(who.vlan(), mac(svi), outside.port("bond0").tag, now);
    }
}
