package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.List;

/** How long connections last without a packet, and what else net.netfilter.nf_conntrack_* sets. */
public final class Timeouts {
    private static final String PREFIX = "net.netfilter.nf_conntrack_";
    private static final List<String> TCP = List.of(
            "",
            "tcp_timeout_syn_sent",
            "tcp_timeout_syn_recv",
            "tcp_timeout_established",
            "tcp_timeout_fin_wait",
            "tcp_timeout_close_wait",
            "tcp_timeout_last_ack",
            "tcp_timeout_time_wait",
            "tcp_timeout_close",
            "",
            "tcp_timeout_max_retrans",
            "tcp_timeout_unacknowledged");

    /** By {@link TcpTracker}'s states, in seconds; then of retransmissions and of data that nobody acknowledges. */
    final long[] tcp = {0, 120, 60, 432_000, 120, 60, 30, 120, 10, 120, 300, 300};

    long udp = 30;
    long udpStream = 120;
    long icmp = 30;
    long gre = 30;
    long greStream = 180;
    long generic = 600;
    boolean loose = true;
    boolean liberal;
    int retransmissions = 3;
    boolean checksum = true;

    /** Names of all that {@link #set} takes. */
    public static List<String> names() {
        List<String> all = new ArrayList<>();
        TCP.stream().filter(each -> !each.isEmpty()).forEach(all::add);
        all.addAll(List.of(
                "udp_timeout",
                "udp_timeout_stream",
                "icmp_timeout",
                "gre_timeout",
                "gre_timeout_stream",
                "generic_timeout",
                "tcp_loose",
                "tcp_be_liberal",
                "tcp_max_retrans",
                "checksum"));
        return all.stream().map(each -> PREFIX + each).toList();
    }

    /** One by its full name, which {@link #names} has. */
    public long get(String name) {
        String own = name.substring(PREFIX.length());
        return switch (own) {
            case "udp_timeout" -> udp;
            case "udp_timeout_stream" -> udpStream;
            case "icmp_timeout" -> icmp;
            case "generic_timeout" -> generic;
            case "tcp_loose" -> loose ? 1 : 0;
            case "tcp_be_liberal" -> liberal ? 1 : 0;
            case "tcp_max_retrans" -> retransmissions;
            case "checksum" -> checksum ? 1 : 0;
            default -> tcp[TCP.indexOf(own)];
        };
    }

    /** Sets one by its full name; false for an unknown one. */
    public boolean set(String name, long value) {
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        String own = name.substring(PREFIX.length());
        int state = own.isEmpty() ? -1 : TCP.indexOf(own);
        if (state >= 0) {
            tcp[state] = value;
            return true;
        }
        switch (own) {
            case "udp_timeout" -> udp = value;
            case "udp_timeout_stream" -> udpStream = value;
            case "icmp_timeout" -> icmp = value;
            case "gre_timeout" -> gre = value;
            case "gre_timeout_stream" -> greStream = value;
            case "generic_timeout" -> generic = value;
            case "tcp_loose" -> loose = value != 0;
            case "tcp_be_liberal" -> liberal = value != 0;
            case "tcp_max_retrans" -> retransmissions = (int) value;
            case "checksum" -> checksum = value != 0;
            default -> {
                return false;
            }
        }
        return true;
    }
}
