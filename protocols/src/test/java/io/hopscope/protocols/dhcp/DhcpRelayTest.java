package io.hopscope.protocols.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As dnsmasq --dhcp-relay=10.8.0.1,10.7.0.1 was seen to do. */
class DhcpRelayTest implements DhcpReply.Line {
    private static final int LOCAL = Ipv4Address.bits("10.8.0.1");
    private static final int SERVER = Ipv4Address.bits("10.7.0.1");
    private static final int CLIENT = Ipv4Address.bits("10.8.0.114");
    private static final long MAC = 0x02d0_0000_000aL;

    private final List<DhcpReply> sent = new ArrayList<>();
    private final DhcpRelay relay = new DhcpRelay(this).add(LOCAL, SERVER);

    @Override
    public void send(DhcpReply reply, long now) {
        sent.add(reply);
    }

    @Override
    public void say(String line) {}

    private static byte[] message(int op, int hops, int giaddr, boolean broadcast) {
        var out = new DhcpOption.Writer();
        out.start(op).hops(hops).giaddr(giaddr).broadcast(broadcast).chaddr(MAC).yiaddr(op == Dhcp.REPLY ? CLIENT : 0);
        return out.put(DhcpOption.MESSAGE_TYPE, (byte) 1).seal();
    }

    @Test
    void requestsGoToTheServerWithTheRelaysAddress() {
        assertThat(relay.receive(message(Dhcp.REQUEST, 0, 0, false), 3, LOCAL, 0))
                .isTrue();
        Dhcp out = new Dhcp().wrap(sent.get(0).message(), 0);
        assertThat(out.hops()).isEqualTo(1);
        assertThat(out.giaddr()).isEqualTo(LOCAL);
        assertThat(sent.get(0))
                .extracting(DhcpReply::source, DhcpReply::destination, DhcpReply::port)
                .containsExactly(LOCAL, SERVER, 67);
    }

    @Test
    void anotherRelaysAddressIsKept() {
        relay.receive(message(Dhcp.REQUEST, 1, 0x0a090001, false), 3, LOCAL, 0);
        assertThat(new Dhcp().wrap(sent.get(0).message(), 0).giaddr()).isEqualTo(0x0a090001);
    }

    @Test
    void whatGoesRoundInCirclesIsDropped() {
        relay.receive(message(Dhcp.REQUEST, 20, 0, false), 3, LOCAL, 0);
        relay.receive(message(Dhcp.REQUEST, 1, LOCAL, false), 3, LOCAL, 0);
        assertThat(sent).isEmpty();
    }

    @Test
    void repliesGoToTheClientsMacOrToAllIfItAsksForThat() {
        relay.receive(message(Dhcp.REPLY, 1, LOCAL, false), 2, 0x0a0700fe, 0);
        assertThat(sent.get(0))
                .extracting(DhcpReply::source, DhcpReply::destination, DhcpReply::inject)
                .containsExactly(LOCAL, CLIENT, MAC);
        relay.receive(message(Dhcp.REPLY, 1, LOCAL, true), 2, 0x0a0700fe, 0);
        assertThat(sent.get(1).destination()).isEqualTo(-1);
    }

    @Test
    void whatIsNotItsBusinessIsLeftToOthers() {
        assertThat(relay.receive(message(Dhcp.REQUEST, 0, 0, false), 2, 0x0a0700fe, 0))
                .isFalse();
        assertThat(relay.receive(message(Dhcp.REPLY, 1, 0x0a090001, false), 2, 0x0a0700fe, 0))
                .isFalse();
        assertThat(sent).isEmpty();
    }
}
