package io.hopscope.protocols;

/** A bridge's table of stations, of whatever it is made: what a spanning tree does to it, and what a read-out shows. */
public interface Stations {
    /** Picoseconds after which a station not heard is forgotten. */
    long ageing();

    /** From now on stations are forgotten after another time. */
    void ageing(long picoseconds, long now);

    /** Forgets what was learned by a port. */
    void flush(int port);

    /** What has not aged, by VLAN and MAC. */
    Fdb.Entry[] entries(long now);
}
