package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.InterfaceAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a host counts, beside what Linux 6.18 counted in the same exchanges (linux-counters.txt). */
class CountersTest {
    /** One command, and what each host's counters grew by. */
    private record Exchange(String host, double seconds, String command, Map<String, Map<String, Long>> real) {}

    private final Lab lab = new Lab();
    private final Map<String, Host> hosts = new LinkedHashMap<>();

    private void network() {
        Host c = lab.host("c", "10.1.0.2/24", "default via 10.1.0.1");
        Host s = lab.host("s", "10.2.0.2/24", "default via 10.2.0.1");
        Host r = lab.host("r", "10.1.0.1/24", "unreachable 10.7.0.0/24", "blackhole 10.8.0.0/24");
        r.addInterface("eth1", 0x0200_0000_00ffL).address(InterfaceAddress.parse("10.2.0.1/24"));
        r.stack().find("eth1").mtu(1400);
        s.stack().find("eth0").mtu(1400);
        r.stack().forwarding(true);
        lab.cable(c.port("eth0"), r.port("eth0"));
        lab.cable(r.port("eth1"), s.port("eth0"));
        hosts.put("c", c);
        hosts.put("r", r);
        hosts.put("s", s);
        s.stack().files().put("/index.html", HostFiles.Content.of("hi\n"));
        lab.exec(0, s, "python3 -m http.server 80");
    }

    @Test
    void hostsCountWhatLinuxCounts() throws IOException {
        network();
        List<Exchange> exchanges = new ArrayList<>();
        List<Map<String, Task>> read = new ArrayList<>();
        long at = 1000 * Lab.MILLI;
        lab.exec(at, hosts.get("c"), "ping -c 1 10.2.0.2");
        for (Object each : table()) {
            at += 10_000 * Lab.MILLI;
            if (each instanceof Exchange exchange) {
                for (Host host : hosts.values()) {
                    lab.exec(at, host, "nstat -n");
                }
                lab.exec(at, hosts.get(exchange.host), exchange.command);
                Map<String, Task> after = new LinkedHashMap<>();
                for (Map.Entry<String, Host> host : hosts.entrySet()) {
                    long then = at + (long) (exchange.seconds * 1000) * Lab.MILLI;
                    after.put(host.getKey(), lab.exec(then, host.getValue(), "nstat"));
                }
                exchanges.add(exchange);
                read.add(after);
            } else {
                String[] setting = ((String) each).split(": ", 2);
                lab.exec(at, hosts.get(setting[0]), setting[1]);
            }
        }
        lab.run(at + 10_000 * Lab.MILLI);
        for (int i = 0; i < exchanges.size(); i++) {
            Exchange exchange = exchanges.get(i);
            for (String host : hosts.keySet()) {
                assertThat(increments(read.get(i).get(host).lines()))
                        .as(exchange.host + ": " + exchange.command + ", counters of " + host)
                        .isEqualTo(exchange.real.get(host));
            }
        }
        assertThat(exchanges).hasSizeGreaterThan(20);
    }

    private static Map<String, Long> increments(List<String> lines) {
        assertThat(lines.get(0)).isEqualTo("#kernel");
        Map<String, Long> all = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            assertThat(line).matches("\\w+ +\\d+ +0\\.0").hasSize(54);
            String[] words = line.split(" +");
            all.put(words[0], Long.parseLong(words[1]));
        }
        return all;
    }

    /** Exchanges, and as strings what prepares them. */
    private static List<Object> table() throws IOException {
        List<Object> all = new ArrayList<>();
        Exchange exchange = null;
        Map<String, Long> counters = null;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                CountersTest.class.getResourceAsStream("linux-counters.txt"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("+ ")) {
                    all.add(line.substring(2));
                } else if (line.startsWith("= ")) {
                    String[] words = line.substring(2).split("[ :]+", 3);
                    exchange = new Exchange(words[0], Double.parseDouble(words[1]), words[2], new LinkedHashMap<>());
                    all.add(exchange);
                } else if (line.startsWith("  ")) {
                    String[] words = line.strip().split(" ");
                    counters.put(words[0], Long.parseLong(words[1]));
                } else if (!line.startsWith("#") && !line.isEmpty()) {
                    counters = new TreeMap<>();
                    exchange.real.put(line, counters);
                }
            }
        }
        return all;
    }

    @Test
    void everyCounterHasANameOfTheKernels() {
        Map<String, Long> all = hosts().counters().all();
        for (IpCounter each : IpCounter.values()) {
            assertThat(all).containsKey(each.toString());
        }
        for (io.hopscope.protocols.tcp.TcpCounter each : io.hopscope.protocols.tcp.TcpCounter.values()) {
            assertThat(all).containsKey(each.toString());
        }
    }

    private IpStack hosts() {
        network();
        return hosts.get("c").stack();
    }

    @Test
    void whatNstatHasToldItTellsNoMore() {
        network();
        Host c = hosts.get("c");
        lab.exec(0, c, "ping -c 1 10.2.0.2");
        Task kept = lab.exec(500 * Lab.MILLI, c, "nstat -s IcmpOutEchos");
        Task first = lab.exec(500 * Lab.MILLI, c, "nstat Icmp*Echos");
        Task second = lab.exec(600 * Lab.MILLI, c, "nstat");
        Task zeros = lab.exec(600 * Lab.MILLI, c, "nstat -z IcmpOutEchos");
        Task absolute = lab.exec(600 * Lab.MILLI, c, "nstat -a -j IcmpOutEchos IpInDel*");
        Task reset = lab.exec(600 * Lab.MILLI, c, "nstat -r IcmpOutEchos");
        lab.run(700 * Lab.MILLI);
        assertThat(kept.lines()).containsExactly("#kernel", "IcmpOutEchos                    1                  0.0");
        assertThat(first.lines()).isEqualTo(kept.lines());
        assertThat(second.lines()).containsExactly("#kernel");
        assertThat(zeros.lines()).containsExactly("#kernel", "IcmpOutEchos                    0                  0.0");
        assertThat(absolute.lines()).containsExactly("{\"kernel\":{\"IpInDelivers\":1,\"IcmpOutEchos\":1}}");
        assertThat(reset.lines()).isEqualTo(kept.lines());
    }

    @Test
    void filesOfProcTellTheSame() {
        network();
        Host c = hosts.get("c");
        lab.exec(0, c, "ping -c 1 10.2.0.2");
        Task snmp = lab.exec(500 * Lab.MILLI, c, "cat /proc/net/snmp");
        Task netstat = lab.exec(500 * Lab.MILLI, c, "cat /proc/net/netstat");
        Task dev = lab.exec(500 * Lab.MILLI, c, "cat /proc/net/dev");
        lab.run(700 * Lab.MILLI);
        assertThat(snmp.lines())
                .contains(
                        "Ip: 2 64 1 0 0 0 0 0 1 1 0 0 0 0 0 0 0 0 0 1",
                        "IcmpMsg: InType0 OutType8",
                        "IcmpMsg: 1 1",
                        "Tcp: 1 200 120000 -1 0 0 0 0 0 0 0 0 0 0 0");
        assertThat(netstat.lines()).contains("IpExt: 0 0 0 0 0 0 84 84 0 0 0 0 0 1 0 0 0 0");
        assertThat(dev.lines())
                .containsExactly(
                        "Inter-|   Receive                                                |  Transmit",
                        " face |bytes    packets errs drop fifo frame compressed multicast"
                                + "|bytes    packets errs drop fifo colls carrier compressed",
                        "    lo:       0       0    0    0    0     0          0         0"
                                + "        0       0    0    0    0     0       0          0",
                        "  eth0:     140       2    0    0    0     0          0         0"
                                + "      140       2    0    0    0     0       0          0");
    }
}
