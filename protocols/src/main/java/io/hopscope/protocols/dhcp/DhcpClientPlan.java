package io.hopscope.protocols.dhcp;

import io.hopscope.encap.DhcpOption;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a client is told to do; the defaults are udhcpc's. */
public final class DhcpClientPlan {
    /** -t, -T and -A: how many discovers, seconds between them, seconds before the next try. */
    public int tries = 3;

    public long pause = 3;
    public long again = 20;
    /** -r: the address asked for; 0 for any. */
    public int requested;
    /** -B: replies are to be broadcast. */
    public boolean broadcast;
    /** -n: no lease, no client. */
    public boolean failing;
    /** -q: a lease is all that is wanted. */
    public boolean quitting;
    /** -R: gives the lease back at the end. */
    public boolean releasing;

    private final TreeSet<Integer> parameters = new TreeSet<>();
    /** udhcpc sends them in the order of their numbers. */
    private final Map<Integer, byte[]> options = new TreeMap<>();

    public DhcpClientPlan(long mac) {
        for (int code : new int[] {
            DhcpOption.NETMASK,
            DhcpOption.ROUTER,
            DhcpOption.DNS_SERVER,
            DhcpOption.HOST_NAME,
            DhcpOption.DOMAIN_NAME,
            DhcpOption.BROADCAST,
            DhcpOption.NTP_SERVER
        }) {
            parameters.add(code);
        }
        byte[] id = new byte[7];
        id[0] = 1;
        for (int i = 1; i < id.length; i++) {
            id[i] = (byte) (mac >>> 48 - 8 * i);
        }
        option(DhcpOption.CLIENT_ID, id);
        option(DhcpOption.VENDOR_CLASS, "udhcp 1.35.0".getBytes(StandardCharsets.UTF_8));
    }

    /** -x: an option of every message but a release; without bytes there is none (-C, -V ''). */
    public DhcpClientPlan option(int code, byte... value) {
        if (value.length == 0) {
            options.remove(code);
        } else {
            options.put(code, value);
        }
        return this;
    }

    /** -O: asks for an option. */
    public DhcpClientPlan parameter(int code) {
        parameters.add(code);
        return this;
    }

    /** -o: asks for none. */
    public DhcpClientPlan noParameters() {
        parameters.clear();
        return this;
    }

    byte[] clientId() {
        return options.getOrDefault(DhcpOption.CLIENT_ID, new byte[0]);
    }

    void write(DhcpOption.Writer into) {
        into.put(DhcpOption.MAXIMUM_SIZE, (byte) 2, (byte) 64);
        byte[] wanted = new byte[parameters.size()];
        int n = 0;
        for (int code : parameters) {
            wanted[n++] = (byte) code;
        }
        if (n > 0) {
            into.put(DhcpOption.PARAMETERS, wanted);
        }
        options.forEach(into::put);
    }
}
