package io.hopscope.encap;

/** An address of an interface with the length of its subnet, as in {@code ip addr}: host bits are kept. */
public record InterfaceAddress(int address, int length) {
    public InterfaceAddress {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("found prefix length " + length + ", expected 0 to 32");
        }
    }

    /** Reads {@code 10.1.101.11/24}; the length must be there. */
    public static InterfaceAddress parse(String text) {
        return parse(text, -1);
    }

    static InterfaceAddress parse(String text, int lengthIfAbsent) {
        int slash = text.indexOf('/');
        if (slash < 0 && lengthIfAbsent >= 0) return new InterfaceAddress(Ipv4Address.bits(text), lengthIfAbsent);
        if (slash < 0) throw wrong(text);
        int length = length(text, slash + 1);
        return new InterfaceAddress(Ipv4Address.bits(text.substring(0, slash)), length);
    }

    private static int length(String text, int from) {
        int digits = text.length() - from;
        if (digits < 1 || digits > 2 || digits == 2 && text.charAt(from) == '0') throw wrong(text);
        int length = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') throw wrong(text);
            length = length * 10 + c - '0';
        }
        if (length > 32) throw wrong(text);
        return length;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "found '" + text + "', expected an address with a prefix length (0 to 32) such as 10.1.101.11/24");
    }

    /** The subnet this address is in. */
    public Prefix prefix() {
        return new Prefix(address, length);
    }

    @Override
    public String toString() {
        return Ipv4Address.text(address) + "/" + length;
    }
}
