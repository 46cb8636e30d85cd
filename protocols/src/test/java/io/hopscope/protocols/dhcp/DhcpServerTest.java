package io.hopscope.protocols.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Range;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Reservation;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Setting;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Addresses, options and log lines of dnsmasq 2.90 as captured. */
class DhcpServerTest implements DhcpReply.Line, DhcpServer.Prober {
    private static final long SECOND = 1_000_000_000_000L;
    private static final long C1 = 0x02d0_0000_0002L;
    private static final long C2 = 0x02d0_0000_0003L;
    private static final long C3 = 0x02d0_0000_000aL;
    private static final int SELF = ip("10.7.0.1");
    private static final DhcpServer.Local ETH0 = new DhcpServer.Local(2, "eth0", SELF, Prefix.mask(24));

    private final DhcpServerPlan plan = new DhcpServerPlan();
    private final List<String> log = new ArrayList<>();
    private final List<DhcpReply> replies = new ArrayList<>();
    private final List<String> pings = new ArrayList<>();
    private final DhcpServer server;

    DhcpServerTest() {
        plan.add(new Range(ip("10.7.0.100"), ip("10.7.0.150"), 0, 120));
        plan.add(new Range(ip("10.8.0.100"), ip("10.8.0.150"), Prefix.mask(24), 120));
        plan.add(new Setting(DhcpOption.DNS_SERVER, new byte[] {10, 7, 0, 1}, false));
        plan.add(new Setting(DhcpOption.DOMAIN_NAME, "example.test".getBytes(), false));
        plan.add(new Reservation(C2, ip("10.7.0.77"), "static-c2"));
        plan.authoritative = true;
        plan.dns = false;
        plan.ping = false;
        server = new DhcpServer(plan, () -> 4, this, this);
    }

    private static int ip(String text) {
        return Ipv4Address.bits(text);
    }

    @Override
    public void send(DhcpReply reply, long now) {
        replies.add(reply);
    }

    @Override
    public void say(String line) {
        log.add(line);
    }

    @Override
    public void ping(int address, long now) {
        pings.add(now / SECOND + " " + Ipv4Address.text(address));
    }

    private DhcpReply last() {
        return replies.get(replies.size() - 1);
    }

    private String lastOptions() {
        byte[] message = last().message();
        return HexFormat.of().formatHex(message, Dhcp.LENGTH, message.length).replaceAll("ff(00)*$", "");
    }

    private static byte[] message(int type, long mac, int ciaddr, int giaddr, int requested, int chosen, String name) {
        var out = new DhcpOption.Writer();
        out.start(Dhcp.REQUEST).xid(7).ciaddr(ciaddr).giaddr(giaddr).chaddr(mac);
        out.put(DhcpOption.MESSAGE_TYPE, (byte) type);
        if (requested != 0) {
            out.word(DhcpOption.REQUESTED_ADDRESS, requested);
        }
        if (chosen != 0) {
            out.word(DhcpOption.SERVER_ID, chosen);
        }
        out.put(DhcpOption.PARAMETERS, HexFormat.of().parseHex("0103060c0f1c2a"));
        if (name != null) {
            out.put(DhcpOption.HOST_NAME, name);
        }
        return out.seal();
    }

    private void discover(long mac, int giaddr, long seconds) {
        server.receive(message(DhcpOption.DISCOVER, mac, 0, giaddr, 0, 0, null), ETH0, seconds * SECOND);
    }

    private void select(long mac, int address, int giaddr, String name, long seconds) {
        server.receive(message(DhcpOption.REQUEST, mac, 0, giaddr, address, SELF, name), ETH0, seconds * SECOND);
    }

    private void renew(long mac, int address, long seconds) {
        server.receive(message(DhcpOption.REQUEST, mac, address, 0, 0, 0, "c1"), ETH0, seconds * SECOND);
    }

    private static final String LENT = "36040a070001" + "330400000078";
    private static final String REST = "0104ffffff00" + "1c040a0700ff" + "03040a070001";
    private static final String SET = "0f0c6578616d706c652e74657374" + "06040a070001";

    @Test
    void offersTheAddressThatTheMacDeterminesWithTheOptionsOfTheRealOne() {
        discover(C1, 0, 0);
        assertThat(lastOptions()).isEqualTo("350102" + LENT + "3a040000003c" + "3b0400000069" + REST + SET);
        assertThat(last().destination()).isEqualTo(ip("10.7.0.106"));
        assertThat(last().inject()).isEqualTo(C1);
        assertThat(last().message()).hasSize(306);
        select(C1, ip("10.7.0.106"), 0, "c1", 1);
        assertThat(lastOptions())
                .isEqualTo("350105" + LENT + "3a040000003c" + "3b0400000069" + REST + "0c026331" + SET);
        assertThat(log)
                .containsExactly(
                        "dnsmasq-dhcp: DHCPDISCOVER(eth0) 02:d0:00:00:00:02 ",
                        "dnsmasq-dhcp: DHCPOFFER(eth0) 10.7.0.106 02:d0:00:00:00:02 ",
                        "dnsmasq-dhcp: DHCPREQUEST(eth0) 10.7.0.106 02:d0:00:00:00:02 ",
                        "dnsmasq-dhcp: DHCPACK(eth0) 10.7.0.106 02:d0:00:00:00:02 c1");
        assertThat(server.leaseFile()).containsExactly("121 02:d0:00:00:00:02 10.7.0.106 c1 *");
    }

    private void option(int code, String hex, String... tags) {
        plan.add(new Setting(code, HexFormat.of().parseHex(hex), false, List.of(tags)));
    }

    /** As dnsmasq 2.90 answered, asked by hand. */
    @Test
    void optionsWithTagsGoToThoseWhoHaveThemAndComeBeforeThoseWithout() {
        plan.ranges.clear();
        plan.settings.clear();
        plan.add(new Range(ip("10.7.0.100"), ip("10.7.0.150"), 0, 120, "red"));
        plan.add(new Range(ip("10.8.0.100"), ip("10.8.0.150"), Prefix.mask(24), 120, "blue"));
        option(DhcpOption.ROUTER, "0a0700fe", "red");
        option(DhcpOption.ROUTER, "0a0800fe", "blue");
        option(DhcpOption.ROUTER, "0a090909");
        option(DhcpOption.DNS_SERVER, "01010101");
        option(DhcpOption.DNS_SERVER, "02020202");
        option(DhcpOption.DOMAIN_NAME, "626f7468", "eth0", "red");
        option(DhcpOption.DOMAIN_NAME, "6e6f6e65");
        // The tag of a range comes after any other.
        option(DhcpOption.NTP_SERVER, "04040401", "eth0");
        option(DhcpOption.NTP_SERVER, "04040402", "blue");
        option(DhcpOption.HOST_NAME, "6e6f74726564", "!red");
        option(DhcpOption.BROADCAST, "0a070009", "known");
        option(DhcpOption.HOST_NAME, "6e65766572", "known", "blue");
        DhcpServer tagged = new DhcpServer(plan, () -> 4, this, this);
        String times = "350102" + LENT + "3a040000003c" + "3b0400000069" + "0104ffffff00";
        String red = "2a0404040401" + "0f04626f7468" + "060402020202" + "03040a0700fe";
        String blue = "0c066e6f74726564" + "2a0404040401" + "0f046e6f6e65" + "060402020202" + "03040a0800fe";
        tagged.receive(message(DhcpOption.DISCOVER, C1, 0, 0, 0, 0, null), ETH0, 0);
        assertThat(lastOptions()).isEqualTo(times + "1c040a0700ff" + red);
        tagged.receive(message(DhcpOption.DISCOVER, C3, 0, ip("10.8.0.1"), 0, 0, null), ETH0, 0);
        assertThat(lastOptions()).isEqualTo(times + "1c040a0800ff" + blue);
    }

    @Test
    void aReservationMakesAClientKnown() {
        option(DhcpOption.NTP_SERVER, "04040401", "known");
        option(DhcpOption.NTP_SERVER, "04040402", "known-othernet");
        discover(C2, 0, 0);
        assertThat(lastOptions()).contains("2a0404040401");
        discover(C1, 0, 0);
        assertThat(lastOptions()).doesNotContain("2a04");
    }

    @Test
    void renewalsGetTimesThatDiffer() {
        select(C1, ip("10.7.0.106"), 0, "c1", 1);
        renew(C1, ip("10.7.0.106"), 3);
        assertThat(lastOptions())
                .isEqualTo("350105" + LENT + "3a0400000038" + "3b0400000065" + REST + "0c026331" + SET);
        assertThat(last().destination()).isEqualTo(ip("10.7.0.106"));
        assertThat(last().inject()).isZero();
        assertThat(server.leaseFile()).containsExactly("123 02:d0:00:00:00:02 10.7.0.106 c1 *");
    }

    @Test
    void aReservationComesBeforeTheRange() {
        discover(C2, 0, 0);
        assertThat(last().destination()).isEqualTo(ip("10.7.0.77"));
        assertThat(lastOptions()).contains(HexFormat.of().formatHex("static-c2".getBytes()));
    }

    @Test
    void aRelayedClientGetsAnAddressOfItsNetworkByWayOfTheRelay() {
        discover(C3, ip("10.8.0.1"), 0);
        assertThat(last().destination()).isEqualTo(ip("10.8.0.1"));
        assertThat(last().port()).isEqualTo(Dhcp.SERVER_PORT);
        Dhcp offer = new Dhcp().wrap(last().message(), 0);
        assertThat(offer.yiaddr()).isEqualTo(ip("10.8.0.114"));
        assertThat(offer.word(DhcpOption.ROUTER)).isEqualTo(ip("10.8.0.1"));
        select(C3, ip("10.8.0.114"), ip("10.8.0.1"), null, 1);
        renew(C3, ip("10.8.0.114"), 3);
        Dhcp renewed = new Dhcp().wrap(last().message(), 0);
        assertThat(renewed.word(DhcpOption.ROUTER)).isEqualTo(ip("10.8.0.1"));
        assertThat(last().destination()).isEqualTo(ip("10.8.0.114"));
    }

    @Test
    void refusesAnAddressOfAnotherNetworkToAll() {
        server.receive(message(DhcpOption.REQUEST, C1, 0, 0, ip("192.168.99.5"), 0, null), ETH0, 0);
        assertThat(log).endsWith("dnsmasq-dhcp: DHCPNAK(eth0) 192.168.99.5 02:d0:00:00:00:02 wrong network");
        assertThat(last().destination()).isEqualTo(-1);
        assertThat(lastOptions()).isEqualTo("350106" + "36040a070001" + "380d77726f6e67206e6574776f726b");
    }

    @Test
    void anAddressInUseIsRefusedAndTheNextOneOffered() {
        select(C1, ip("10.7.0.106"), 0, null, 0);
        select(C3, ip("10.7.0.106"), 0, null, 0);
        assertThat(log).endsWith("dnsmasq-dhcp: DHCPNAK(eth0) 10.7.0.106 02:d0:00:00:00:0a address in use");
        discover(C1 + 51, 0, 1);
        assertThat(last().destination()).isEqualTo(ip("10.7.0.107"));
    }

    @Test
    void leasesEnd() {
        select(C1, ip("10.7.0.106"), 0, null, 0);
        assertThat(server.nextDeadline()).isEqualTo(120 * SECOND);
        server.expire(119 * SECOND);
        assertThat(server.leaseFile()).hasSize(1);
        server.expire(120 * SECOND);
        assertThat(server.leaseFile()).isEmpty();
        assertThat(server.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aReleaseIsTheEndOfALeaseAtOnce() {
        select(C1, ip("10.7.0.106"), 0, null, 0);
        server.receive(message(DhcpOption.RELEASE, C1, ip("10.7.0.106"), 0, 0, SELF, null), ETH0, SECOND);
        assertThat(server.leaseFile()).isEmpty();
    }

    @Test
    void anOfferWaitsForAPingThatNobodyAnswers() {
        plan.ping = true;
        discover(C1, 0, 0);
        discover(C3, ip("10.8.0.1"), 1);
        assertThat(replies).isEmpty();
        server.expire(3 * SECOND);
        assertThat(replies).hasSize(1);
        assertThat(last().destination()).isEqualTo(ip("10.7.0.106"));
        server.expire(6 * SECOND);
        assertThat(replies).hasSize(2);
        assertThat(pings).containsExactly("0 10.7.0.106", "3 10.8.0.114");
        assertThat(log).filteredOn(line -> line.contains("DISCOVER")).hasSize(2);
    }

    @Test
    void anAddressThatAnswersIsPassedOver() {
        plan.ping = true;
        discover(C1, 0, 0);
        server.answered(ip("10.7.0.106"), SECOND);
        assertThat(pings).containsExactly("0 10.7.0.106", "1 10.7.0.107");
        server.expire(4 * SECOND);
        assertThat(last().destination()).isEqualTo(ip("10.7.0.107"));
    }

    @Test
    void aFullRangeOffersNothing() {
        for (int i = 0; i < 51; i++) {
            select(0x0200_0000_0100L + i, ip("10.7.0.100") + i, 0, null, 0);
        }
        discover(C1, 0, 0);
        assertThat(log).endsWith("dnsmasq-dhcp: DHCPDISCOVER(eth0) 02:d0:00:00:00:02 no address available");
    }

    @Test
    @Tag("fuzz")
    void anyMessageIsAnsweredOrPassedOver() {
        var random = new java.util.SplittableRandom(2131);
        for (int i = 0; i < 20_000; i++) {
            byte[] message = message(
                    random.nextInt(10), C1 + random.nextInt(60), random.nextInt(2) * ip("10.7.0.106"), 0, 0, 0, "x");
            for (int n = random.nextInt(8); n > 0; n--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            server.receive(message, ETH0, i * SECOND);
            server.expire(i * SECOND);
        }
        assertThat(replies).isNotEmpty();
        for (DhcpReply reply : replies) {
            assertThat(Dhcp.fits(reply.message(), 0, reply.message().length)).isTrue();
        }
    }
}
