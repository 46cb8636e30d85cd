package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DnsTest {
    /** RFC 1035 section 4.1.4, moved so that F.ISI.ARPA stands at 20: FOO.F.ISI.ARPA, ARPA and the root. */
    private static byte[] exampleOfTheStandard() {
        byte[] b = new byte[93];
        name(b, 20, 1, 'F', 3, 'I', 'S', 'I', 4, 'A', 'R', 'P', 'A', 0);
        name(b, 40, 3, 'F', 'O', 'O', 0xc0, 20);
        name(b, 64, 0xc0, 26);
        b[92] = 0;
        return b;
    }

    private static void name(byte[] b, int at, int... values) {
        for (int i = 0; i < values.length; i++) b[at + i] = (byte) values[i];
    }

    private static int end(byte[] b, int from) {
        return DnsName.end(b, 0, from, b.length);
    }

    @Test
    void pointersLeadToWhatStoodBefore() {
        byte[] b = exampleOfTheStandard();
        assertThat(DnsName.text(b, 0, 20)).isEqualTo("F.ISI.ARPA");
        assertThat(DnsName.text(b, 0, 40)).isEqualTo("FOO.F.ISI.ARPA");
        assertThat(DnsName.text(b, 0, 64)).isEqualTo("ARPA");
        assertThat(DnsName.text(b, 0, 92)).isEmpty();
        assertThat(List.of(end(b, 20), end(b, 40), end(b, 64), end(b, 92))).containsExactly(32, 46, 66, 93);
    }

    @Test
    void pointersThatLeadOnOrRoundAreRefused() {
        byte[] b = new byte[40];
        name(b, 20, 0xc0, 20);
        name(b, 22, 1, 'a', 0xc0, 22);
        name(b, 26, 0xc0, 30, 0, 0, 1, 'b', 0);
        name(b, 34, 0xc0, 4);
        assertThat(List.of(end(b, 20), end(b, 22), end(b, 26), end(b, 34))).containsOnly(-1);
        // Two names that end in one another.
        name(b, 12, 1, 'x', 0xc0, 16, 1, 'y', 0xc0, 12);
        assertThat(List.of(end(b, 12), end(b, 16))).containsOnly(-1);
    }

    @Test
    void namesAreNoLongerThanTheStandardAllows() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "b".repeat(61));
        byte[] bytes = DnsName.bytes(longest);
        assertThat(bytes).hasSize(255);
        assertThat(DnsName.end(bytes, -12, 0, bytes.length)).isEqualTo(255);
        assertThat(DnsName.text(bytes, 0, 0)).isEqualTo(longest);
        assertThat(DnsName.valid(longest + "c")).isFalse();
        assertThat(DnsName.valid("a" + label + ".lab")).isFalse();
        assertThat(DnsName.valid("a..lab")).isFalse();
        assertThat(DnsName.valid("")).isTrue();
        byte[] over = new byte[300];
        for (int at = 0; at < 280; at += 20) over[at] = 19;
        assertThat(DnsName.end(over, -12, 0, over.length)).isEqualTo(-1);
    }

    @Test
    void whatIsNoLetterIsEscapedAsInZoneFiles() {
        byte[] bytes = DnsName.bytes("a\\.b\\032\\\\.lab.");
        assertThat(bytes).containsExactly(5, 'a', '.', 'b', ' ', '\\', 3, 'l', 'a', 'b', 0);
        assertThat(DnsName.text(bytes, 0, 0)).isEqualTo("a\\.b\\032\\\\.lab");
        assertThatThrownBy(() -> DnsName.bytes("a\\")).hasMessageContaining("escape");
        assertThat(DnsName.reverse(Ipv4Address.bits("10.0.0.7"))).isEqualTo("7.0.0.10.in-addr.arpa");
    }

    @Test
    void realMessagesFitAndNothingShorterDoes() {
        assertThat(Corpus.dnsMessages()).hasSize(38);
        for (byte[] message : Corpus.dnsMessages()) {
            assertThat(Dns.fits(message, 0, message.length)).isTrue();
            for (int length = 0; length < message.length; length++) {
                assertThat(Dns.fits(message, 0, length)).isFalse();
            }
        }
    }

    @Test
    void dataOfTheWrongShapeDoNotFit() {
        byte[] answer = Corpus.dnsMessages().get(1);
        int length = answer.length - 11 - 4 - 1;
        assertThat(answer[length]).isEqualTo((byte) 4);
        byte[] wrong = answer.clone();
        wrong[length] = 3;
        assertThat(Dns.fits(wrong, 0, wrong.length)).isFalse();
        byte[] counted = answer.clone();
        counted[7] = 2;
        assertThat(Dns.fits(counted, 0, counted.length)).isFalse();
    }

    @Test
    void addressesOfVersionSixAreWrittenShort() {
        for (String text :
                List.of("::", "::1", "fd00::3", "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8", "fe80::", "1:0:2::")) {
            assertThat(DnsData.ipv6(DnsData.ipv6(text), 0)).isEqualTo(text);
        }
        assertThat(DnsData.ipv6(DnsData.ipv6("2001:0DB8:0:0:1:0:0:1"), 0)).isEqualTo("2001:db8::1:0:0:1");
        for (String text :
                List.of("", ":", "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9", "g::", "12345::", "1:2:3:4:5:6:7::8")) {
            assertThatThrownBy(() -> DnsData.ipv6(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void titlesNameTheQuestionAndWhatBecameOfIt() {
        List<String> titles = Corpus.dnsMessages().stream()
                .map(Corpus::dns)
                .map(Printer::summary)
                .toList();
        assertThat(titles)
                .contains(
                        "DNS query A web.lab",
                        "DNS answer A web.lab",
                        "DNS no data TXT db.lab",
                        "DNS NXDOMAIN A nothere.lab",
                        "DNS REFUSED A nope.nope");
    }

    @Test
    @Tag("fuzz")
    void nothingThatFitsCanFailLater() {
        SplittableRandom random = new SplittableRandom(53);
        List<byte[]> seeds = Corpus.dnsMessages();
        int fitted = 0;
        for (int i = 0; i < 1_000_000; i++) {
            byte[] b = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                int edge = random.nextInt(4);
                b[random.nextInt(b.length)] = (byte) (edge == 0 ? 0xc0 : edge == 1 ? 12 : random.nextInt());
            }
            b = random.nextInt(4) == 0 ? Arrays.copyOf(b, random.nextInt(b.length + 1)) : b;
            if (!Dns.fits(b, 0, b.length)) continue;
            fitted++;
            assertThat(new Printer(b).dns(0, b.length).toString()).isPrintable();
            assertThat(DnsPrinter.title(b, 0, b.length)).isPrintable();
        }
        assertThat(fitted).isGreaterThan(100_000);
    }
}
