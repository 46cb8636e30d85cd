package io.hopscope.scenarios;

import java.util.LinkedHashSet;
import java.util.Set;

/** Derives locally administered MAC addresses from names: the same name has the same MAC in every run. */
final class MacBook {
    private final Set<Long> taken = new LinkedHashSet<>();

    /** An address that was given: it is derived for no other name from now on. */
    long given(long mac) {
        taken.add(mac);
        return mac;
    }

    /**
     * @param name of the whole port, {@code compute1/inst1:eth0}
     */
    long derive(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 40;
        long mac = 0x0200_0000_0000L | hash & 0xff_ffff_ffffL;
        while (!taken.add(mac)) {
            mac = 0x0200_0000_0000L | mac + 1 & 0xff_ffff_ffffL;
        }
        return mac;
    }
}
