package io.hopscope.protocols.ipam;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;

/**
 * A provider network: its VLAN, its subnet, the addresses it gives to ports.
 *
 * @param first of the addresses
 * @param last of them
 * @param gateway the default gateway of its ports; 0 for none
 */
public record IpamNetwork(int vlan, Prefix subnet, int first, int last, int gateway) {
    private static final String FORM = "VLAN=SUBNET[,FIRST-LAST][,gateway=ADDRESS]";

    /** As Neutron does unless it is told otherwise: the first address is the gateway's, all others are given out. */
    public static IpamNetwork of(int vlan, Prefix subnet) {
        int first = subnet.address() + 1;
        return new IpamNetwork(vlan, subnet, first, subnet.broadcast() - 1, first);
    }

    /**
     * Reads {@code 101=10.1.101.0/24,10.1.101.11-10.1.101.250,gateway=10.1.101.1}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static IpamNetwork parse(String text) {
        String[] sides = text.split("=", 2);
        if (sides.length < 2 || !sides[0].matches("\\d{1,4}")) {
            throw new IllegalArgumentException("found '" + text + "', expected " + FORM);
        }
        int vlan = Integer.parseInt(sides[0]);
        if (vlan < 1 || vlan > 4094) {
            throw new IllegalArgumentException("found VLAN " + vlan + ", expected 1 to 4094");
        }
        String[] parts = sides[1].split(",", -1);
        Prefix subnet = Prefix.parse(parts[0]);
        if (subnet.length() > 30) {
            throw new IllegalArgumentException("found " + subnet + ", expected a subnet with room for hosts");
        }
        IpamNetwork read = of(vlan, subnet);
        for (int i = 1; i < parts.length; i++) {
            read = read.with(parts[i]);
        }
        return read;
    }

    private IpamNetwork with(String part) {
        if (part.equals("gateway=none")) {
            return new IpamNetwork(vlan, subnet, first, last, 0);
        } else if (part.startsWith("gateway=")) {
            return new IpamNetwork(vlan, subnet, first, last, inside(part.substring(8)));
        }
        String[] ends = part.split("-", -1);
        if (ends.length != 2) {
            throw new IllegalArgumentException("found '" + part + "', expected FIRST-LAST or gateway=ADDRESS");
        }
        int from = inside(ends[0]);
        int to = inside(ends[1]);
        if (Integer.compareUnsigned(from, to) > 0) {
            throw new IllegalArgumentException("found '" + part + "', expected the lower address first");
        }
        return new IpamNetwork(vlan, subnet, from, to, gateway);
    }

    private int inside(String text) {
        int address = Ipv4Address.bits(text);
        if (!subnet.contains(address) || address == subnet.address() || address == subnet.broadcast()) {
            throw new IllegalArgumentException("found " + text + ", expected an address of a host in " + subnet);
        }
        return address;
    }
}
