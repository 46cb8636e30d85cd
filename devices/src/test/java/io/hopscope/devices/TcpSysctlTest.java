package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** net.ipv4.tcp_*, with the words of procps over Linux 6.18. */
class TcpSysctlTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();
    private final Host client = lab.host("c", "10.0.0.1/24");
    private final Host server = lab.host("s", "10.0.0.2/24");

    @BeforeEach
    void cable() {
        lab.cable(client.port("eth0"), server.port("eth0"));
    }

    private List<String> sysctl(String words) {
        Task task = lab.exec(0, client, "sysctl " + words);
        lab.run(1);
        return task.lines();
    }

    @Test
    void defaultsAreThoseOfLinux() {
        assertThat(sysctl("net.ipv4.tcp_congestion_control net.ipv4.tcp_rmem net.ipv4.tcp_wmem net.ipv4.tcp_syncookies"
                        + " net.ipv4.ip_local_port_range net.core.somaxconn net.ipv4.tcp_keepalive_time"
                        + " net.ipv4.tcp_orphan_retries net.ipv4.tcp_max_syn_backlog net.ipv4.tcp_rto_min_us"))
                .containsExactly(
                        "net.ipv4.tcp_congestion_control = cubic",
                        "net.ipv4.tcp_rmem = 4096\t131072\t33554432",
                        "net.ipv4.tcp_wmem = 4096\t16384\t4194304",
                        "net.ipv4.tcp_syncookies = 1",
                        "net.ipv4.ip_local_port_range = 32768\t60999",
                        "net.core.somaxconn = 4096",
                        "net.ipv4.tcp_keepalive_time = 7200",
                        "net.ipv4.tcp_orphan_retries = 0",
                        "net.ipv4.tcp_max_syn_backlog = 2048",
                        "net.ipv4.tcp_rto_min_us = 200000");
    }

    /** The most that ours take is read back as it was written, unless it is refused: no setting is another's. */
    @Test
    void whatIsWrittenIsRead() {
        client.stack().makeSysctls().settings().forEach((name, setting) -> {
            for (String text : List.of("0", "1", "2", "5", "300", "reno", "1000\t2000", "1000\t2000\t3000")) {
                String before = setting.value();
                boolean taken = setting.set(text);
                assertThat(setting.value()).as(name).startsWith(taken ? text : before);
                setting.set(before);
                assertThat(setting.value()).as(name).isEqualTo(before);
            }
        });
    }

    @Test
    void whatCannotBeIsRefusedAsByTheKernel() {
        assertThat(sysctl("-w net.ipv4.tcp_congestion_control=foo net.ipv4.tcp_sack=300 net.ipv4.tcp_nix=3"
                        + " net.ipv4.tcp_available_congestion_control=cubic net.ipv4.tcp_rmem=0"
                        + " net.ipv4.ip_local_port_range=50"))
                .containsExactly(
                        "sysctl: setting key \"net.ipv4.tcp_congestion_control\": No such file or directory",
                        "sysctl: setting key \"net.ipv4.tcp_sack\": Invalid argument",
                        "sysctl: cannot stat /proc/sys/net/ipv4/tcp_nix: No such file or directory",
                        "sysctl: setting key \"net.ipv4.tcp_available_congestion_control\": Invalid argument",
                        "sysctl: setting key \"net.ipv4.tcp_rmem\": Invalid argument",
                        "sysctl: setting key \"net.ipv4.ip_local_port_range\": Invalid argument");
    }

    @Test
    void aSynSaysWhatIsSet() {
        lab.exec(0, client, "sysctl -w net.ipv4.tcp_sack=0 net.ipv4.tcp_timestamps=0 net.ipv4.tcp_window_scaling=0");
        client.stack()
                .makeSysctls()
                .settings()
                .get("net.ipv4.ip_local_port_range")
                .set("50 50");
        lab.exec(SECOND, client, "nc 10.0.0.2 80");
        lab.run(2 * SECOND);
        assertThat(lab.at("c:eth0"))
                .anyMatch(line ->
                        line.contains("10.0.0.1.50 > 10.0.0.2.80: Flags [S]") && line.contains("options [mss 1460]"));
    }

    @Test
    void retriesAreAsManyAsIsSaid() {
        lab.exec(0, client, "sysctl -w net.ipv4.tcp_syn_retries=1 net.ipv4.tcp_syn_linear_timeouts=0");
        lab.exec(0, server, "iptables -A INPUT -p tcp -j DROP");
        Task nc = lab.exec(SECOND, client, "nc -v 10.0.0.2 80");
        lab.run(20 * SECOND);
        assertThat(nc.lines()).containsExactly("nc: connect to 10.0.0.2 port 80 (tcp) failed: Connection timed out");
        assertThat(lab.at("c:eth0").stream().filter(line -> line.contains("Flags [S]")))
                .hasSize(2);
    }

    @Test
    void connectionsBeginWithTheCongestionControlThatIsSet() {
        lab.exec(0, client, "sysctl -w net.ipv4.tcp_congestion_control=reno");
        lab.run(SECOND);
        assertThat(client.stack().tcp().socket().info(SECOND).congestion()).isEqualTo("reno");
        assertThat(server.stack().tcp().socket().info(SECOND).congestion()).isEqualTo("cubic");
    }

    @Test
    void powerBringsTheDefaultsBack() {
        client.stack().remember();
        lab.exec(0, client, "sysctl -w net.ipv4.tcp_sack=0");
        lab.run(SECOND);
        assertThat(client.stack().tcp().settings().sack).isFalse();
        client.stack().forget();
        assertThat(client.stack().tcp().settings().sack).isTrue();
    }
}
