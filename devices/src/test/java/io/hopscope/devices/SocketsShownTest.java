package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.CableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code ss} and {@code ip} show of two hosts that talk to one another. */
class SocketsShownTest {
    /** In the order of tcp_stats_print (iproute2 6.1). */
    private static final List<String> ORDER = List.of(
            ("ts sack cubic wscale rto backoff rtt ato mss pmtu rcvmss advmss cwnd ssthresh bytes_sent bytes_retrans"
                            + " bytes_acked bytes_received segs_out segs_in data_segs_out data_segs_in send lastsnd"
                            + " lastrcv lastack pacing_rate delivery_rate delivered app_limited busy unacked retrans"
                            + " lost sacked dsack_dups reordering reord_seen rcv_rtt rcv_space rcv_ssthresh notsent"
                            + " minrtt snd_wnd")
                    .split(" "));

    private final Lab lab = new Lab();
    private final Host c = lab.host("c", "10.9.9.1/24");
    private final Host s = lab.host("s", "10.9.9.2/24");

    private void talk() {
        lab.network.cable(
                c.port("eth0"),
                s.port("eth0"),
                CableSpec.DEFAULT.rate(100_000_000).delay(Lab.MILLI));
        lab.exec(0, s, "iperf -s -D");
        lab.exec(0, s, "nc -l -k 8080");
        lab.exec(0, s, "iperf -s -u -D");
        lab.exec(1000 * Lab.MILLI, c, "nc 10.9.9.2 8080");
        lab.exec(1000 * Lab.MILLI, c, "iperf -c 10.9.9.2 -n 1M");
    }

    private static List<String> words(List<String> lines) {
        List<String> all = new ArrayList<>();
        lines.forEach(line -> all.addAll(Arrays.asList(line.strip().split(" +"))));
        return all;
    }

    @Test
    void socketsHaveTheirProcesses() {
        talk();
        Task listeners = lab.exec(500 * Lab.MILLI, s, "ss -tulnp");
        Task all = lab.exec(3000 * Lab.MILLI, s, "ss -tanp");
        Task mine = lab.exec(3000 * Lab.MILLI, c, "ss -Htanpo");
        lab.run(4000 * Lab.MILLI);
        assertThat(listeners.lines())
                .containsExactly(
                        "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess                        ",
                        "udp   UNCONN 0      0            0.0.0.0:5001      0.0.0.0:*    users:((\"iperf\",pid=103,fd=3))",
                        "tcp   LISTEN 0      128          0.0.0.0:5001      0.0.0.0:*    users:((\"iperf\",pid=101,fd=3))",
                        "tcp   LISTEN 0      5            0.0.0.0:8080      0.0.0.0:*    users:((\"nc\",pid=102,fd=3))   ");
        assertThat(words(all.lines()))
                .containsSubsequence("ESTAB", "0", "0", "10.9.9.2:8080")
                .contains("users:((\"nc\",pid=102,fd=4))");
        assertThat(mine.lines()).hasSize(2);
        assertThat(words(mine.lines()))
                .containsSubsequence("ESTAB", "10.9.9.2:8080", "users:((\"nc\",pid=101,fd=3))")
                .containsSubsequence("TIME-WAIT", "10.9.9.2:5001");
        assertThat(mine.lines()).anyMatch(line -> line.contains("timer:(timewait,5"));
    }

    @Test
    void aConnectionIsToldInTheRealOrder() {
        talk();
        Task sender = lab.exec(1050 * Lab.MILLI, c, "ss -tino state established dport = :5001");
        Task receiver = lab.exec(1050 * Lab.MILLI, s, "ss -tino state established sport = :5001");
        lab.run(4000 * Lab.MILLI);
        for (Task each : List.of(sender, receiver)) {
            assertThat(each.lines()).hasSize(3);
            assertThat(each.lines().get(2)).startsWith("\t ts sack cubic wscale:10,10 rto:");
            List<String> names = words(each.lines().subList(2, 3)).stream()
                    .map(word -> word.replaceAll(":.*", ""))
                    .filter(word -> !word.matches("[0-9.]+bps"))
                    .toList();
            assertThat(ORDER).containsSubsequence(names);
        }
        assertThat(words(sender.lines())).contains("mss:1448", "pmtu:1500").anyMatch(word -> word.startsWith("cwnd:"));
        assertThat(words(receiver.lines())).contains("rcvmss:1448").anyMatch(word -> word.startsWith("rcv_rtt:"));
    }

    @Test
    void theSummaryCountsThem() {
        talk();
        Task summary = lab.exec(3000 * Lab.MILLI, s, "ss -s");
        lab.run(4000 * Lab.MILLI);
        assertThat(summary.lines())
                .containsExactly(
                        "Total: 5",
                        "TCP:   3 (estab 1, closed 0, orphaned 0, timewait 0)",
                        "",
                        "Transport Total     IP        IPv6",
                        "RAW\t  0         0         0        ",
                        "UDP\t  1         1         0        ",
                        "TCP\t  3         3         0        ",
                        "INET\t  4         4         0        ",
                        "FRAG\t  0         0         0        ",
                        "");
    }

    @Test
    void aClosedSocketIsNobodysAndItsNumberIsFree() {
        lab.cable(c.port("eth0"), s.port("eth0"));
        s.stack().files().put("/index.html", HostFiles.Content.of("hi\n"));
        lab.exec(0, s, "python3 -m http.server 80");
        lab.exec(1000 * Lab.MILLI, c, "curl -s http://10.9.9.2/index.html");
        lab.exec(2000 * Lab.MILLI, c, "nc 10.9.9.2 80");
        Task served = lab.exec(3000 * Lab.MILLI, s, "ss -tanpH");
        lab.run(4000 * Lab.MILLI);
        assertThat(words(served.lines()))
                .containsSubsequence("LISTEN", "users:((\"python3\",pid=101,fd=3))")
                .containsSubsequence("ESTAB", "users:((\"python3\",pid=101,fd=4))")
                .contains("TIME-WAIT");
    }

    /** Headings and blanks are those of iproute2 6.1. */
    @Test
    void linksTellWhatTheyCarried() {
        lab.cable(c.port("eth0"), s.port("eth0"));
        lab.exec(0, c, "ping -c 1 10.9.9.2");
        Task once = lab.exec(1000 * Lab.MILLI, c, "ip -s link show eth0");
        Task twice = lab.exec(1000 * Lab.MILLI, c, "ip -s -s link show eth0");
        Task json = lab.exec(1000 * Lab.MILLI, c, "ip -j -s link show eth0");
        lab.run(2000 * Lab.MILLI);
        assertThat(once.lines())
                .containsExactly(
                        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default"
                                + " qlen 1000",
                        "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff",
                        "    RX:  bytes packets errors dropped  missed   mcast           ",
                        "           140       2      0       0       0       0 ",
                        "    TX:  bytes packets errors dropped carrier collsns           ",
                        "           140       2      0       0       0       0 ");
        assertThat(twice.lines().subList(2, 10))
                .containsExactly(
                        "    RX:  bytes packets errors dropped  missed   mcast           ",
                        "           140       2      0       0       0       0 ",
                        "    RX errors:  length    crc   frame    fifo overrun",
                        "                     0      0       0       0       0 ",
                        "    TX:  bytes packets errors dropped carrier collsns           ",
                        "           140       2      0       0       0       0 ",
                        "    TX errors: aborted   fifo  window heartbt transns",
                        "                     0      0       0       0       0 ");
        assertThat(json.lines().get(0))
                .isEqualTo(
                        "[{\"ifindex\":2,\"ifname\":\"eth0\",\"flags\":[\"BROADCAST\",\"MULTICAST\",\"UP\",\"LOWER_UP\"],"
                                + "\"mtu\":1500,\"qdisc\":\"noqueue\",\"operstate\":\"UP\",\"linkmode\":\"DEFAULT\",\"group\":\"default\","
                                + "\"txqlen\":1000,\"link_type\":\"ether\",\"address\":\"02:00:00:00:00:01\","
                                + "\"broadcast\":\"ff:ff:ff:ff:ff:ff\",\"stats64\":{\"rx\":{\"bytes\":140,\"packets\":2,\"errors\":0,"
                                + "\"dropped\":0,\"over_errors\":0,\"multicast\":0},\"tx\":{\"bytes\":140,\"packets\":2,\"errors\":0,"
                                + "\"dropped\":0,\"carrier_errors\":0,\"collisions\":0}}}]");
    }

    /** The very JSON of iproute2 6.1 for the same routes and rules. */
    @Test
    void jsonIsThatOfIproute() {
        lab.route(c, "default via 10.9.9.3 metric 50");
        lab.route(c, "10.2.0.0/16 via 10.9.9.2");
        lab.route(c, "blackhole 10.3.0.0/16");
        lab.route(c, "10.5.0.0/16 via 10.9.9.2 mtu 1300 src 10.9.9.1 proto static");
        lab.cable(c.port("eth0"), s.port("eth0"));
        lab.exec(0, c, "ip rule add from 10.1.1.0/24 fwmark 0x5 table 100 pref 50");
        lab.exec(0, c, "ip rule add ipproto tcp dport 80-90 sport 5 table 7 pref 9");
        lab.exec(0, c, "ip rule add iif eth0 to 10.0.0.0/8 prohibit pref 49");
        lab.exec(0, c, "ip neigh add 10.9.9.9 lladdr 02:00:00:00:00:99 dev eth0");
        Task routes = lab.exec(Lab.MILLI, c, "ip -j route");
        Task get = lab.exec(Lab.MILLI, c, "ip -j route get 10.9.9.2");
        Task rules = lab.exec(Lab.MILLI, c, "ip -j rule");
        Task neighbours = lab.exec(Lab.MILLI, c, "ip -j -p neigh");
        Task addresses = lab.exec(Lab.MILLI, c, "ip -j addr show eth0");
        lab.run(2 * Lab.MILLI);
        assertThat(routes.lines())
                .containsExactly(
                        "[{\"dst\":\"default\",\"gateway\":\"10.9.9.3\",\"dev\":\"eth0\",\"metric\":50,\"flags\":[]},"
                                + "{\"dst\":\"10.2.0.0/16\",\"gateway\":\"10.9.9.2\",\"dev\":\"eth0\",\"flags\":[]},"
                                + "{\"type\":\"blackhole\",\"dst\":\"10.3.0.0/16\",\"flags\":[]},"
                                + "{\"dst\":\"10.5.0.0/16\",\"gateway\":\"10.9.9.2\",\"dev\":\"eth0\",\"protocol\":\"static\","
                                + "\"prefsrc\":\"10.9.9.1\",\"flags\":[],\"metrics\":[{\"mtu\":1300}]},"
                                + "{\"dst\":\"10.9.9.0/24\",\"dev\":\"eth0\",\"protocol\":\"kernel\",\"scope\":\"link\","
                                + "\"prefsrc\":\"10.9.9.1\",\"flags\":[]}]");
        assertThat(get.lines().get(0))
                .contains("\"dst\":\"10.9.9.2\",\"dev\":\"eth0\"", "\"flags\":[],\"uid\":0,\"cache\":[]}]");
        assertThat(rules.lines())
                .containsExactly("[{\"priority\":0,\"src\":\"all\",\"table\":\"local\"},"
                        + "{\"priority\":9,\"src\":\"all\",\"ipproto\":\"tcp\",\"sport\":5,\"dport_start\":80,"
                        + "\"dport_end\":90,\"table\":\"7\"},"
                        + "{\"priority\":49,\"src\":\"all\",\"dst\":\"10.0.0.0\",\"dstlen\":8,\"iif\":\"eth0\","
                        + "\"action\":\"prohibit\"},"
                        + "{\"priority\":50,\"src\":\"10.1.1.0\",\"srclen\":24,\"fwmark\":\"0x5\",\"table\":\"100\"},"
                        + "{\"priority\":32766,\"src\":\"all\",\"table\":\"main\"},"
                        + "{\"priority\":32767,\"src\":\"all\",\"table\":\"default\"}]");
        assertThat(neighbours.lines())
                .containsExactly(
                        "[ {",
                        "        \"dst\": \"10.9.9.9\",",
                        "        \"dev\": \"eth0\",",
                        "        \"lladdr\": \"02:00:00:00:00:99\",",
                        "        \"state\": [ \"PERMANENT\" ]",
                        "    } ]");
        assertThat(addresses.lines().get(0))
                .endsWith("\"addr_info\":[{\"family\":\"inet\",\"local\":\"10.9.9.1\",\"prefixlen\":24,"
                        + "\"broadcast\":\"10.9.9.255\",\"scope\":\"global\",\"label\":\"eth0\","
                        + "\"valid_life_time\":4294967295,\"preferred_life_time\":4294967295}]}]");
    }

    private List<String> said(String command) {
        Task task = lab.exec(0, c, command);
        tasks.add(task);
        return task.lines();
    }

    private final List<Task> tasks = new ArrayList<>();

    /** As iproute2 6.1 says them. */
    @Test
    void whatALinkCannotBeIsRefusedInTheRealOnesWords() {
        lab.cable(c.port("eth0"), s.port("eth0"));
        List<List<String>> lines = new ArrayList<>();
        String[] commands = {
            "ip link set eth0 mtu 50",
            "ip link set eth0 mtu 66000",
            "ip link set nix up",
            "ip link set eth0 address zz",
            "ip link set eth0 address 01:00:00:00:00:11",
            "ip link set",
            "ip link set eth0 foo",
            "ip link set eth0 mtu",
            "ip link set dev eth0 mtu abc",
            "ip -Z link",
            "ip link set eth0 mtu 1400 txqueuelen 5 address 02:00:00:00:00:11",
            "ip link show eth0"
        };
        for (String each : commands) {
            lines.add(said(each));
        }
        lab.run(Lab.MILLI);
        assertThat(lines.get(0)).containsExactly("Error: mtu less than device minimum.");
        assertThat(lines.get(1)).containsExactly("Error: mtu greater than device maximum.");
        assertThat(lines.get(2)).singleElement().asString().startsWith("Cannot find device \"nix\"");
        assertThat(lines.get(3)).containsExactly("\"zz\" is invalid lladdr.");
        assertThat(lines.get(4)).containsExactly("RTNETLINK answers: Cannot assign requested address");
        assertThat(lines.get(5)).containsExactly("Not enough information: \"dev\" argument is required.");
        assertThat(lines.get(6))
                .singleElement()
                .asString()
                .startsWith("Error: either \"dev\" is duplicate, or \"foo\" is a garbage.");
        assertThat(lines.get(7)).containsExactly("Command line is not complete. Try option \"help\"");
        assertThat(lines.get(8)).startsWith("Error: argument \"abc\" is wrong: Invalid \"mtu\" value");
        assertThat(lines.get(9)).containsExactly("Option \"-Z\" is unknown, try \"ip -help\".");
        assertThat(lines.get(11))
                .containsExactly(
                        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP mode DEFAULT group default"
                                + " qlen 5",
                        "    link/ether 02:00:00:00:00:11 brd ff:ff:ff:ff:ff:ff");
        assertThat(tasks.stream().map(Task::exit)).containsExactly(2, 2, 1, 1, 2, 255, 255, 255, 255, 255, 0, 0);
    }
}
