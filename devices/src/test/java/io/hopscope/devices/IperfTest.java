package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.CableSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What iperf 2.1.8 prints, of runs of the real one over a veth pair; the numbers are those of the link. */
class IperfTest {
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final String RULE = "-".repeat(60);
    private static final String HEAD = "[ ID] Interval       Transfer     Bandwidth";
    private static final String UDP_HEAD = HEAD + "        Jitter   Lost/Total Datagrams";

    private final Lab lab = new Lab();
    private final Host client = lab.host("c", "10.0.0.1/24");
    private final Host server = lab.host("s", "10.0.0.2/24");

    @BeforeEach
    void cable() {
        CableSpec spec = CableSpec.DEFAULT;
        lab.network.cable(
                client.port("eth0"),
                server.port("eth0"),
                new CableSpec(100_000_000, 100_000_000, spec.queue(), spec.overhead(), spec.minimum()));
    }

    private Task run(long at, Host host, String command) {
        return lab.exec(at, host, command);
    }

    /** 1,448 of 1,538 bytes on the cable are data: 94.1 Mbit/s. */
    @Test
    void tcpFillsTheLinkAndBothSidesSaySo() {
        Task listen = run(0, server, "iperf -s");
        Task send = run(1, client, "iperf -c 10.0.0.2 -t 1 -i 0.5");
        lab.run(10 * SECOND);
        assertThat(send.lines()).hasSize(9);
        assertThat(send.lines().subList(0, 4))
                .containsExactly(
                        RULE,
                        "Client connecting to 10.0.0.2, TCP port 5001",
                        "TCP window size: 16.0 KByte (default)",
                        RULE);
        assertThat(send.lines().get(4))
                .matches("\\[  1] local 10.0.0.1 port \\d+ connected with 10.0.0.2 port 5001 "
                        + "\\(icwnd/mss/irtt=14/1448/\\d+\\)");
        assertThat(send.lines().get(5)).isEqualTo(HEAD);
        assertThat(send.lines().get(6)).startsWith("[  1] 0.0000-0.5000 sec  5.");
        // Written is in pieces of 128 KByte: one more or less in half a second is 2 Mbit/s.
        assertThat(send.lines().get(7)).matches("\\[  1] 0.5000-1.0000 sec  5.[5-7]\\d MBytes  9[2-6].\\d Mbits/sec");
        assertThat(send.lines().get(8)).matches("\\[  1] 0.0000-1.0\\d{3} sec  11.\\d MBytes  94.\\d Mbits/sec");
        assertThat(listen.lines().subList(0, 4))
                .containsExactly(
                        RULE, "Server listening on TCP port 5001", "TCP window size:  128 KByte (default)", RULE);
        assertThat(listen.lines())
                .last()
                .asString()
                .matches("\\[  1] 0.0000-1.0\\d{3} sec  11.\\d MBytes  94.\\d Mbits/sec");
        assertThat(send.exit()).isZero();
        assertThat(listen.exit()).isEqualTo(-1);
    }

    @Test
    void soManyBytesAreSentAndSeveralStreamsSummedUp() {
        run(0, server, "iperf -s -p 6000");
        Task amount = run(1, client, "iperf -c 10.0.0.2 -p 6000 -n 1M -f k");
        Task two = run(SECOND, client, "iperf -c 10.0.0.2 -p 6000 -t 1 -P 2");
        lab.run(10 * SECOND);
        assertThat(amount.lines())
                .last()
                .asString()
                .matches("\\[  1] 0.0000-0.\\d{4} sec  1024 KBytes  \\d{5} Kbits/sec");
        assertThat(two.lines())
                .last()
                .asString()
                .matches("\\[SUM] 0.0000-1.\\d{4} sec  11.\\d MBytes  9[45].\\d Mbits/sec");
        assertThat(two.lines()).anyMatch(line -> line.startsWith("[  2] 0.0000-1."));
    }

    @Test
    void aReversedStreamIsMarkedWhereItArrives() {
        Task listen = run(0, server, "iperf -s");
        Task receive = run(1, client, "iperf -c 10.0.0.2 -n 1M -R");
        lab.run(10 * SECOND);
        assertThat(receive.lines()).anyMatch(line -> line.contains(" port 5001 (reverse) (icwnd/mss/irtt=14/1448/"));
        assertThat(receive.lines()).last().asString().startsWith("[ *1] 0.0000-0.");
        assertThat(receive.lines()).last().asString().contains("1.00 MBytes");
        assertThat(listen.lines()).last().asString().startsWith("[  1] 0.0000-0.");
    }

    @Test
    void udpGoesAtItsRateAndTheServerReports() {
        Task listen = run(0, server, "iperf -s -u -i 1");
        Task send = run(1, client, "iperf -c 10.0.0.2 -u -t 2 -b 12m");
        lab.run(10 * SECOND);
        // One every 980 us.
        assertThat(send.lines())
                .contains(
                        "Sending 1470 byte datagrams, IPG target: 980.00 us (kalman adjust)",
                        "UDP buffer size:  208 KByte (default)")
                .endsWith(
                        HEAD,
                        "[  1] 0.0000-2.0002 sec  2.86 MBytes  12.0 Mbits/sec",
                        "[  1] Sent 2042 datagrams",
                        "[  1] Server Report:",
                        UDP_HEAD,
                        "[  1] 0.0000-2.0000 sec  2.86 MBytes  12.0 Mbits/sec   0.000 ms 0/2041 (0%)");
        assertThat(listen.lines())
                .endsWith(
                        UDP_HEAD,
                        "[  1] 0.0000-1.0000 sec  1.43 MBytes  12.0 Mbits/sec   0.000 ms 0/1021 (0%)",
                        "[  1] 0.0000-2.0000 sec  2.86 MBytes  12.0 Mbits/sec   0.000 ms 0/2041 (0%)");
    }

    /** The socket's buffer fills, and sending waits for the link: nothing is lost. */
    @Test
    void udpWaitsForItsOwnLink() {
        run(0, server, "iperf -s -u");
        Task send = run(1, client, "iperf -c 10.0.0.2 -u -t 1 -b 1G");
        lab.run(10 * SECOND);
        assertThat(send.lines())
                .last()
                .asString()
                .matches(
                        "\\[  1] 0.0000-1.0\\d{3} sec  11.\\d MBytes  95.7 Mbits/sec   \\d.\\d{3} ms 0/8\\d{3} \\(0%\\)");
        assertThat(client.stack().endpoints()).isEmpty();
    }

    @Test
    void whatIsLostOnTheWayIsCounted() {
        Host router = new Host(lab.network.node("r"), "");
        router.stack().forwarding(true);
        Host far = lab.host("f", "10.1.0.2/24", "default via 10.1.0.1");
        Host near = lab.host("n", "10.2.0.2/24", "default via 10.2.0.1");
        router.addInterface("eth0", 0x0200_0000_0101L).address(io.hopscope.encap.InterfaceAddress.parse("10.2.0.1/24"));
        router.addInterface("eth1", 0x0200_0000_0102L).address(io.hopscope.encap.InterfaceAddress.parse("10.1.0.1/24"));
        lab.cable(near.port("eth0"), router.port("eth0"));
        lab.network.cable(router.port("eth1"), far.port("eth0"), new CableSpec(10_000_000, 1000, 20, 24, 60));
        Task listen = run(0, far, "iperf -s -u");
        Task send = run(1, near, "iperf -c 10.1.0.2 -u -t 1 -b 20m");
        lab.run(10 * SECOND);
        assertThat(send.lines())
                .last()
                .asString()
                .matches(".* sec  1.1\\d MBytes  .* Mbits/sec   \\d\\.\\d{3} ms 8\\d\\d/1701 \\(5\\d%\\)");
        assertThat(listen.lines()).last().asString().contains("/1701 (5");
    }

    @Test
    void udpCanBeReversedToo() {
        run(0, server, "iperf -s -u");
        Task receive = run(1, client, "iperf -c 10.0.0.2 -u -R -t 1");
        lab.run(10 * SECOND);
        assertThat(receive.lines())
                .last()
                .isEqualTo("[ *1] 0.0000-1.0094 sec   129 KBytes  1.05 Mbits/sec   0.000 ms 0/90 (0%)");
    }

    @Test
    void nobodyThereIsSaid() {
        Task tcp = run(0, client, "iperf -c 10.0.0.2");
        Task udp = run(0, client, "iperf -c 10.0.0.2 -u -t 0.1");
        lab.run(20 * SECOND);
        assertThat(tcp.lines()).last().isEqualTo("tcp connect failed: Connection refused");
        assertThat(udp.lines())
                .endsWith(
                        "read failed: Connection refused",
                        "[  1] WARNING: did not receive ack of last datagram after 10 tries.");
        assertThat(List.of(tcp, udp)).allMatch(task -> task.exit() == 0);
    }

    @Test
    void anInterruptedClientSumsUp() {
        run(0, server, "iperf -s");
        Task send = run(1, client, "iperf -c 10.0.0.2 -t 100");
        client.node().at(SECOND, now -> send.interrupt());
        lab.run(3 * SECOND);
        assertThat(send.exit()).isZero();
        assertThat(send.lines()).last().asString().startsWith("[  1] 0.0000-0.9996 sec  11.");
    }

    /** The kernel closes the sockets of a process that ends: what comes then is answered by a reset. */
    @Test
    void aServerThatIsKilledTakesItsConnectionsWithIt() {
        run(0, server, "iperf -s");
        Task send = run(1, client, "iperf -c 10.0.0.2 -t 10");
        Task back = run(1, client, "iperf -c 10.0.0.2 -t 10 -R");
        run(SECOND, server, "killall iperf");
        lab.run(20 * SECOND);
        assertThat(send.lines()).contains("write failed: Broken pipe");
        assertThat(send.lines()).last().asString().startsWith("[  1] 0.0000-1.0");
        assertThat(back.lines()).last().asString().startsWith("[ *1] 0.0000-1.0");
        assertThat(lab.at("c:eth0")).anyMatch(line -> line.contains("Flags [R]"));
    }

    @Test
    void aServerOfDatagramsThatIsKilledSendsNoMore() {
        run(0, server, "iperf -s -u");
        run(1, client, "iperf -c 10.0.0.2 -u -t 10 -R");
        run(SECOND, server, "killall iperf");
        lab.run(3 * SECOND);
        long sent =
                lab.at("s:eth0").stream().filter(line -> line.startsWith("out")).count();
        // 1.05 Mbit/s of 1470 bytes: 89 in a second.
        assertThat(sent).isBetween(80L, 100L);
    }

    @Test
    void optionsReachTheSockets() {
        run(0, server, "iperf -s");
        Task send = run(1, client, "iperf -c 10.0.0.2 -t 1 -M 1000 -w 64K -b 8m -l 10K -S 0x10 -Z reno -N -f m");
        lab.run(10 * SECOND);
        assertThat(send.lines())
                .contains(
                        "MSS req size 1000 bytes (per TCP_MAXSEG)",
                        "TCP window size:  128 KByte (WARNING: requested 0.062 MByte)")
                .anyMatch(line -> line.contains("irtt=9/988/"))
                .last()
                .asString()
                .endsWith("8.03 Mbits/sec");
        assertThat(lab.at("c:eth0"))
                .filteredOn(line -> line.contains("length 988"))
                .isNotEmpty();
    }

    @Test
    void wrongWordsAreRefused() {
        List<Task> all = List.of(
                run(0, client, "iperf -Q"),
                run(0, client, "iperf -s -c 10.0.0.2"),
                run(0, client, "iperf -c 10.0.0.2 -t x"),
                run(0, client, "iperf -c 10.0.0.2 -P 0"),
                run(0, client, "iperf -c nobody"),
                run(0, client, "iperf -c 10.0.0.2 -Z vegas"));
        lab.run(SECOND);
        assertThat(all.stream().map(task -> task.lines().get(0)))
                .containsExactly(
                        "iperf: invalid option -- Q",
                        "Usage: iperf [-s|-c host] [options]",
                        "ERROR: -t value of 'x' not recognized",
                        "ERROR: -P takes a number from 1 to 128",
                        "nobody: Host name lookup failure",
                        "Attempt to set 'vegas' congestion control failed: No such file or directory");
    }
}
