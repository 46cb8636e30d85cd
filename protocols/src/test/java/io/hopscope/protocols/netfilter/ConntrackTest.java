package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.Udp;
import org.junit.jupiter.api.Test;

class ConntrackTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int INSIDE = Ipv4Address.bits("10.0.0.5");
    private static final int SERVER = Ipv4Address.bits("198.51.100.7");
    private static final String MASQUERADE =
            "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n";
    private static final String STATES = "*filter\n:FORWARD DROP [0:0]\n"
            + "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
            + "-A FORWARD -i eth1 -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n";

    private final TestHost host = new TestHost();

    private Verdict tcp(boolean outward, int flags, int seq, int ack, int data, long now) {
        byte[] bytes = outward
                ? Bytes.tcp(INSIDE, SERVER, 40_000, 80, flags, seq, ack, data)
                : Bytes.tcp(SERVER, INSIDE, 80, 40_000, flags, seq, ack, data);
        return outward ? host.outward(bytes, now) : host.inward(bytes, now);
    }

    private String only(long now) {
        assertThat(host.connections(now)).hasSize(1);
        return host.connections(now).get(0);
    }

    @Test
    void followsAConnectionFromItsFirstSegmentToItsLast() {
        host.rules(STATES);
        tcp(true, Tcp.SYN, 100, 0, 0, 0);
        assertThat(only(0))
                .startsWith("tcp      6 120 SYN_SENT src=10.0.0.5 dst=198.51.100.7 sport=40000 dport=80 [UNREPLIED]");
        tcp(false, Tcp.SYN | Tcp.ACK, 900, 101, 0, SECOND);
        assertThat(only(SECOND))
                .contains(" 60 SYN_RECV ")
                .doesNotContain("UNREPLIED")
                .doesNotContain("ASSURED");
        tcp(true, Tcp.ACK, 101, 901, 0, 2 * SECOND);
        assertThat(only(2 * SECOND)).contains(" 432000 ESTABLISHED ").contains("[ASSURED]");
        tcp(true, Tcp.ACK | Tcp.PSH, 101, 901, 10, 3 * SECOND);
        assertThat(only(3 * SECOND)).as("data that nobody has acknowledged").contains(" 300 ESTABLISHED ");
        tcp(false, Tcp.ACK, 901, 111, 0, 4 * SECOND);
        tcp(true, Tcp.FIN | Tcp.ACK, 111, 901, 0, 5 * SECOND);
        assertThat(only(5 * SECOND)).contains(" 120 FIN_WAIT ");
        tcp(false, Tcp.ACK, 901, 112, 0, 6 * SECOND);
        assertThat(only(6 * SECOND)).contains(" 60 CLOSE_WAIT ");
        tcp(false, Tcp.FIN | Tcp.ACK, 901, 112, 0, 7 * SECOND);
        assertThat(only(7 * SECOND)).contains(" 30 LAST_ACK ");
        tcp(true, Tcp.ACK, 112, 902, 0, 8 * SECOND);
        assertThat(only(8 * SECOND)).contains(" 120 TIME_WAIT ");
        assertThat(host.connections(128 * SECOND)).isEmpty();
    }

    @Test
    void aSegmentOutsideOfTheWindowBelongsToNothing() {
        host.rules(STATES);
        tcp(true, Tcp.SYN, 100, 0, 0, 0);
        tcp(false, Tcp.SYN | Tcp.ACK, 900, 101, 0, 0);
        tcp(true, Tcp.ACK, 101, 901, 0, 0);
        assertThat(tcp(false, Tcp.ACK, 901 + 1_000_000, 101, 10, SECOND)).isEqualTo(Verdict.DROP);
        assertThat(host.packet.state()).isEqualTo(Packet.INVALID);
        assertThat(tcp(false, Tcp.RST, 5, 0, 0, SECOND)).as("a blind reset").isEqualTo(Verdict.DROP);
        assertThat(only(SECOND)).contains("ESTABLISHED");
    }

    @Test
    void aResetForAnAnswerEndsTheConnectionAndIsStillTranslated() {
        host.rules(MASQUERADE);
        tcp(true, Tcp.SYN, 100, 0, 0, 0);
        byte[] reset = Bytes.tcp(SERVER, TestHost.OUTSIDE, 80, 40_000, Tcp.RST | Tcp.ACK, 0, 101, 0);
        assertThat(host.inward(reset, 1)).isEqualTo(Verdict.ACCEPT);
        assertThat(new Ipv4().wrap(reset, Bytes.AT).destination()).isEqualTo(INSIDE);
        assertThat(Bytes.sound(reset)).isTrue();
        assertThat(host.connections(2)).isEmpty();
    }

    @Test
    void anErrorIsRelatedAndWhatItQuotesIsTranslatedBack() {
        host.rules(MASQUERADE + STATES);
        byte[] query = Bytes.udp(INSIDE, SERVER, 5000, 53);
        assertThat(host.outward(query, 0)).isEqualTo(Verdict.ACCEPT);
        assertThat(new Ipv4().wrap(query, Bytes.AT).source()).isEqualTo(TestHost.OUTSIDE);
        byte[] error = Bytes.unreachable(SERVER, query);
        assertThat(host.inward(error, 1)).isEqualTo(Verdict.ACCEPT);
        assertThat(host.packet.state()).isEqualTo(Packet.RELATED);
        Ipv4 outer = new Ipv4().wrap(error, Bytes.AT);
        assertThat(outer.destination()).isEqualTo(INSIDE);
        Ipv4 inner = new Ipv4().wrap(error, outer.payload() + 8);
        assertThat(inner.source()).isEqualTo(INSIDE);
        assertThat(inner.checksumOk()).isTrue();
        assertThat(new Udp().wrap(error, inner.payload()).checksumOk(INSIDE, SERVER))
                .isTrue();
        assertThat(Bytes.sound(error)).isTrue();
    }

    @Test
    void twoClientsOfOnePortAreToldApartWithinItsClass() {
        host.rules(MASQUERADE);
        int[][] classes = {{300, 1, 511}, {700, 600, 1023}, {40_000, 1024, 65_535}};
        for (int[] each : classes) {
            byte[] first = Bytes.udp(INSIDE, SERVER, each[0], 53);
            byte[] second = Bytes.udp(INSIDE + 1, SERVER, each[0], 53);
            host.outward(first, 0);
            host.outward(second, 0);
            int kept = new Udp().wrap(first, Bytes.AT + 20).sourcePort();
            int other = new Udp().wrap(second, Bytes.AT + 20).sourcePort();
            assertThat(kept).isEqualTo(each[0]);
            assertThat(other).isNotEqualTo(kept).isBetween(each[1], each[2]);
            byte[] third = Bytes.udp(INSIDE + 1, SERVER + 1, each[0], 53);
            host.outward(third, 0);
            assertThat(new Udp().wrap(third, Bytes.AT + 20).sourcePort())
                    .as("one source becomes one, whoever it talks to")
                    .isEqualTo(other);
        }
    }

    @Test
    void zonesKeepEqualConnectionsApart() {
        host.rules("*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i eth1 -j CT --zone 7\nCOMMIT\n" + STATES);
        host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 0);
        assertThat(only(0)).endsWith("mark=0 zone=7 use=1");
        host.inward(Bytes.udp(SERVER, INSIDE, 53, 5000), 1);
        assertThat(host.packet.state()).as("eth0 is in no zone").isEqualTo(Packet.NEW);
    }

    @Test
    void aStreamOfUdpIsAssuredAfterTwoSeconds() {
        host.rules(STATES);
        host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 0);
        assertThat(only(0)).startsWith("udp      17 30 ");
        host.inward(Bytes.udp(SERVER, INSIDE, 53, 5000), SECOND);
        assertThat(only(SECOND)).startsWith("udp      17 30 ").doesNotContain("ASSURED");
        host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 3 * SECOND);
        assertThat(only(3 * SECOND)).startsWith("udp      17 120 ").contains("[ASSURED]");
    }

    @Test
    void aFullTableGivesUpWhatIsNotAssuredAndOtherwiseDrops() {
        host.rules(STATES);
        host.hooks.conntrack().limit(2);
        for (int i = 0; i < 2; i++) {
            byte[] there = Bytes.udp(INSIDE, SERVER, 5000 + i, 53);
            host.outward(there, 0);
            host.inward(Bytes.udp(SERVER, INSIDE, 53, 5000 + i), 0);
            host.outward(Bytes.udp(INSIDE, SERVER, 5000 + i, 53), 3 * SECOND);
        }
        assertThat(host.outward(Bytes.udp(INSIDE, SERVER, 6000, 53), 4 * SECOND))
                .isEqualTo(Verdict.TABLE_FULL);
        assertThat(host.hooks.conntrack().dropped()).isEqualTo(1);
        host.hooks.conntrack().limit(3);
        assertThat(host.outward(Bytes.udp(INSIDE, SERVER, 6000, 53), 4 * SECOND))
                .isEqualTo(Verdict.ACCEPT);
        assertThat(host.outward(Bytes.udp(INSIDE, SERVER, 6001, 53), 4 * SECOND))
                .isEqualTo(Verdict.ACCEPT);
        assertThat(host.hooks.conntrack().early()).isEqualTo(1);
    }

    @Test
    void aPacketThatIsDroppedLeavesNoConnection() {
        host.rules("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n");
        assertThat(host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 0)).isEqualTo(Verdict.DROP);
        assertThat(host.packet.decided().place()).isEqualTo("filter FORWARD policy");
        assertThat(host.hooks.conntrack().count()).isZero();
    }

    @Test
    void aMillionConnectionsTakeLessThanTwoHundredBytesEach() {
        host.rules(MASQUERADE);
        host.hooks.conntrack().limit(1_000_000);
        for (int i = 0; i < 1_000_000; i++) {
            host.outward(Bytes.udp(INSIDE + (i >>> 10), SERVER + (i >>> 14), 1024 + (i & 1023), 53), 0);
        }
        Conntrack table = host.hooks.conntrack();
        assertThat(table.count()).isEqualTo(1_000_000);
        assertThat(table.memory() / table.count()).isLessThanOrEqualTo(200);
    }

    private final int[] counted = new int[3];

    private void segment(int port, boolean outward, int flags, int seq, int ack, int data, long now) {
        byte[] bytes = outward
                ? Bytes.tcp(INSIDE, SERVER, port, 80, flags, seq, ack, data)
                : Bytes.tcp(SERVER, INSIDE, 80, port, flags, seq, ack, data);
        Bytes.window(bytes, 2000);
        assertThat(outward ? host.outward(bytes, now) : host.inward(bytes, now)).isEqualTo(Verdict.ACCEPT);
        int state = host.packet.state();
        counted[state == Packet.INVALID ? 0 : state == Packet.ESTABLISHED ? 1 : 2]++;
    }

    private void opened(int port) {
        segment(port, true, Tcp.SYN, 1000, 0, 0, 0);
        segment(port, false, Tcp.SYN | Tcp.ACK, 5000, 1001, 0, 0);
        segment(port, true, Tcp.ACK, 1001, 5001, 0, 0);
        segment(port, true, Tcp.ACK | Tcp.PSH, 1001, 5001, 100, 0);
        segment(port, false, Tcp.ACK, 5001, 1101, 0, 0);
    }

    /** Packets counted as INVALID, ESTABLISHED and NEW, and the only connection: seconds and state. */
    private void counts(String which, int invalid, int established, int fresh, String connection) {
        assertThat(counted).as(which).containsExactly(invalid, established, fresh);
        String line = host.connections(0).isEmpty() ? "" : only(0);
        assertThat(line).as(which).startsWith(connection.isEmpty() ? "" : "tcp      6 " + connection + " src");
        assertThat(line.isEmpty()).as(which).isEqualTo(connection.isEmpty());
    }

    private void flushed() {
        host.hooks.connections().delete(Connections.Filter.ALL, 0);
    }

    /** Each count, state and timeout is what Linux 6.18 counted when the same segments passed through it. */
    @Test
    void followsStrangeSegmentsAsTheKernelDoes() {
        host.rules("*filter\n-A FORWARD -m conntrack --ctstate INVALID\nCOMMIT\n");
        opened(1000);
        counts("open", 0, 4, 1, "432000 ESTABLISHED");
        segment(1000, true, Tcp.ACK | Tcp.PSH, 1001, 5001, 100, 0);
        counts("a retransmission of what was acknowledged", 0, 5, 1, "432000 ESTABLISHED");
        segment(1000, true, Tcp.ACK | Tcp.PSH, 9000, 5001, 100, 0);
        counts("far beyond the window", 1, 5, 1, "432000 ESTABLISHED");
        segment(1000, false, Tcp.ACK | Tcp.PSH, 5001, 9101, 0, 0);
        counts("its acknowledgement", 2, 5, 1, "432000 ESTABLISHED");
        segment(1000, true, Tcp.ACK | Tcp.PSH, 4000, 5001, 100, 0);
        segment(1000, false, Tcp.ACK, 5001, 4100, 0, 0);
        counts("what the window allows", 2, 7, 1, "432000 ESTABLISHED");
        segment(1000, true, Tcp.RST, 500, 0, 0, 0);
        counts("a reset from long ago", 3, 7, 1, "432000 ESTABLISHED");
        segment(1000, true, Tcp.FIN | Tcp.ACK, 1101, 5001, 0, 0);
        counts("a FIN that is old by now", 3, 8, 1, "432000 ESTABLISHED");
        segment(1000, true, Tcp.RST, 500, 0, 0, 0);
        counts("one more reset", 4, 8, 1, "432000 ESTABLISHED");
        flushed();
        opened(1001);
        segment(1001, true, Tcp.FIN | Tcp.ACK, 1101, 5001, 0, 0);
        segment(1001, false, Tcp.FIN | Tcp.ACK, 5001, 1102, 0, 0);
        segment(1001, true, Tcp.SYN, 70_000, 0, 0, 0);
        segment(1001, false, Tcp.ACK, 5002, 1102, 0, 0);
        counts("a challenge for a SYN while the last ACK is due", 4, 16, 2, "30 LAST_ACK");
        segment(1001, true, Tcp.ACK, 1102, 5002, 0, 0);
        counts("that ACK", 4, 17, 2, "120 TIME_WAIT");
        flushed();
        segment(1002, true, Tcp.SYN, 1000, 0, 0, 0);
        segment(1002, false, Tcp.RST | Tcp.ACK, 0, 1001, 0, 0);
        counts("refused", 4, 18, 3, "");
        segment(1003, true, Tcp.ACK, 1000, 7000, 10, 0);
        counts("taken up in the middle", 4, 18, 4, "300 ESTABLISHED");
        segment(1003, false, Tcp.RST | Tcp.ACK, 0, 1010, 0, 0);
        counts("and reset", 4, 19, 4, "");
        opened(1004);
        segment(1004, true, Tcp.RST, 1150, 0, 0, 0);
        counts("a reset within the window", 4, 24, 5, "10 ESTABLISHED");
        segment(1004, true, Tcp.RST, 1101, 0, 0, 0);
        counts("the exact one", 4, 25, 5, "10 CLOSE");
        flushed();
        opened(1005);
        segment(1005, true, Tcp.FIN | Tcp.ACK, 900_000, 5001, 0, 0);
        counts("a FIN outside of the window", 5, 29, 6, "432000 ESTABLISHED");
        segment(1005, false, Tcp.FIN | Tcp.ACK, 800_000, 1101, 0, 0);
        counts("and one that answers it", 6, 29, 6, "300 ESTABLISHED");
        assertThat(host.hooks.conntrack().invalid()).as("conntrack -S").isEqualTo(6);
    }

    /** SYN at 0, 1 and 3 seconds: 116 are left in the kernel at 3.6. */
    @Test
    void aSynSentAgainKeepsNoConnectionAlive() {
        host.rules(STATES);
        for (int second : new int[] {0, 1, 3}) {
            tcp(true, Tcp.SYN, 100, 0, 0, second * SECOND);
        }
        assertThat(only(3 * SECOND + SECOND * 6 / 10)).startsWith("tcp      6 116 SYN_SENT");
    }

    @Test
    void theFirstOfTwoZonesIsTheOne() {
        host.rules(
                "*raw\n-A PREROUTING -j CT --zone 1\n-A PREROUTING -j CT --zone 2\n-A PREROUTING -j NOTRACK\nCOMMIT\n");
        tcp(true, Tcp.SYN, 100, 0, 0, 0);
        assertThat(only(0)).contains("zone=1");
        assertThat(host.packet.state()).isEqualTo(Packet.NEW);
    }

    @Test
    void whatIsAskedOfAConnectionMayBeTurnedRound() {
        host.rules("*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m conntrack ! --ctexpire 100:200\n"
                + "-A FORWARD -m conntrack --ctstate INVALID --ctdir ORIGINAL\n"
                + "-A FORWARD -m conntrack --ctdir ORIGINAL\nCOMMIT\n");
        host.outward(Bytes.echo(INSIDE, SERVER, true, 5), 0);
        host.outward(Bytes.echo(INSIDE, SERVER, false, 6), 0);
        assertThat(RulesText.save(host.hooks.rules(), "filter", true, ""))
                .as("30 seconds are left; an answer to nothing has no connection: its state alone counts")
                .contains(
                        "[1:36] -A FORWARD -m conntrack ! --ctexpire 100:200",
                        "[1:36] -A FORWARD -m conntrack --ctstate INVALID --ctdir ORIGINAL",
                        "[1:36] -A FORWARD -m conntrack --ctdir ORIGINAL");
    }

    @Test
    void aBorrowedAddressIsGivenBackWithItsInterface() {
        host.rules(MASQUERADE.replace("COMMIT", "-A POSTROUTING -o eth2 -j SNAT --to-source 192.0.2.1\nCOMMIT"));
        host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 0);
        host.route(Bytes.udp(INSIDE, SERVER, 5001, 53), "eth1", "eth2", 0);
        host.hooks.lost("eth0", Ipv4Address.bits("192.0.2.9"));
        assertThat(host.connections(0)).as("another address").hasSize(2);
        host.hooks.lost("eth0", TestHost.OUTSIDE);
        assertThat(only(0)).contains("sport=5001");
        host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 0);
        host.hooks.lost("eth0", null);
        assertThat(only(0)).as("the interface is down").contains("sport=5001");
    }

    @Test
    void aMasqueradedConnectionDoesNotGoOutElsewhere() {
        host.rules(MASQUERADE);
        host.outward(Bytes.udp(INSIDE, SERVER, 5000, 53), 0);
        assertThat(host.route(Bytes.udp(INSIDE, SERVER, 5000, 53), "eth1", "eth2", 1))
                .isEqualTo(Verdict.NAT_FAILED);
        assertThat(host.connections(1)).isEmpty();
    }
}
