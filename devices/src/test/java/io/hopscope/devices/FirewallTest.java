package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Totals;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.firewall.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirewallTest {
    private final Lab lab = new Lab();
    private final Host inside = lab.host("inside", "10.0.0.2/24", "default via 10.0.0.1");
    private final Host outside = lab.host("outside", "192.0.2.2/24", "default via 192.0.2.1");
    private final Policy policy = new Policy(List.of("inside", "outside"));
    private Firewall firewall;

    private void built(int sessions) {
        firewall = new Firewall(lab.network.node("fw"), "", policy, sessions, Firewall.Timeouts.DEFAULT);
        firewall.addInterface("eth0", 0x0200_0000_0077L, 1).address(InterfaceAddress.parse("192.0.2.1/24"));
        firewall.addInterface("eth1", 0x0200_0000_0078L, 0).address(InterfaceAddress.parse("10.0.0.1/24"));
        // The hosts' own TCP knows nothing of segments that the test makes up, and would reset.
        inside.stack().listen(FirewallTest::isTcp);
        outside.stack().listen(FirewallTest::isTcp);
        lab.cable(inside.port("eth0"), firewall.port("eth1"));
        lab.cable(outside.port("eth0"), firewall.port("eth0"));
    }

    private static boolean isTcp(NetInterface in, Frame frame, long now) {
        return frame.length() >= Ethernet.LENGTH + Ipv4.LENGTH
                && frame.bytes()[frame.start() + Ethernet.LENGTH + 9] == Ipv4.TCP;
    }

    private void allow(String rule) {
        policy.add("inside", "outside", AclRule.parse(rule));
    }

    private static List<String> reasons(Totals totals) {
        return totals.drops().stream().map(drop -> drop.reason().name()).toList();
    }

    private void tcp(long at, Host from, Host to, int source, int destination, int flags) {
        from.node().at(at, now -> {
            Frame frame = from.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + Tcp.LENGTH);
            int start = frame.start() + Ethernet.LENGTH;
            Ipv4 ip = new Ipv4()
                    .wrap(frame, start)
                    .start(Ipv4.LENGTH + Tcp.LENGTH)
                    .ttl(64)
                    .protocol(Ipv4.TCP);
            ip.source(from.stack().find("eth0").primary())
                    .destination(to.stack().find("eth0").primary())
                    .seal();
            java.util.Arrays.fill(frame.bytes(), ip.payload(), frame.end(), (byte) 0);
            frame.bytes()[ip.payload() + 12] = 0x50;
            new Tcp()
                    .wrap(frame, ip.payload())
                    .sourcePort(source)
                    .destinationPort(destination)
                    .flags(flags)
                    .seal(ip.source(), ip.destination(), Tcp.LENGTH);
            from.stack().transmit(frame, now);
        });
    }

    @Test
    void answersPassAndWhatNobodyPermittedDoesNot() {
        allow("permit icmp any any");
        built(10);
        Task ping = lab.exec(0, inside, "ping -c 2 192.0.2.2");
        Task back = lab.exec(5_000 * Lab.MILLI, outside, "ping -c 1 -W 1 10.0.0.2");
        Totals totals = lab.run();
        assertThat(ping.lines()).anyMatch(line -> line.contains("2 received"));
        assertThat(lab.at("outside:eth0")).anyMatch(line -> line.contains("echo request"));
        assertThat(back.lines()).anyMatch(line -> line.contains("0 received"));
        assertThat(reasons(totals)).containsExactly("NO_RULE");
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("fw:eth1 in")
                        && line.contains("firewall: rule inside-outside 10 permit icmp any any"))
                .anyMatch(line ->
                        line.startsWith("fw:eth0 in") && line.contains("answer in a session by inside-outside 10"))
                .anyMatch(line -> line.contains("eth0 to eth1: no rule matches"));
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        allow("deny icmp 10.0.0.2 any");
        allow("permit ip any any");
        built(10);
        lab.exec(0, inside, "ping -c 1 -W 1 192.0.2.2");
        assertThat(reasons(lab.run())).containsExactly("DENIED");
        assertThat(policy.dump())
                .containsExactly(
                        "IP access list inside-outside",
                        "        statistics per-entry",
                        "        10 deny icmp 10.0.0.2/32 any [match=1]",
                        "        20 permit ip any any [match=0]");
    }

    @Test
    void tcpBeginsWithItsFirstSegmentOnly() {
        allow("permit tcp any any eq 443");
        built(10);
        tcp(0, inside, outside, 40_000, 443, Tcp.ACK);
        tcp(10 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.SYN);
        tcp(20 * Lab.MILLI, outside, inside, 443, 40_000, Tcp.SYN | Tcp.ACK);
        tcp(30 * Lab.MILLI, outside, inside, 443, 40_001, Tcp.SYN | Tcp.ACK);
        tcp(40 * Lab.MILLI, inside, outside, 40_000, 80, Tcp.SYN);
        Task conn = lab.exec(50 * Lab.MILLI, firewall.node(), null, "show conn");
        tcp(60 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.FIN | Tcp.ACK);
        tcp(70 * Lab.MILLI, outside, inside, 443, 40_000, Tcp.FIN | Tcp.ACK);
        tcp(80 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.ACK);
        tcp(2_000 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.ACK);
        assertThat(refused(lab.run()))
                .containsExactlyInAnyOrder("fw:eth1 NO_SESSION 2", "fw:eth0 NO_SESSION 1", "fw:eth1 NO_RULE 1");
        assertThat(conn.lines())
                .containsExactly(
                        "1 in use, 1 most used, 1 opened, 0 refused",
                        "TCP inside 10.0.0.2:40000 outside 192.0.2.2:443, expires in 0:59:59, bytes 80");
    }

    @Test
    void aResetEndsASessionAndASynBeginsItAgainIfARuleSaysSo() {
        allow("permit tcp any any eq 443");
        built(10);
        tcp(0, inside, outside, 40_000, 443, Tcp.SYN);
        tcp(10 * Lab.MILLI, outside, inside, 443, 40_000, Tcp.SYN | Tcp.ACK);
        tcp(20 * Lab.MILLI, outside, inside, 443, 40_000, Tcp.RST);
        tcp(30 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.ACK);
        tcp(40 * Lab.MILLI, outside, inside, 443, 40_000, Tcp.SYN);
        tcp(50 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.SYN);
        tcp(60 * Lab.MILLI, outside, inside, 443, 40_000, Tcp.SYN | Tcp.ACK);
        tcp(10_000 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.ACK);
        assertThat(refused(lab.run())).containsExactly("fw:eth0 NO_RULE 1");
    }

    private static List<String> refused(Totals totals) {
        return totals.drops().stream()
                .filter(drop -> drop.port().toString().startsWith("fw"))
                .map(drop -> drop.port() + " " + drop.reason().name() + " " + drop.frames())
                .toList();
    }

    @Test
    void errorsAboutASessionPassAndFragmentsFollowTheFirst() {
        allow("permit udp any any");
        allow("permit icmp any any");
        built(100);
        Task trace = lab.exec(0, inside, "traceroute -n -q 1 192.0.2.2");
        Task large = lab.exec(5_000 * Lab.MILLI, inside, "ping -c 1 -s 4000 192.0.2.2");
        lab.run();
        assertThat(trace.lines()).last().asString().contains("192.0.2.2");
        assertThat(large.lines()).anyMatch(line -> line.contains("1 received"));
        assertThat(lab.seen).anyMatch(line -> line.contains("ICMP error about a session by inside-outside 10"));
    }

    @Test
    void aFullTableRefusesAndAnIdleSessionMakesRoom() {
        allow("permit ip any any");
        built(1);
        lab.exec(0, inside, "ping -c 1 -W 1 192.0.2.2");
        tcp(500 * Lab.MILLI, inside, outside, 40_000, 443, Tcp.SYN);
        Task late = lab.exec(5_000 * Lab.MILLI, inside, "ping -c 1 -W 1 192.0.2.2");
        assertThat(reasons(lab.run())).containsExactly("SESSION_TABLE_FULL");
        assertThat(late.lines()).anyMatch(line -> line.contains("1 received"));
    }
}
