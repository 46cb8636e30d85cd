package io.hopscope.devices.programs;

import java.util.Map;
import java.util.TreeMap;

/** What Debian's /etc/services calls the ports that are met with most. */
final class ServiceNames {
    private static final Map<Integer, String> NAMES = new TreeMap<>();

    static {
        String[] names = {
            "20 ftp-data",
            "21 ftp",
            "22 ssh",
            "23 telnet",
            "25 smtp",
            "53 domain",
            "67 bootps",
            "68 bootpc",
            "69 tftp",
            "80 http",
            "110 pop3",
            "123 ntp",
            "143 imap2",
            "161 snmp",
            "179 bgp",
            "389 ldap",
            "443 https",
            "514 syslog",
            "636 ldaps",
            "993 imaps",
            "3306 mysql",
            "5353 mdns",
            "5432 postgresql",
            "6379 redis",
            "8080 http-alt"
        };
        for (String each : names) {
            String[] words = each.split(" ");
            NAMES.put(Integer.parseInt(words[0]), words[1]);
        }
    }

    private ServiceNames() {}

    static String of(int port) {
        return NAMES.getOrDefault(port, Integer.toString(port));
    }

    /** The port of a name; -1 for none. */
    static int port(String name) {
        for (Map.Entry<Integer, String> each : NAMES.entrySet()) {
            if (each.getValue().equals(name)) {
                return each.getKey();
            }
        }
        return -1;
    }
}
