package io.hopscope.protocols.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of udhcpc 1.35 as captured; instants in seconds, as seen of the real one where the server fell silent. */
class DhcpClientTest implements DhcpClient.Line {
    private static final long SECOND = 1_000_000_000_000L;
    private static final long MAC = 0x02d0_0000_0002L;
    private static final int SERVER = Ipv4Address.bits("10.7.0.1");
    private static final int GIVEN = Ipv4Address.bits("10.7.0.106");
    private static final String PLAN = "39020240" + "37070103060c0f1c2a" + "0c026331" + "3c0c756468637020312e33352e30";
    private static final String ID = "3d070102d000000002" + "ff";

    private final DhcpClientPlan plan = new DhcpClientPlan(MAC).option(DhcpOption.HOST_NAME, (byte) 'c', (byte) '1');
    private final List<String> events = new ArrayList<>();
    private final List<byte[]> messages = new ArrayList<>();
    private int draws;
    private DhcpClient client;

    @Override
    public void broadcast(byte[] message, int source, long now) {
        messages.add(message);
        events.add(now / SECOND + " all from " + Ipv4Address.text(source) + type(message));
    }

    @Override
    public void unicast(byte[] message, int source, int server, long now) {
        messages.add(message);
        events.add(now / SECOND + " " + Ipv4Address.text(server) + type(message));
    }

    private static String type(byte[] message) {
        return " " + DhcpOption.typeName(new Dhcp().wrap(message, 0).messageType());
    }

    @Override
    public void say(String line) {}

    @Override
    public void bound(DhcpLease lease, long now) {
        events.add(now / SECOND + " bound " + Ipv4Address.text(lease.address()));
    }

    @Override
    public void unbound(long now) {
        events.add(now / SECOND + " unbound");
    }

    @Override
    public void ended(int code) {
        events.add("ended " + code);
    }

    private Dhcp last() {
        return new Dhcp().wrap(messages.get(messages.size() - 1), 0);
    }

    private String lastOptions() {
        byte[] message = messages.get(messages.size() - 1);
        String all = HexFormat.of().formatHex(message, Dhcp.LENGTH, message.length);
        return all.replaceAll("(00)+$", "");
    }

    private void reply(int type, long seconds) {
        var out = new DhcpOption.Writer();
        out.start(Dhcp.REPLY)
                .xid(last().xid())
                .yiaddr(type == DhcpOption.NAK ? 0 : GIVEN)
                .chaddr(MAC);
        out.put(DhcpOption.MESSAGE_TYPE, (byte) type).word(DhcpOption.SERVER_ID, SERVER);
        byte[] message = out.word(DhcpOption.LEASE_TIME, 120).seal();
        client.receive(message, 0, message.length, seconds * SECOND);
        runTo(seconds);
    }

    private void runTo(long seconds) {
        while (client.nextDeadline() <= seconds * SECOND) {
            client.expire(client.nextDeadline());
        }
    }

    private void start() {
        client = new DhcpClient(plan, MAC, () -> ++draws, this);
        client.start(0);
    }

    private void bind() {
        start();
        reply(DhcpOption.OFFER, 0);
        reply(DhcpOption.ACK, 0);
        events.clear();
    }

    @Test
    void sendsTheOptionsOfTheRealOne() {
        start();
        assertThat(lastOptions()).isEqualTo("350101" + PLAN + ID);
        assertThat(messages.get(0)).hasSize(300);
        reply(DhcpOption.OFFER, 0);
        assertThat(lastOptions()).isEqualTo("350103" + "32040a07006a" + "36040a070001" + PLAN + ID);
        reply(DhcpOption.ACK, 0);
        client.renewNow(3 * SECOND);
        assertThat(lastOptions()).isEqualTo("350103" + PLAN + ID);
        assertThat(last().ciaddr()).isEqualTo(GIVEN);
        assertThat(last().xid()).isEqualTo(1);
        assertThat(last().secs()).isZero();
        reply(DhcpOption.ACK, 3);
        client.release(5 * SECOND);
        assertThat(lastOptions()).isEqualTo("350107" + "36040a070001" + ID);
        assertThat(last().xid()).isEqualTo(2);
        assertThat(last().secs()).isEqualTo(2);
    }

    @Test
    void discoversThreeTimesAndBeginsAgainAfterTwentySeconds() {
        start();
        runTo(30);
        assertThat(events)
                .containsExactly(
                        "0 unbound",
                        "0 all from 0.0.0.0 Discover",
                        "3 all from 0.0.0.0 Discover",
                        "6 all from 0.0.0.0 Discover",
                        "29 all from 0.0.0.0 Discover");
    }

    @Test
    void failsWhereItIsToldTo() {
        plan.failing = true;
        start();
        runTo(100);
        assertThat(events).endsWith("ended 1");
    }

    @Test
    void renewsAtHalfOfTheLease() {
        bind();
        runTo(60);
        assertThat(events).containsExactly("60 10.7.0.1 Request");
        reply(DhcpOption.ACK, 61);
        runTo(121);
        assertThat(events).endsWith("61 bound 10.7.0.106", "121 10.7.0.1 Request");
    }

    @Test
    void losesTheLeaseStepByStepWhenTheServerIsSilent() {
        bind();
        runTo(103);
        assertThat(events)
                .containsExactly(
                        "60 10.7.0.1 Request",
                        "91 10.7.0.1 Request",
                        "94 all from 10.7.0.106 Request",
                        "97 all from 10.7.0.106 Request",
                        "100 all from 10.7.0.106 Request",
                        "103 unbound",
                        "103 all from 0.0.0.0 Discover");
    }

    @Test
    void isImpatientWhenToldToRenew() {
        bind();
        client.renewNow(5 * SECOND);
        runTo(17);
        assertThat(events)
                .containsExactly(
                        "5 10.7.0.1 Request",
                        "8 all from 10.7.0.106 Request",
                        "11 all from 10.7.0.106 Request",
                        "14 all from 10.7.0.106 Request",
                        "17 unbound",
                        "17 all from 0.0.0.0 Discover");
    }

    @Test
    void beginsAnewAfterANak() {
        bind();
        client.renewNow(5 * SECOND);
        reply(DhcpOption.NAK, 6);
        runTo(9);
        assertThat(events).endsWith("6 unbound", "9 all from 0.0.0.0 Discover");
        assertThat(last().find(DhcpOption.REQUESTED_ADDRESS)).isEqualTo(-1);
    }

    @Test
    void anythingElseIsPassedOver() {
        start();
        byte[] offer = Arrays.copyOf(messages.get(0), 300);
        client.receive(offer, 0, offer.length, SECOND);
        offer[0] = Dhcp.REPLY;
        offer[4] ^= 1;
        client.receive(offer, 0, offer.length, SECOND);
        client.receive(offer, 0, 200, SECOND);
        assertThat(client.state()).isEqualTo(DhcpClient.State.SELECTING);
    }
}
