package io.hopscope.devices.asic;

import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;
import io.hopscope.protocols.asic.HashTable;

/**
 * Reads what the pipeline is going to read, for many frames at once, in loops so short that a processor waits for the memory
 * of many frames at a time: first where everything probably is, then what is there, then the same for the next hops.
 */
final class Foresight {
    private final HashTable stations;
    private final HashTable hosts;
    private final VlanStage vlans;
    /** Places in the layer 2 table: of sources, then of destinations. */
    private int[] station = {};
    /** Places in the host table; -1 for a frame that is not routed. */
    private int[] host = {};
    /** Keys of destinations of such as are not. */
    private long[] next = {};

    Foresight(L2Table stations, HostTable hosts, VlanStage vlans) {
        this.stations = stations.entries;
        this.hosts = hosts.entries;
        this.vlans = vlans;
    }

    /** Returns what means nothing. */
    long look(Port[] ports, Frame[] frames, int from, int to) {
        int n = to - from;
        if (n > station.length) {
            station = new int[Math.max(64, n)];
            host = new int[station.length];
            next = new long[station.length];
        }
        for (int i = 0; i < n; i++) {
            guess(i, ports[from + i], frames[from + i]);
        }
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += stations.look(station[i]) + (host[i] < 0 ? 0 : hosts.look(host[i]));
        }
        for (int i = 0; i < n; i++) {
            station[i] = stations.guess(host[i] < 0 ? next[i] : hosts.look(host[i]));
        }
        for (int i = 0; i < n; i++) {
            sum += stations.look(station[i]);
        }
        return sum;
    }

    private void guess(int i, Port ingress, Frame frame) {
        byte[] bytes = frame.bytes();
        int at = frame.start();
        host[i] = -1;
        station[i] = 0;
        next[i] = 0;
        if (frame.length() < Ethernet.LENGTH) {
            return;
        }
        boolean tagged = View.get16(bytes, at + 12) == Ethernet.VLAN;
        int vlan = ((VlanRules) ingress.attachment).guess(frame);
        station[i] = stations.guess(L2Table.key(vlan, View.get64(bytes, at + 6) >>> 16));
        long destination = View.get64(bytes, at) >>> 16;
        next[i] = L2Table.key(vlan, destination);
        NetInterface svi = vlans.svi(vlan);
        int ip = at + Ethernet.LENGTH + (tagged ? 4 : 0);
        boolean routed = svi != null && svi.takes(destination);
        if (routed && ip + Ipv4.LENGTH <= frame.end()) {
            host[i] = hosts.guess(HostTable.key(View.get32(bytes, ip + 16)));
        }
    }
}
