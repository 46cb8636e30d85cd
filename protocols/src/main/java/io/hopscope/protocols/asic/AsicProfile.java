package io.hopscope.protocols.asic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table sizes of a switch.
 *
 * @param fdb VLAN and MAC
 * @param host VRF and address: /32 routes made of ARP
 * @param lpm slots of the prefix table
 * @param lpmCost slots of one IPv4 prefix
 * @param ecmpGroups sets of equal next hops
 * @param ecmpMembers next hops in all of them together
 * @param ecmpWidth next hops of one set
 * @param acl access rules
 */
public record AsicProfile(
        String name,
        HashTableSpec fdb,
        HashTableSpec host,
        int lpm,
        int lpmCost,
        int ecmpGroups,
        int ecmpMembers,
        int ecmpWidth,
        int acl) {
    private static final int K = 1024;
    /** Where nothing is published: a model's figure. */
    private static final int ACL = K;

    private static final Map<String, AsicProfile> ALL = new LinkedHashMap<>();

    static {
        // The article's switches: their host table is what fills first; the FDB is four times as large.
        add("16k", 64 * K, 16 * K, 16 * K, K, 16_000, 128);
        add("64k", 256 * K, 64 * K, 64 * K, K, 16_000, 128);
        // 16,384 MACs and adjacencies a SoC, 32,768 routes (netcraftsmen, Looking at the Cisco Nexus 7000 F2 card).
        add("n7k-f2", 16 * K, 16 * K, 32 * K, K, 16_000, 16);
        // Trident2's unified table, as QFX5100 divides it: l2-profile-three (the default), l3-profile, l2-profile-two.
        add("td2-default", 160 * K, 144 * K, 16 * K, K, 16_000, 64);
        add("td2-l3", 96 * K, 208 * K, 16 * K, K, 16_000, 64);
        add("td2-l2", 224 * K, 80 * K, 16 * K, K, 16_000, 64);
        // Tomahawk: FBOSS TomahawkAsic.h (16,000 members), Wedge's l2_mem_entries; hosts and routes from Cumulus.
        add("th", 32 * K, 40 * K, 64 * K, K, 16_000, 128);
        // Tomahawk 3: FBOSS Tomahawk3Asic.h; its FDB and LPM are not published, Tomahawk's stand in for them.
        add("th3", 32 * K, 16 * K, 64 * K, 2 * K, 64_000, 128);
        // Spectrum-2: Cumulus 5.1's resource diagnostics, hosts and routes; the rest stands in.
        add("spectrum-2", 64 * K, 41_360, 82_720, K, 16_000, 128);
    }

    private static void add(String name, int fdb, int host, int lpm, int groups, int members, int width) {
        ALL.put(
                name,
                new AsicProfile(
                        name, HashTableSpec.of(fdb), HashTableSpec.of(host), lpm, 1, groups, members, width, ACL));
    }

    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * @throws IllegalArgumentException if there is none of that name
     */
    public static AsicProfile named(String name) {
        AsicProfile found = ALL.get(name);
        if (found == null) {
            throw new IllegalArgumentException("ASIC profile " + name);
        }
        return found;
    }

    /** The same with other hash tables. */
    public AsicProfile tables(HashTableSpec newFdb, HashTableSpec newHost) {
        return new AsicProfile(name, newFdb, newHost, lpm, lpmCost, ecmpGroups, ecmpMembers, ecmpWidth, acl);
    }
}
