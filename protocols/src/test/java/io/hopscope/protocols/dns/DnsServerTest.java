package io.hopscope.protocols.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Dns;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsServerPlan.Named;
import io.hopscope.protocols.dns.DnsServerPlan.Upstream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the server passes on and keeps; what it answers by itself is compared with the real one. */
class DnsServerTest implements DnsServer.Line {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int WEB = Ipv4Address.bits("203.0.113.80");
    private static final Upstream FIRST = new Upstream(1, 53);
    private static final Upstream SECOND_SERVER = new Upstream(2, 53);
    private static final DnsServer.Client CLIENT = new DnsServer.Client(9, 40000, 8);

    private final List<DnsMessage> replies = new ArrayList<>();
    private final List<DnsServer.Client> answered = new ArrayList<>();
    private final List<Upstream> asked = new ArrayList<>();
    private final List<DnsMessage> forwarded = new ArrayList<>();
    private final List<Integer> closed = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private int handle;
    private int ids = 100;

    @Override
    public void reply(DnsServer.Client client, byte[] message, long now) {
        answered.add(client);
        replies.add(DnsMessage.read(message, 0, message.length));
    }

    @Override
    public void forward(int number, Upstream to, byte[] message, long now) {
        handle = number;
        asked.add(to);
        forwarded.add(DnsMessage.read(message, 0, message.length));
    }

    @Override
    public void close(int number) {
        closed.add(number);
    }

    @Override
    public void say(String text) {
        log.add(text);
    }

    private DnsServer server(Upstream... upstreams) {
        DnsServerPlan plan = new DnsServerPlan();
        plan.log = true;
        for (Upstream each : upstreams) {
            plan.server("", each);
        }
        Named lease = new Named(List.of("pc.lab", "pc"), WEB + 1, -1, "DHCP");
        return new DnsServer(plan, now -> List.of(lease), () -> ids++, this);
    }

    private static byte[] query(int id, String name, int type) {
        return DnsMessage.query(id, Dns.RECURSION_DESIRED, DnsQuestion.of(name, type))
                .bytes(512);
    }

    private static void ask(DnsServer server, DnsServer.Client client, int id, String name, long now) {
        byte[] bytes = query(id, name, Dns.A);
        server.receive(client, bytes, 0, bytes.length, now);
    }

    private void answer(DnsServer server, Upstream by, int rcode, long now, DnsRecord... records) {
        DnsMessage question = forwarded.get(forwarded.size() - 1);
        DnsMessage message = DnsMessage.query(question.id, Dns.RESPONSE | rcode, question.question());
        message.answers.addAll(List.of(records));
        byte[] bytes = message.bytes(512);
        server.answered(handle, by.address(), by.port(), bytes, 0, bytes.length, now);
    }

    @Test
    void whatItHearsItKeepsForAsLongAsTheRecordSays() {
        DnsServer server = server(FIRST);
        ask(server, CLIENT, 7, "www.example", 0);
        assertThat(forwarded.get(0).id).isEqualTo(100);
        answer(server, FIRST, Dns.NOERROR, 10, DnsRecord.a("www.example", 30, WEB));
        assertThat(replies.get(0).id).isEqualTo(7);
        assertThat(replies.get(0).answers.get(0).address()).isEqualTo(WEB);
        assertThat(closed).containsExactly(1);
        ask(server, CLIENT, 8, "WWW.example", 29 * SECOND);
        assertThat(replies.get(1).answers.get(0).ttl()).isEqualTo(1);
        assertThat(replies.get(1).flags & Dns.AUTHORITATIVE).isZero();
        ask(server, CLIENT, 9, "www.example", 30 * SECOND);
        assertThat(asked).hasSize(2);
        assertThat(log)
                .startsWith(
                        "query[A] www.example from 0.0.0.9",
                        "forwarded www.example to 0.0.0.1#53",
                        "reply www.example is 203.0.113.80",
                        "query[A] WWW.example from 0.0.0.9",
                        "cached www.example is 203.0.113.80");
    }

    @Test
    void twoWhoAskTheSameAreAnsweredByOneQuestion() {
        DnsServer server = server(FIRST);
        DnsServer.Client other = new DnsServer.Client(10, 40001, 8);
        ask(server, CLIENT, 7, "www.example", 0);
        ask(server, other, 12, "www.EXAMPLE", 1);
        assertThat(asked).hasSize(1);
        answer(server, FIRST, Dns.NOERROR, 2, DnsRecord.a("www.example", 0, WEB));
        assertThat(answered).containsExactly(CLIENT, other);
        assertThat(replies).extracting(each -> each.id).containsExactly(7, 12);
        assertThat(replies.get(1).question().name()).isEqualTo("www.EXAMPLE");
    }

    @Test
    void allServersAreAskedUntilOneHasAnsweredAndAgainWhenAClientRepeatsItself() {
        DnsServer server = server(FIRST, SECOND_SERVER);
        ask(server, CLIENT, 1, "a.example", 0);
        assertThat(asked).containsExactly(FIRST, SECOND_SERVER);
        answer(server, SECOND_SERVER, Dns.NOERROR, 1, DnsRecord.a("a.example", 0, WEB));
        ask(server, CLIENT, 2, "b.example", 2);
        assertThat(asked).endsWith(SECOND_SERVER, SECOND_SERVER);
        ask(server, CLIENT, 2, "b.example", 3);
        assertThat(asked).hasSize(5).endsWith(FIRST, SECOND_SERVER);
    }

    @Test
    void aRefusalWaitsForThoseWhoMayKnowBetter() {
        DnsServer server = server(FIRST, SECOND_SERVER);
        ask(server, CLIENT, 1, "a.example", 0);
        answer(server, FIRST, Dns.REFUSED, 1);
        assertThat(replies).isEmpty();
        answer(server, SECOND_SERVER, Dns.NOERROR, 2, DnsRecord.a("a.example", 0, WEB));
        assertThat(replies).hasSize(1);
    }

    @Test
    void whoWasNotAskedIsNotHeard() {
        DnsServer server = server(FIRST);
        ask(server, CLIENT, 1, "a.example", 0);
        answer(server, SECOND_SERVER, Dns.NOERROR, 1, DnsRecord.a("a.example", 0, WEB));
        assertThat(replies).isEmpty();
        assertThat(server.nextDeadline()).isEqualTo(10 * SECOND);
        server.expire(10 * SECOND);
        assertThat(closed).containsExactly(1);
        answer(server, FIRST, Dns.NOERROR, 1, DnsRecord.a("a.example", 0, WEB));
        assertThat(replies).isEmpty();
    }

    @Test
    void clientsOfDhcpAreKnownByName() {
        DnsServer server = server();
        ask(server, CLIENT, 1, "pc.lab", 0);
        byte[] reverse = query(2, "81.113.0.203.in-addr.arpa", Dns.PTR);
        server.receive(CLIENT, reverse, 0, reverse.length, 0);
        assertThat(replies.get(0).answers.get(0).address()).isEqualTo(WEB + 1);
        assertThat(replies.get(1).answers.get(0).target()).isEqualTo("pc.lab");
        assertThat(log).contains("DHCP pc.lab is 203.0.113.81", "DHCP 203.0.113.81 is pc.lab");
    }

    @Test
    void itForgetsWhatWasUsedLeastWhenThereIsNoRoom() {
        DnsCache cache = new DnsCache(2);
        cache.put(List.of(DnsRecord.a("a", 5, 1), DnsRecord.a("b", 5, 2)), 0);
        assertThat(cache.find("a", Dns.A, 0)).hasSize(1);
        cache.put(List.of(DnsRecord.a("c", 5, 3), DnsRecord.txt("c", Dns.IN, 5, List.of("x"))), 0);
        assertThat(cache.find("b", Dns.A, 0)).isEmpty();
        assertThat(cache.find("a", Dns.A, 0)).hasSize(1);
        assertThat(cache.find("c", Dns.TXT, 0)).isEmpty();
        cache.put(List.of(DnsRecord.a("a", 5, 9)), 0);
        assertThat(cache.find("A", Dns.A, 0)).extracting(DnsRecord::address).containsExactly(9);
    }

    @Test
    @Tag("fuzz")
    void whateverComesIsAnsweredOrNot() {
        DnsServer server = server(FIRST);
        SplittableRandom random = new SplittableRandom(1035);
        byte[] seed = query(1, "www.example", Dns.A);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = Arrays.copyOf(seed, seed.length + random.nextInt(30));
            for (int n = random.nextInt(5); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            server.receive(CLIENT, bytes, 0, bytes.length, i);
            bytes[2] |= (byte) 0x80;
            server.answered(handle, 1, 53, bytes, 0, bytes.length, i);
            server.expire(i * SECOND);
            replies.clear();
            answered.clear();
            forwarded.clear();
            asked.clear();
            closed.clear();
            log.clear();
        }
        assertThat(server.nextDeadline()).isPositive();
    }
}
