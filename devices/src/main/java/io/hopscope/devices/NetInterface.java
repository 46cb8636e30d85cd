package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Port;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.vrrp.VrrpSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network interface as {@code ip link} and {@code ip addr} show it: name, index, MAC, MTU, IPv4 addresses. */
public final class NetInterface {
    private final IpStack stack;
    private final String name;
    private final int index;
    private Port port;
    final Egress egress;
    private long mac;
    private int mtu = 1500;
    private boolean proxyArp;
    /** Bits of the addresses that ARP may be about here; see {@link Neighbours#unheeded}. */
    long heeds;

    private int carrierChanges;
    private int queueLength = 1000;
    // As struct rtnl_link_stats64 counts: whole frames, but of lo packets only.
    int rxPackets;
    long rxBytes;
    int txPackets;
    long txBytes;

    private long virtualMac;
    private VrrpGroup vrrp;
    private List<InterfaceAddress> addresses = List.of();
    /** Null where there are no VLAN devices. */
    VlanPlace vlans;
    /** How far addresses reach that are not good for everybody. */
    private Map<InterfaceAddress, Route.Scope> scopes = Map.of();

    NetInterface(IpStack stack, String name, int index, long mac, Port port, Egress egress) {
        this.stack = stack;
        this.name = name;
        this.index = index;
        this.mac = mac;
        this.port = port;
        this.egress = egress;
    }

    public IpStack stack() {
        return stack;
    }

    public String name() {
        return name;
    }

    /** As the kernel counts: the loopback is 1. */
    public int index() {
        return index;
    }

    /** Whether it is {@code lo}. */
    public boolean loopback() {
        return index == Route.LOOPBACK;
    }

    /** Whether another address of the same network was there before. */
    public boolean secondary(InterfaceAddress address) {
        return primary(address) != address;
    }

    /** The first address of the same network. */
    InterfaceAddress primary(InterfaceAddress address) {
        for (int i = 0; i < addresses.size(); i++) {
            InterfaceAddress each = addresses.get(i);
            if (each.length() == address.length() && each.prefix().contains(address.address())) {
                return each;
            }
        }
        return address;
    }

    /** How far an address reaches: 127.0.0.1 is good for this host only. */
    public Route.Scope scope(InterfaceAddress address) {
        Route.Scope preset = address.address() >>> 24 == 127 ? Route.Scope.HOST : Route.Scope.GLOBAL;
        return scopes.isEmpty() ? preset : scopes.getOrDefault(address, preset);
    }

    /** {@code ip addr add ADDRESS scope SCOPE}: to be called before {@link #address}. */
    public NetInterface scope(InterfaceAddress address, Route.Scope scope) {
        scopes = scopes.isEmpty() ? new LinkedHashMap<>() : scopes;
        scopes.put(address, scope);
        return this;
    }

    /** Where the interface is attached; null for the VLAN interface of a switch. */
    public Port port() {
        return port;
    }

    /** The interface is at the port of its name of another device from now on; its parent's where it is a VLAN's. */
    void attach(Device to) {
        if (parent() != null) {
            port = parent().port;
        } else {
            attach(to.port(name));
        }
    }

    /** The interface is at another port from now on. */
    void attach(Port to) {
        port = to.mac(mac).mtu(Math.min(mtu, 65_535));
        port.attachment = this;
    }

    /** Becomes a VLAN device ({@code ip link add link PARENT type vlan id VLAN}), with the parent's MTU. */
    NetInterface over(NetInterface parent, int vlan) {
        vlans = new VlanPlace(parent, vlan);
        parent.vlans = parent.vlans == null ? new VlanPlace(null, 0) : parent.vlans;
        parent.vlans.add(this);
        port = parent.port;
        mtu = parent.mtu;
        return this;
    }

    /** The interface that this VLAN device is on; null where it is none. */
    public NetInterface parent() {
        return vlans == null ? null : vlans.parent;
    }

    /** Of a VLAN device; 0 where it is none. */
    public int vlan() {
        return vlans == null ? 0 : vlans.vlan;
    }

    /** The VLAN devices on this interface. */
    List<NetInterface> above() {
        return vlans == null ? List.of() : vlans.above();
    }

    public long mac() {
        return mac;
    }

    public NetInterface mac(long bits) {
        mac = bits;
        if (port != null && parent() == null) {
            port.mac(bits);
        }
        return this;
    }

    /** Largest IPv4 packet, in bytes. */
    public int mtu() {
        return mtu;
    }

    public NetInterface mtu(int bytes) {
        mtu = bytes;
        if (port != null && parent() == null) {
            port.mtu(bytes);
        }
        return this;
    }

    /**
     * A router's virtual MAC: ARP for the interface's addresses is answered with it, in frames that come from the real
     * one (RFC 5798, section 8.1.2), and frames to it are for this interface as well.
     *
     * @param bits 0 for none
     */
    public NetInterface virtualMac(long bits) {
        virtualMac = bits;
        return this;
    }

    /**
     * Whether frames to this address are the interface's own; there may be no virtual one, and {@code lo} has 0. A VLAN
     * device with a MAC of its own takes those to its parent's as well.
     */
    public boolean takes(long destination) {
        return destination == mac
                || destination != 0
                        && (destination == virtualMac
                                || vlans != null && vlans.parent != null && vlans.parent.takes(destination));
    }

    public long virtualMac() {
        return virtualMac;
    }

    /** The MAC that ARP replies give for an address. */
    long virtualMac(int address) {
        boolean virtual = virtualMac != 0 && (vrrp == null ? owns(address) : vrrp.covers(address));
        return virtual ? virtualMac : mac;
    }

    /** The MAC that ARP requests give for an address: a virtual router's is never to be learned with a real MAC. */
    long askingMac(int address) {
        return vrrp != null && virtualMac != 0 && vrrp.covers(address) ? virtualMac : mac;
    }

    /** Takes part in a virtual router; the interface has its address already. */
    public NetInterface vrrp(VrrpSettings settings, int[] virtualAddresses) {
        vrrp = new VrrpGroup(this, settings, virtualAddresses);
        stack.add(vrrp);
        return this;
    }

    /** Null where the interface takes part in no virtual router. */
    public VrrpGroup vrrp() {
        return vrrp;
    }

    public long rxPackets() {
        return Integer.toUnsignedLong(rxPackets);
    }

    public long rxBytes() {
        return rxBytes;
    }

    public long txPackets() {
        return Integer.toUnsignedLong(txPackets);
    }

    public long txBytes() {
        return txBytes;
    }

    /** Frames that were damaged on their way. */
    public long rxErrors() {
        return port == null || parent() != null ? 0 : port.damaged();
    }

    /** Frames that nothing here has any use for: no handler for what is in them. */
    public long rxDropped() {
        long all = 0;
        for (Port.Count each : port == null || parent() != null ? List.<Port.Count>of() : port.drops()) {
            boolean stranger = each.reason() == IpStack.Drop.UNKNOWN_ETHERTYPE
                    || each.reason() == IpStack.Drop.NO_LISTENER
                    || each.reason() == IpStack.Drop.TAGGED;
            all += stranger ? each.frames() : 0;
        }
        return all;
    }

    /** How often the carrier has come or gone. */
    public int carrierChanges() {
        return carrierChanges;
    }

    void carrierChanged() {
        carrierChanges++;
    }

    /** Packets that a queue discipline which asks for it keeps at most: {@code qlen}. */
    public int queueLength() {
        return queueLength;
    }

    public NetInterface queueLength(int packets) {
        queueLength = packets;
        return this;
    }

    void clearStatistics() {
        rxPackets = 0;
        rxBytes = 0;
        txPackets = 0;
        txBytes = 0;
    }

    void sent(int length) {
        txPackets++;
        txBytes += length;
    }

    void came(int length) {
        rxPackets++;
        rxBytes += length;
    }

    public boolean proxyArp() {
        return proxyArp;
    }

    /** Answers ARP for every address that is routed out of another interface (net.ipv4.conf.X.proxy_arp). */
    public NetInterface proxyArp(boolean on) {
        proxyArp = on;
        stack.attend();
        return this;
    }

    public List<InterfaceAddress> addresses() {
        return addresses;
    }

    /** Adds an address; its connected route goes into the table unless the prefix is a host's. */
    public NetInterface address(InterfaceAddress address) {
        if (addresses.isEmpty()) {
            addresses = List.of(address);
        } else {
            addresses = addresses instanceof ArrayList ? addresses : new ArrayList<>(addresses);
            addresses.add(address);
        }
        ConnectedRoutes.add(this, address);
        return this;
    }

    /** {@code ip addr del}; the address is one of the interface's. */
    public NetInterface remove(InterfaceAddress address) {
        addresses = addresses.stream().filter(each -> !each.equals(address)).toList();
        ConnectedRoutes.remove(this, address);
        if (stack.hooked) {
            stack.netfilter().lost(this, address.address());
        }
        return this;
    }

    /** The addresses it had; the routes are somebody else's to restore. */
    void restore(List<InterfaceAddress> those) {
        addresses = those.size() > 1 ? new ArrayList<>(those) : those;
    }

    /** {@code ip addr flush}: with the addresses go the routes and neighbours of the interface. */
    public NetInterface flush() {
        addresses = List.of();
        ConnectedRoutes.flush(this);
        if (stack.hooked) {
            stack.netfilter().lost(this, null);
        }
        return this;
    }

    /** Sends a frame that has its Ethernet header, past routes and neighbours. */
    public void transmit(Frame frame) {
        egress.send(this, frame);
    }

    /** The first address, or 0. */
    public int primary() {
        return addresses.isEmpty() ? 0 : addresses.get(0).address();
    }

    boolean owns(int address) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).address() == address) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
