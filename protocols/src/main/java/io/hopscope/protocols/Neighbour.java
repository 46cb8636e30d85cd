package io.hopscope.protocols;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;

/** What is known of one address on one link; states and names are Linux's (net/core/neighbour.c). */
public final class Neighbour {
    /** NUD states. */
    public enum State {
        NONE,
        INCOMPLETE,
        REACHABLE,
        STALE,
        DELAY,
        PROBE,
        FAILED,
        PERMANENT
    }

    /** Interface in the upper half, address in the lower. Here and in the next three lies what a packet needs. */
    final long key;

    long mac;
    /** Before this instant a packet needs nothing but the MAC, and the state machine nothing but {@link #used}. */
    long sure = Long.MIN_VALUE;
    /** When the entry was last used, reachability last confirmed, the MAC last changed. */
    long used;

    long confirmed = Long.MIN_VALUE / 2;
    long updated = Long.MIN_VALUE / 2;
    /** How long a confirmation lasts: random, drawn once an interface's entry. */
    long reachableFor;
    /** When the state machine wants to be asked; {@link Long#MAX_VALUE} when idle. */
    long deadline = Long.MAX_VALUE;

    State state = State.NONE;
    boolean known;
    int probes;
    /** Free for the owner: packets that wait for the address. */
    public Object waiting;

    /** Free for the owner; at first negative. */
    public int stamp = -1;

    Neighbour(int device, int address) {
        key = key(device, address);
    }

    static long key(int device, int address) {
        return (long) device << 32 | address & 0xffff_ffffL;
    }

    /** Somebody above hears from it (neigh_confirm). */
    public void confirm(long now) {
        confirmed = Math.max(confirmed, now);
    }

    /** Index of the interface. */
    public int device() {
        return (int) (key >>> 32);
    }

    public int address() {
        return (int) key;
    }

    public State state() {
        return state;
    }

    /** Valid where {@link #resolved}. */
    public long mac() {
        return mac;
    }

    /** Packets may be sent to it, as of the instant of {@link NeighbourTable#use}. */
    public boolean ready(long now) {
        return now < sure || resolved();
    }

    /** Packets may be sent to it. */
    public boolean resolved() {
        return known && state != State.FAILED && state != State.INCOMPLETE;
    }

    /**
     * The line of {@code ip neigh}.
     *
     * @param deviceName name of the interface
     */
    public String text(String deviceName) {
        String lladdr = known && state != State.FAILED ? " lladdr " + MacAddress.text(mac) : "";
        return Ipv4Address.text(address()) + " dev " + deviceName + lladdr + " " + state;
    }

    /** As in an explanation: {@code 10.1.101.1 lladdr 00:00:5e:00:01:65 REACHABLE}. */
    @Override
    public String toString() {
        String lladdr = known ? " lladdr " + MacAddress.text(mac) : "";
        return Ipv4Address.text(address()) + lladdr + " " + state;
    }
}
