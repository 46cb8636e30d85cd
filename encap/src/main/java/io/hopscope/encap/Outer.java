package io.hopscope.encap;

/**
 * The outer headers a tunnel writes: made once for a tunnel and its peer, used for every packet.
 *
 * @param sourceMac MAC address of the underlay interface
 * @param destinationMac MAC address of the next hop
 * @param source IPv4 address of this end
 * @param destination IPv4 address of the other end
 * @param ttl outer TTL; 0 takes that of the inner packet, or 64 where the tunnel carries no IPv4 packet
 * @param df whether the outer packet may not be fragmented; a tunnel of packets also copies an inner DF
 * @param key VNI or GRE key
 * @param port destination port where the tunnel runs over UDP
 * @param udpChecksum whether to compute the outer UDP checksum; 0 is sent otherwise
 */
public record Outer(
        long sourceMac,
        long destinationMac,
        int source,
        int destination,
        int ttl,
        boolean df,
        int key,
        int port,
        boolean udpChecksum) {

    /** TTL 64, no DF, key 0, port 4789, no UDP checksum. */
    public static Outer between(long sourceMac, long destinationMac, int source, int destination) {
        return new Outer(sourceMac, destinationMac, source, destination, 64, false, 0, Vxlan.PORT, false);
    }

    public Outer ttl(int hops) {
        return new Outer(sourceMac, destinationMac, source, destination, hops, df, key, port, udpChecksum);
    }

    public Outer df(boolean on) {
        return new Outer(sourceMac, destinationMac, source, destination, ttl, on, key, port, udpChecksum);
    }

    public Outer key(int number) {
        return new Outer(sourceMac, destinationMac, source, destination, ttl, df, number, port, udpChecksum);
    }

    public Outer port(int number) {
        return new Outer(sourceMac, destinationMac, source, destination, ttl, df, key, number, udpChecksum);
    }

    public Outer udpChecksum(boolean on) {
        return new Outer(sourceMac, destinationMac, source, destination, ttl, df, key, port, on);
    }
}
