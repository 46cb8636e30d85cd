package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names of ports and protocols that rules may use, from /etc/services and /etc/protocols. */
final class Services {
    private static final Map<String, Integer> PORTS = new LinkedHashMap<>();
    private static final Map<String, Integer> PROTOCOLS = new LinkedHashMap<>();

    static {
        String ports = "ftp 21 ssh 22 telnet 23 smtp 25 domain 53 bootps 67 bootpc 68 tftp 69 http 80 kerberos 88 "
                + "pop3 110 sunrpc 111 ntp 123 imap2 143 snmp 161 bgp 179 ldap 389 https 443 syslog 514 nfs 2049 "
                + "mysql 3306 postgresql 5432 redis 6379 http-alt 8080";
        String protocols = "icmp 1 igmp 2 ipencap 4 tcp 6 udp 17 dccp 33 ipv6 41 gre 47 esp 50 ah 51 ospf 89 vrrp 112 "
                + "sctp 132 udplite 136";
        fill(PORTS, ports);
        fill(PROTOCOLS, protocols);
    }

    private Services() {}

    private static void fill(Map<String, Integer> map, String text) {
        String[] words = text.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            map.put(words[i], Integer.parseInt(words[i + 1]));
        }
    }

    /** Null for an unknown name. */
    static Integer port(String name) {
        return PORTS.get(name);
    }

    static Collection<String> names() {
        return PORTS.keySet();
    }

    /** Null for an unknown name; 0 for all. */
    static Integer protocol(String name) {
        return name.equals("all") ? Integer.valueOf(0) : PROTOCOLS.get(name);
    }

    static List<String> protocols() {
        List<String> all = new ArrayList<>(PROTOCOLS.keySet());
        all.add("all");
        return all;
    }

    /** The name of a protocol, or its number. */
    static String protocolText(int number) {
        if (number == 0) {
            return "all";
        }
        for (Map.Entry<String, Integer> each : PROTOCOLS.entrySet()) {
            if (each.getValue() == number) {
                return each.getKey();
            }
        }
        return Integer.toString(number);
    }
}
