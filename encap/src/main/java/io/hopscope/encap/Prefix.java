package io.hopscope.encap;

/** An IPv4 network: host bits are cleared. {@link InterfaceAddress} keeps them. */
public record Prefix(int address, int length) implements Comparable<Prefix> {
    /** 0.0.0.0/0. */
    public static final Prefix ALL = new Prefix(0, 0);

    public Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("found prefix length " + length + ", expected 0 to 32");
        }
        address &= mask(length);
    }

    /** Reads {@code 10.0.0.0/24}, or an address alone as a /32; bits behind the prefix must be 0. */
    public static Prefix parse(String text) {
        InterfaceAddress read = InterfaceAddress.parse(text, 32);
        Prefix prefix = read.prefix();
        if (prefix.address != read.address()) {
            throw new IllegalArgumentException("found '" + text + "' with host bits set, expected " + prefix);
        }
        return prefix;
    }

    /** The network mask of a length: {@code 0xffffff00} for 24. */
    public static int mask(int length) {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    public int mask() {
        return mask(length);
    }

    public boolean contains(int other) {
        return (other & mask(length)) == address;
    }

    /** Whether there is an address that both contain. */
    public boolean overlaps(Prefix other) {
        return length <= other.length ? contains(other.address) : other.contains(address);
    }

    /** The directed broadcast address, all host bits one; the address itself for a /32. */
    public int broadcast() {
        return address | ~mask(length);
    }

    /** By address, then the shorter prefix first. */
    @Override
    public int compareTo(Prefix other) {
        int byAddress = Integer.compareUnsigned(address, other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return Ipv4Address.text(address) + "/" + length;
    }
}
