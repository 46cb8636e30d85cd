package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent: no two live flows look alike outside, and an answer reaches whoever asked. */
class NatBijectionTest {
    private static final long SECOND = 1_000_000_000_000L;
    /** Of what is not answered, ICMP and UDP: shorter than any other. */
    private static final long LIFE = 30 * SECOND;

    private static final int CLIENTS = Ipv4Address.bits("10.0.0.1");
    private static final int SERVERS = Ipv4Address.bits("198.51.100.1");

    private int tcp;

    private record Flow(int source, int destination, int ports, int protocol) {
        static Flow of(byte[] b) {
            Ipv4 ip = new Ipv4().wrap(b, Bytes.AT);
            int ports = ip.protocol() == Ipv4.ICMP ? View.get16(b, ip.payload() + 4) : View.get32(b, ip.payload());
            return new Flow(ip.source(), ip.destination(), ports, ip.protocol());
        }

        byte[] answer() {
            return protocol == Ipv4.ICMP
                    ? Bytes.echo(destination, source, false, ports)
                    : protocol == Ipv4.TCP
                            ? Bytes.tcp(destination, source, ports & 0xffff, ports >>> 16, Tcp.SYN | Tcp.ACK, 9, 2, 0)
                            : Bytes.udp(destination, source, ports & 0xffff, ports >>> 16);
        }
    }

    private byte[] packet(SplittableRandom random) {
        int client = CLIENTS + random.nextInt(20);
        int server = SERVERS + random.nextInt(3);
        int kind = random.nextInt(4);
        // The state of a TCP connection says how long it lives: each begins but once.
        int number = tcp++ % 80_000;
        return kind == 0
                ? Bytes.echo(client, server, true, random.nextInt(6))
                : kind == 1
                        ? Bytes.tcp(CLIENTS + number % 20, SERVERS, 1020 + number / 20, 80, Tcp.SYN, 1, 0, 0)
                        : Bytes.udp(client, server, 1020 + random.nextInt(8), 53 + random.nextInt(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MASQUERADE",
                "SNAT --to-source 192.0.2.1-192.0.2.3",
                "SNAT --to-source 192.0.2.1-192.0.2.2 --persistent",
                "MASQUERADE --random",
                "MASQUERADE --random-fully"
            })
    void isABijectionOfLiveFlows(String target) {
        TestHost host = new TestHost()
                .rules("*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j " + target + "\nCOMMIT\n");
        SplittableRandom random = new SplittableRandom(target.hashCode());
        Map<Flow, Flow> outside = new LinkedHashMap<>();
        Map<Flow, Long> seen = new LinkedHashMap<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(SECOND / 4);
            byte[] bytes = packet(random);
            Flow inside = Flow.of(bytes);
            assertThat(host.outward(bytes, now)).isEqualTo(Verdict.ACCEPT);
            assertThat(Bytes.sound(bytes)).isTrue();
            Flow translated = Flow.of(bytes);
            long at = now;
            outside.keySet().removeIf(each -> seen.get(each) + LIFE <= at);
            outside.forEach(
                    (other, asWhat) -> assertThat(asWhat.equals(translated)).isEqualTo(other.equals(inside)));
            outside.put(inside, translated);
            seen.put(inside, now);
            if (random.nextInt(3) == 0) {
                byte[] answer = translated.answer();
                assertThat(host.inward(answer, now)).isEqualTo(Verdict.ACCEPT);
                assertThat(Flow.of(answer)).isEqualTo(Flow.of(inside.answer()));
                assertThat(Bytes.sound(answer)).isTrue();
            }
        }
    }
}
