package io.hopscope.scenarios.eras;

import io.hopscope.protocols.asic.AsicProfile;
import java.util.List;

/**
 * Which era, how large, and with which switches.
 *
 * @param name one of {@link Eras#NAMES}
 * @param racks of the data centre; two share a pair of access switches
 * @param perRack servers a rack
 * @param density endpoints a server: addresses, virtual machines or containers
 * @param table what the cores are made of
 * @param subnetSize prefix length of the VLANs' subnets
 * @param copp whether the cores police what their CPUs are given, as SONiC does
 * @param crash whether a core that finds no room reboots
 * @param warm entries are written through the tables' own code instead of by announcements
 * @param loads packets a second that each endpoint sends, one measurement each
 * @param workers threads; changes no result
 */
public record EraSpec(
        String name,
        int racks,
        int perRack,
        int density,
        AsicProfile table,
        int subnetSize,
        boolean copp,
        boolean crash,
        boolean warm,
        List<Double> loads,
        long seed,
        int workers) {
    /** The size that the article's figures have. */
    public static EraSpec usual(String name) {
        boolean metal = name.equals(Eras.BARE_METAL);
        boolean machines = name.equals(Eras.VM);
        return new EraSpec(
                name,
                machines ? 300 : 200,
                10,
                metal ? 1 : machines ? 15 : 75,
                AsicProfile.named(metal ? "16k" : "64k"),
                22,
                true,
                false,
                false,
                name.equals(Eras.CONTAINER_L2) ? List.of(0.001, 1.0, 100.0) : List.of(10.0),
                1,
                1);
    }

    public int servers() {
        return racks * perRack;
    }

    public EraSpec size(int newRacks, int newPerRack, int newDensity) {
        return new EraSpec(
                name, newRacks, newPerRack, newDensity, table, subnetSize, copp, crash, warm, loads, seed, workers);
    }

    public EraSpec switches(AsicProfile newTable, boolean newCopp, boolean newCrash) {
        return new EraSpec(
                name, racks, perRack, density, newTable, subnetSize, newCopp, newCrash, warm, loads, seed, workers);
    }

    public EraSpec subnetSize(int newLength) {
        return new EraSpec(name, racks, perRack, density, table, newLength, copp, crash, warm, loads, seed, workers);
    }

    public EraSpec warm(boolean on) {
        return new EraSpec(name, racks, perRack, density, table, subnetSize, copp, crash, on, loads, seed, workers);
    }

    public EraSpec loads(List<Double> newLoads) {
        return new EraSpec(
                name, racks, perRack, density, table, subnetSize, copp, crash, warm, newLoads, seed, workers);
    }

    public EraSpec run(long newSeed, int newWorkers) {
        return new EraSpec(
                name, racks, perRack, density, table, subnetSize, copp, crash, warm, loads, newSeed, newWorkers);
    }
}
