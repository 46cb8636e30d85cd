package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fuzz")
class NetfilterFuzzTest {
    private static final int CLIENT = Ipv4Address.bits("10.0.0.5");
    private static final int SERVER = Ipv4Address.bits("198.51.100.7");

    private static String text() throws IOException {
        try (InputStream in = NetfilterFuzzTest.class.getResourceAsStream("every-match.rules")) {
            // And what is newer than that file.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8) + """
                    *security
                    -A INPUT -m recent --update --seconds 60 --hitcount 4 --rttl --name X --mask 255.255.255.0 --rdest
                    -A INPUT -m recent ! --rcheck --seconds 9 --reap -m length ! --length 5:9 -m ttl ! --ttl-eq 3
                    -A FORWARD -m iprange ! --src-range 10.0.0.1-10.0.0.5 --dst-range 10.1.0.1-10.1.0.1 -m ttl --ttl-gt 9
                    -A FORWARD -p tcp -m tcpmss ! --mss 536:1000 -m recent --set -j TCPMSS --clamp-mss-to-pmtu
                    -A FORWARD -p tcp -j TCPMSS --set-mss 100
                    COMMIT
                    *mangle
                    -A PREROUTING -m rpfilter --loose --validmark --accept-local --invert -j ACCEPT
                    COMMIT
                    """;
        }
    }

    /** A mutated text is read or refused at a place within it, and what was read prints and reads again. */
    @Test
    void rulesAreReadOrRefusedAtAPlace() throws IOException {
        String good = text();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 4000; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
                    case 2 -> text.insert(at, (char) (32 + random.nextInt(95)));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                }
            }
            Ruleset rules = new Ruleset();
            try {
                RulesText.restore(rules, text.toString(), true, true);
            } catch (RuleSyntaxException e) {
                assertThat(e.line()).isBetween(1, text.toString().split("\n", -1).length);
                assertThat(e.column()).isPositive();
                continue;
            }
            String printed = String.join("\n", RulesText.save(rules, null, true, ""));
            Ruleset again = new Ruleset();
            RulesText.restore(again, printed, true, true);
            assertThat(String.join("\n", RulesText.save(again, null, true, ""))).isEqualTo(printed);
        }
    }

    private static byte[] packet(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Bytes.udp(CLIENT, SERVER, 5000, 53);
            case 1 -> Bytes.echo(CLIENT, SERVER, random.nextBoolean(), 3);
            case 2 -> Bytes.unreachable(SERVER, Bytes.udp(TestHost.OUTSIDE, SERVER, 5000, 53));
            default ->
                Bytes.tcp(CLIENT, SERVER, 40_000, 80, random.nextInt(64), random.nextInt(), random.nextInt(), 20);
        };
    }

    /** Mutated packets come to some verdict, and leave the table whole. */
    @Test
    void packetsComeToAVerdict() throws IOException {
        TestHost host = new TestHost().rules(text());
        host.rules("*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j DNAT --to-destination 10.9.9.9:1-5\n"
                + "-A POSTROUTING -j MASQUERADE\nCOMMIT\n");
        host.hooks.conntrack().limit(64);
        SplittableRandom random = new SplittableRandom(2);
        long now = 0;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextLong(1_000_000_000_000L);
            byte[] bytes = packet(random);
            for (int n = random.nextInt(4); n > 0; n--) {
                bytes[Bytes.AT + random.nextInt(bytes.length - Bytes.AT)] = (byte) random.nextInt();
            }
            if (!Ipv4.fits(bytes, Bytes.AT, bytes.length)) {
                continue;
            }
            Verdict verdict = random.nextBoolean() ? host.outward(bytes, now) : host.inward(bytes, now);
            assertThat(verdict).isNotNull();
            assertThat(host.hooks.conntrack().count()).isBetween(0, 64);
            if (verdict != Verdict.ACCEPT) {
                host.hooks.abandon(host.packet);
            }
        }
        assertThat(host.connections(now)).hasSizeLessThanOrEqualTo(64);
    }
}
