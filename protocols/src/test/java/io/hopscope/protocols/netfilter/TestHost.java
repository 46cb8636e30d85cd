package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A router with netfilter: eth0 outside with one address, eth1 inside. */
final class TestHost implements Surroundings {
    static final int OUTSIDE = Ipv4Address.bits("192.0.2.1");

    final Hooks hooks = new Hooks(this);
    final List<String> log = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(7);
    final Packet packet = new Packet();

    TestHost rules(String text) {
        RulesText.restore(hooks.rules(), text, true, true);
        return this;
    }

    @Override
    public Kind kind(int address, String device) {
        return address == OUTSIDE && (device == null || device.equals("eth0")) ? Kind.LOCAL : Kind.UNICAST;
    }

    @Override
    public int source(String out, int destination) {
        return OUTSIDE;
    }

    @Override
    public int first(String in) {
        return OUTSIDE;
    }

    /** 10.0.0.0/8 is inside. */
    @Override
    public boolean leadsBack(int source, int destination, int mark, String in, boolean loose, boolean local) {
        return loose || (source >>> 24 == 10) == in.equals("eth1");
    }

    @Override
    public int mtu(int source, int destination) {
        return 1400;
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public int random(int bound) {
        return random.nextInt(bound);
    }

    /** A packet from one interface to another. */
    Verdict route(byte[] bytes, String in, String out, long now) {
        Packet p = packet.wrap(bytes, Bytes.AT, now).from(in).mac(0x0200_0000_0001L);
        Verdict verdict = hooks.prerouting(p);
        if (verdict != Verdict.ACCEPT) {
            return verdict;
        }
        verdict = hooks.forward(p.to(out));
        return verdict == Verdict.ACCEPT ? hooks.postrouting(p.from(null)) : verdict;
    }

    Verdict outward(byte[] bytes, long now) {
        return route(bytes, "eth1", "eth0", now);
    }

    Verdict inward(byte[] bytes, long now) {
        return route(bytes, "eth0", "eth1", now);
    }

    List<String> connections(long now) {
        return hooks.connections().list(Connections.Filter.ALL, now);
    }
}
