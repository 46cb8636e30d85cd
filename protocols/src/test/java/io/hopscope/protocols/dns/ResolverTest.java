package io.hopscope.protocols.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Dns;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverTest implements Resolver.Line {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int ONE = Ipv4Address.bits("10.0.0.1");
    private static final int TWO = Ipv4Address.bits("10.0.0.2");

    private final List<String> asked = new ArrayList<>();
    private final List<DnsMessage> queries = new ArrayList<>();
    private Resolver ended;
    private long endedAt;
    private int ids;
    private boolean unreachable;

    @Override
    public void send(int server, byte[] message, boolean fresh, long now) {
        DnsMessage query = DnsMessage.read(message, 0, message.length);
        queries.add(query);
        asked.add(Ipv4Address.text(server) + " " + query.question().name() + " "
                + query.question().type() + (fresh ? " fresh" : "") + " at " + now / SECOND);
        if (unreachable) {
            resolver.refused(now);
        }
    }

    @Override
    public void ended(Resolver which, long now) {
        assertThat(ended).isNull();
        ended = which;
        endedAt = now;
    }

    private Resolver resolver;

    private static ResolverSettings settings(List<Integer> servers, String... search) {
        return ResolverSettings.NONE.with(servers, List.of(search));
    }

    private Resolver find(ResolverSettings settings, String name, boolean six) {
        resolver = Resolver.addresses(settings, name, six, () -> ++ids, this);
        resolver.begin(0);
        return resolver;
    }

    private void answer(int query, int rcode, long now, DnsRecord... records) {
        DnsMessage message = DnsMessage.query(
                queries.get(query).id, Dns.RESPONSE | rcode, queries.get(query).question());
        message.answers.addAll(List.of(records));
        byte[] bytes = message.bytes(512);
        resolver.receive(bytes, 0, bytes.length, now);
    }

    private void runOut() {
        for (long deadline = resolver.nextDeadline(); ended == null; deadline = resolver.nextDeadline()) {
            resolver.expire(deadline);
        }
    }

    @Test
    void bothKindsOfAddressAreAskedForAtOnceFromOneSocket() {
        find(settings(List.of(ONE)), "web.lab", true);
        assertThat(asked).containsExactly("10.0.0.1 web.lab 1 fresh at 0", "10.0.0.1 web.lab 28 at 0");
        answer(1, Dns.NOERROR, 5);
        assertThat(ended).isNull();
        answer(0, Dns.NOERROR, 7, DnsRecord.a("WEB.lab", 5, TWO));
        assertThat(ended.outcome()).isEqualTo(Resolver.Outcome.FOUND);
        assertThat(ended.addresses()).containsExactly(TWO);
        assertThat(endedAt).isEqualTo(7);
        assertThat(ended.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aliasesLeadToTheCanonicalName() {
        find(settings(List.of(ONE)), "www.lab", false);
        answer(
                0,
                Dns.NOERROR,
                1,
                DnsRecord.name("www.lab", Dns.CNAME, 5, "web.lab"),
                DnsRecord.a("web.lab", 5, TWO),
                DnsRecord.a("other.lab", 5, ONE));
        assertThat(ended.canonical()).isEqualTo("web.lab");
        assertThat(ended.addresses()).containsExactly(TWO);
    }

    @Test
    void shortNamesAreLookedForInTheSearchDomainsFirst() {
        find(settings(List.of(ONE), "a.lab", "lab"), "web", false);
        answer(0, Dns.NXDOMAIN, 1);
        answer(1, Dns.NXDOMAIN, 2);
        answer(2, Dns.NXDOMAIN, 3);
        assertThat(asked).extracting(line -> line.split(" ")[1]).containsExactly("web.a.lab", "web.lab", "web");
        assertThat(ended.outcome()).isEqualTo(Resolver.Outcome.UNKNOWN);
    }

    @Test
    void namesWithDotsAreTriedAsTheyAreAndThoseWithOneAtTheEndOnlySo() {
        assertThat(settings(List.of(), "lab").candidates("x.y")).containsExactly("x.y", "x.y.lab");
        assertThat(settings(List.of(), "lab").option("ndots", 2).candidates("x.y"))
                .containsExactly("x.y.lab", "x.y");
        assertThat(settings(List.of(), "lab").candidates("web.")).containsExactly("web");
    }

    /** Two attempts at two servers: 5 s, 5 s (twice as long, shared by two), and again. */
    @Test
    void silenceGoesFromServerToServerAndBack() {
        find(settings(List.of(ONE, TWO)), "web.lab", false);
        runOut();
        assertThat(asked)
                .containsExactly(
                        "10.0.0.1 web.lab 1 fresh at 0",
                        "10.0.0.2 web.lab 1 fresh at 5",
                        "10.0.0.1 web.lab 1 fresh at 10",
                        "10.0.0.2 web.lab 1 fresh at 15");
        assertThat(endedAt).isEqualTo(20 * SECOND);
        assertThat(ended.outcome().text()).isEqualTo("Temporary failure in name resolution");
    }

    @Test
    void aServerThatFailsLeavesTheQuestionToTheNext() {
        find(settings(List.of(ONE, TWO)), "web.lab", true);
        answer(0, Dns.SERVFAIL, 1);
        assertThat(asked).hasSize(4).last().isEqualTo("10.0.0.2 web.lab 28 at 0");
        answer(2, Dns.NOERROR, 2, DnsRecord.a("web.lab", 5, ONE));
        answer(3, Dns.NOERROR, 3);
        assertThat(ended.addresses()).containsExactly(ONE);
    }

    @Test
    void nobodyThereToAskIsNoWait() {
        unreachable = true;
        find(settings(List.of()), "web.lab", true);
        assertThat(ended.outcome()).isEqualTo(Resolver.Outcome.AGAIN);
        assertThat(endedAt).isZero();
        assertThat(asked).containsExactly("127.0.0.1 web.lab 1 fresh at 0", "127.0.0.1 web.lab 1 fresh at 0");
    }

    @Test
    void anAddressThatIsKnownCountsThoughTheOtherKindIsNeverAnswered() {
        find(settings(List.of(ONE)), "web.lab", true);
        answer(0, Dns.NOERROR, 1, DnsRecord.a("web.lab", 5, TWO));
        runOut();
        assertThat(ended.addresses()).containsExactly(TWO);
        assertThat(endedAt).isEqualTo(5 * SECOND);
    }

    @Test
    void aNameWithoutAddressIsToldFromOneThatIsNone() {
        find(settings(List.of(ONE)), "mail.lab", false);
        answer(0, Dns.NOERROR, 1);
        assertThat(ended.outcome()).isEqualTo(Resolver.Outcome.NO_DATA);
    }

    @Test
    void answersToOtherQuestionsAreNotHeard() {
        find(settings(List.of(ONE)), "web.lab", false);
        queries.get(0).id++;
        answer(0, Dns.NOERROR, 1, DnsRecord.a("web.lab", 5, TWO));
        queries.get(0).id--;
        DnsMessage other = DnsMessage.query(1, Dns.RESPONSE, DnsQuestion.of("b.lab", Dns.A));
        byte[] bytes = other.bytes(512);
        resolver.receive(bytes, 0, bytes.length, 2);
        resolver.receive(new byte[5], 0, 5, 3);
        assertThat(ended).isNull();
    }

    @Test
    void namesOfAddressesAreAskedForByTheirReverse() {
        resolver = Resolver.name(settings(List.of(ONE), "lab"), TWO, () -> ++ids, this);
        resolver.begin(0);
        assertThat(asked).containsExactly("10.0.0.1 2.0.0.10.in-addr.arpa 12 fresh at 0");
        answer(0, Dns.NOERROR, 1, DnsRecord.name("2.0.0.10.in-addr.arpa", Dns.PTR, 0, "two.lab"));
        assertThat(ended.canonical()).isEqualTo("two.lab");
    }

    @Test
    void theFileSaysWhatIsNotAsUsual() {
        ResolverSettings settings = settings(List.of(ONE, TWO, 3, 4), "lab", "example");
        assertThat(settings.servers()).hasSize(3);
        assertThat(settings.with(List.of(ONE), List.of("lab"))
                        .option("timeout", 99)
                        .option("attempts", 9)
                        .lines())
                .containsExactly("search lab", "nameserver 10.0.0.1", "options timeout:30 attempts:5");
        assertThatThrownBy(() -> settings.option("rotate", 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
