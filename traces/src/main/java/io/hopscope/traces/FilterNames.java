package io.hopscope.traces;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what pcap-filter(7) would have to look up: names of hosts, nets, services and protocols, which mean something else
 * on another machine, or nothing. Words of the language that mean nothing on Ethernet count as names as well.
 */
final class FilterNames {
    private static final Set<String> WORDS =
            new HashSet<>(Arrays.asList(("""
            src dst host net mask port portrange proto protochain and or not less greater len length byte
            ether link ip ip6 arp rarp atalk aarp decnet lat sca moprc mopdl iso stp ipx netbeui llc
            esis es-is isis is-is clnp l1 l2 iih lsp snp csnp psnp tcp udp sctp icmp icmp6 igmp igrp pim vrrp carp ah esp
            broadcast multicast inbound outbound vlan mpls pppoed pppoes geneve vxlan
            i s u rr rnr rej ui ua disc dm sabme test xid frmr
            icmptype icmpcode icmp6type icmp6code tcpflags
            tcp-fin tcp-syn tcp-rst tcp-push tcp-ack tcp-urg tcp-ece tcp-cwr
            icmp-echoreply icmp-unreach icmp-sourcequench icmp-redirect icmp-echo icmp-routeradvert icmp-routersolicit
            icmp-timxceed icmp-paramprob icmp-tstamp icmp-tstampreply icmp-ireq icmp-ireqreply icmp-maskreq icmp-maskreply
            icmp6-destinationunreach icmp6-packettoobig icmp6-timeexceeded icmp6-parameterproblem icmp6-echo icmp6-echoreply
            icmp6-multicastlistenerquery icmp6-multicastlistenerreportv1 icmp6-multicastlistenerdone icmp6-routersolicit
            icmp6-routeradvert icmp6-neighborsolicit icmp6-neighboradvert icmp6-redirect icmp6-routerrenum
            icmp6-nodeinformationquery icmp6-nodeinformationresponse icmp6-ineighbordiscoverysolicit
            icmp6-ineighbordiscoveryadvert icmp6-multicastlistenerreportv2 icmp6-homeagentdiscoveryrequest
            icmp6-homeagentdiscoveryreply icmp6-mobileprefixsolicit icmp6-mobileprefixadvert icmp6-certpathsolicit
            icmp6-certpathadvert icmp6-multicastrouteradvert icmp6-multicastroutersolicit icmp6-multicastroutertermination
            """).strip().split("\\s+")));

    private static final Pattern WORD = Pattern.compile("\\\\?[A-Za-z0-9:][-_.:A-Za-z0-9]*");
    private static final String HEX = "[0-9A-Fa-f]{1,2}";
    /** Numbers, ports from and to, IPv4 addresses whole or short, MACs in the four ways to write them, bytes from and how many. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+){0,3}|0[xX][0-9A-Fa-f]+|[0-9]+-[0-9]+|:"
            + "|" + HEX + "(:" + HEX + "){5}|" + HEX + "(-" + HEX + "){5}|" + HEX + "(\\." + HEX + "){5}"
            + "|[0-9A-Fa-f]{4}(\\.[0-9A-Fa-f]{4}){2}|[0-9]*:[0-9]+|0x[0-9A-Fa-f]+:[0-9]+");
    /** With "::" or all of its groups; anything else that could be one is refused by whoever compiles it. */
    private static final Pattern IPV6 = Pattern.compile("(?=.*::|(.*:){7}|(.*:){6}.*\\.)"
            + "([0-9A-Fa-f]{1,4}|:(?=:|[0-9A-Fa-f]|$)|(?<=:)[0-9]{1,3}(\\.[0-9]{1,3}){3}$)+");

    private FilterNames() {}

    /** What is wrong with the first of them; null if there is none. */
    static FilterFault first(String filter) {
        Matcher matcher = WORD.matcher(filter);
        while (matcher.find()) {
            String word = matcher.group();
            String plain = word.startsWith("\\") ? word.substring(1) : word;
            if (!WORDS.contains(plain)
                    && !NUMBER.matcher(word).matches()
                    && !IPV6.matcher(word).matches()) {
                return FilterFault.at(
                        matcher.start() + 1,
                        word,
                        "a word of pcap-filter, a number or an address: names are not looked up",
                        FilterParser.WORDS);
            }
        }
        return null;
    }
}
