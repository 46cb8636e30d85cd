package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matches and targets one by one: as iptables 1.8.9 prints them, and as the kernel's modules decide. */
class MatchesTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int CLIENT = Ipv4Address.bits("10.0.0.3");
    private static final int SERVER = Ipv4Address.bits("198.51.100.1");

    private static boolean takes(TestHost host, byte[] bytes, long seconds) {
        return host.outward(bytes, seconds * SECOND) != Verdict.ACCEPT;
    }

    private static TestHost host(String match) {
        return new TestHost().rules("*raw\n-A PREROUTING " + match + " -j DROP\nCOMMIT\n");
    }

    private static byte[] syn() {
        return Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.SYN, 1, 0, 0);
    }

    /** Each line was saved by iptables-save 1.8.9 from a rule of Linux 6.18. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A PREROUTING -m recent --set --name X --mask 255.255.255.255 --rsource",
                "-A PREROUTING -m recent --rcheck --seconds 10800 --reap --name X --mask 255.255.255.255 --rsource",
                "-A PREROUTING -m recent --update --seconds 60 --hitcount 4 --name X --mask 255.255.255.0 --rdest",
                "-A PREROUTING -m recent --remove --name DEFAULT --mask 255.255.255.255 --rsource",
                "-A PREROUTING -m recent --rcheck --rttl --name Y --mask 255.255.255.255 --rsource",
                "-A PREROUTING -m rpfilter --invert",
                "-A PREROUTING -m rpfilter --loose --validmark --accept-local",
                "-A PREROUTING -m length --length 100:200",
                "-A PREROUTING -m length ! --length 64",
                "-A PREROUTING -m ttl --ttl-eq 64",
                "-A PREROUTING -m ttl ! --ttl-eq 3",
                "-A PREROUTING -m ttl --ttl-lt 3",
                "-A PREROUTING -m ttl --ttl-gt 9",
                "-A PREROUTING -m iprange --src-range 10.0.0.1-10.0.0.5",
                "-A PREROUTING -m iprange ! --src-range 10.0.0.1-10.0.0.5 --dst-range 10.1.0.1-10.1.0.1",
                "-A PREROUTING -p tcp -m tcpmss --mss 1400:1500",
                "-A PREROUTING -p tcp -m tcpmss ! --mss 536"
            })
    void savesWhatItRead(String line) {
        TestHost host = new TestHost().rules("*raw\n" + line + "\nCOMMIT\n");
        assertThat(RulesText.save(host.hooks.rules(), null, false, "")).contains(line);
    }

    @ParameterizedTest
    @CsvSource({
        "-m length --length 40, true",
        "-m length --length 41:, false",
        "-m length ! --length 0:39, true",
        "-m ttl --ttl-eq 64, true",
        "-m ttl --ttl-lt 64, false",
        "-m ttl --ttl-gt 63, true",
        "-m ttl ! --ttl-eq 64, false",
        "-m iprange --src-range 10.0.0.3-10.0.0.3, true",
        "-m iprange --src-range 10.0.0.4-10.0.0.9, false",
        "-m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 198.51.100.1-198.51.100.2, false",
        "-m iprange --dst-range 128.0.0.0-255.0.0.0, true",
        "-p tcp -m tcpmss --mss 1:65535, false",
        "-p tcp -m tcpmss ! --mss 536, true",
        "-m rpfilter, true",
        "-m rpfilter --invert, false"
    })
    void matchesAsTheKernelDoes(String match, boolean expected) {
        assertThat(takes(host(match), syn(), 0)).isEqualTo(expected);
    }

    @Test
    void aSourceThatLeadsBackElsewhereIsFoundByItsWay() {
        TestHost host = host("-m rpfilter --invert");
        assertThat(host.inward(syn(), 0)).as("10.0.0.0/8 is inside").isEqualTo(Verdict.DROP);
        assertThat(host(("-m rpfilter --loose --invert")).inward(syn(), 0)).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void whoWasSeenLatelyIsKnownUntilTheTimeIsUp() {
        TestHost host = new TestHost()
                .rules("*raw\n-A PREROUTING -p udp -m recent --name KUBE --set\n"
                        + "-A PREROUTING -p tcp -m recent --name KUBE --rcheck --seconds 10 --reap -j DROP\nCOMMIT\n");
        assertThat(takes(host, syn(), 0)).isFalse();
        host.outward(Bytes.udp(CLIENT, SERVER, 1, 2), SECOND);
        assertThat(takes(host, syn(), 11)).isTrue();
        assertThat(takes(host, Bytes.tcp(CLIENT + 1, SERVER, 1, 80, Tcp.SYN, 1, 0, 0), 11))
                .isFalse();
        assertThat(takes(host, syn(), 12)).isFalse();
        assertThat(host.hooks.rules().recent().get("KUBE").size()).as("reaped").isZero();
    }

    @Test
    void theFourthPacketOfAMinuteIsTooMany() {
        TestHost host = host("-m recent --update --seconds 60 --hitcount 3 --name ssh");
        RulesText.restore(
                host.hooks.rules(), "*mangle\n-A PREROUTING -m recent --set --name ssh\nCOMMIT\n", false, true);
        assertThat(takes(host, syn(), 0)).isFalse();
        assertThat(takes(host, syn(), 1)).isFalse();
        assertThat(takes(host, syn(), 2)).isFalse();
        assertThat(takes(host, syn(), 3)).isTrue();
        assertThat(takes(host, syn(), 62)).as("seen at 2 and 3 only").isFalse();
    }

    @Test
    void aListOfHundredForgetsWhoWasNotSeenForLongest() {
        TestHost host = new TestHost()
                .rules(
                        "*raw\n-A PREROUTING -p udp -m recent --set\n-A PREROUTING -p tcp -m recent --rcheck -j DROP\nCOMMIT\n");
        for (int i = 0; i < 101; i++) {
            host.outward(Bytes.udp(CLIENT + i, SERVER, 1, 2), i);
        }
        assertThat(takes(host, syn(), 1)).isFalse();
        assertThat(takes(host, Bytes.tcp(CLIENT + 1, SERVER, 1, 80, Tcp.SYN, 1, 0, 0), 1))
                .isTrue();
    }

    /** A SYN with these options. */
    private static byte[] synWith(int... options) {
        byte[] all = syn();
        byte[] bytes = Arrays.copyOf(all, all.length + options.length);
        int tcp = Bytes.AT + Ipv4.LENGTH;
        for (int i = 0; i < options.length; i++) {
            bytes[tcp + Tcp.LENGTH + i] = (byte) options[i];
        }
        bytes[tcp + 12] = (byte) (Tcp.LENGTH + options.length << 2);
        View.put16(bytes, Bytes.AT + 2, Ipv4.LENGTH + Tcp.LENGTH + options.length);
        new Ipv4().wrap(bytes, Bytes.AT).seal();
        View.put16(bytes, tcp + 16, 0);
        View.put16(bytes, tcp + 16, sum(bytes, tcp, Tcp.LENGTH + options.length));
        return bytes;
    }

    private static int sum(byte[] bytes, int tcp, int length) {
        return Checksum.of(Checksum.pseudo(CLIENT, SERVER, Ipv4.TCP, length) + Checksum.sum(bytes, tcp, length));
    }

    @ParameterizedTest
    @CsvSource({"--set-mss 1200, 1460, 1200", "--set-mss 1200, 1000, 1000", "--clamp-mss-to-pmtu, 1460, 1360"})
    void aLargestSegmentIsMadeSmallerAndTheChecksumHolds(String how, int said, int becomes) {
        TestHost host = new TestHost()
                .rules("*mangle\n-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS " + how + "\nCOMMIT\n");
        for (int lead = 0; lead < 2; lead++) {
            int high = said >>> 8;
            byte[] bytes = lead == 0 ? synWith(2, 4, high, said, 1, 1, 1, 1) : synWith(1, 2, 4, high, said, 1, 1, 1);
            int tcp = Bytes.AT + Ipv4.LENGTH;
            assertThat(sum(bytes, tcp, 28)).as("before").isZero();
            assertThat(host.outward(bytes, lead)).isEqualTo(Verdict.ACCEPT);
            assertThat(View.get16(bytes, tcp + Tcp.LENGTH + 2 + lead)).isEqualTo(becomes);
            assertThat(sum(bytes, tcp, 28)).as("after, at an offset of " + lead).isZero();
        }
    }

    @Test
    void optionsThatLieAreLeftAlone() {
        TestHost host = new TestHost().rules("*mangle\n-A FORWARD -p tcp -j TCPMSS --set-mss 1\nCOMMIT\n");
        List<byte[]> all = List.of(
                synWith(2, 0, 9, 9),
                synWith(2, 40, 9, 9),
                synWith(3, 1, 2, 4),
                synWith(0, 2, 4, 9),
                synWith(1, 1, 1, 2));
        for (byte[] each : all) {
            byte[] before = each.clone();
            host.outward(each, 0);
            assertThat(each).isEqualTo(before);
        }
    }

    @Test
    void theSecurityTableComesBehindTheFilter() {
        TestHost host = new TestHost()
                .rules(
                        "*security\n-A FORWARD -s 10.0.0.3 -j DROP\nCOMMIT\n*filter\n-A FORWARD -d 198.51.100.1 -j DROP\nCOMMIT\n");
        assertThat(host.outward(syn(), 0)).isEqualTo(Verdict.DROP);
        assertThat(host.packet.decided()).asString().startsWith("filter FORWARD rule 1 ");
        assertThat(host.outward(Bytes.tcp(CLIENT, SERVER + 1, 5000, 80, Tcp.SYN, 1, 0, 0), 0))
                .isEqualTo(Verdict.DROP);
        assertThat(host.packet.decided()).asString().startsWith("security FORWARD rule 1 ");
    }

    @Test
    void whatIsNotSupportedIsRefusedAtItsPlace() {
        assertThatThrownBy(() -> host("-m hashlimit --hashlimit-upto 5/sec --hashlimit-name x"))
                .hasMessageContaining("line 2, column 18: found 'hashlimit'");
        assertThatThrownBy(() -> host("-m recent --name X")).hasMessageContaining("recent without an option");
        assertThatThrownBy(() -> host("-m recent --rcheck --reap")).hasMessageContaining("--reap without --seconds");
        assertThatThrownBy(() -> host("-m recent --set --rttl")).hasMessageContaining("--rttl with --set");
        assertThatThrownBy(() -> host("-m recent --rttl --remove")).hasMessageContaining("--rttl with --remove");
        assertThatThrownBy(() -> host("-m ttl --ttl-lt 5 --ttl-gt 3"))
                .hasMessageContaining("one of --ttl-lt and --ttl-gt");
        assertThatThrownBy(() -> host("-m ttl --ttl 3 --ttl-eq 3")).hasMessageContaining("one --ttl-eq a rule");
        assertThatThrownBy(() -> host("-m tcpmss --mss 5")).hasMessageContaining("-m tcpmss without -p tcp");
        assertThatThrownBy(() -> host("-m iprange --src-range 10.0.0.9-10.0.0.1"))
                .hasMessageContaining("found '10.0.0.9-10.0.0.1', expected a range such as");
        assertThatThrownBy(() -> new TestHost().rules("*filter\n-A FORWARD -m rpfilter -j DROP\nCOMMIT\n"))
                .hasMessageContaining("-m rpfilter in table filter");
    }

    @Test
    void theWayBackIsAskedForInPreroutingOnly() {
        assertThatThrownBy(() -> new TestHost().rules("*mangle\n-A FORWARD -m rpfilter -j DROP\nCOMMIT\n"))
                .hasMessageContaining("-m rpfilter so in a chain that FORWARD leads to");
        new TestHost().rules("*mangle\n:x - [0:0]\n-A x -m rpfilter -j DROP\n-A PREROUTING -j x\nCOMMIT\n");
    }

    @Test
    void aListEndsWithTheLastRuleThatNamesIt() {
        String both =
                "*raw\n-A PREROUTING -m recent --name X --set\n-A PREROUTING -m recent --name X --rcheck\nCOMMIT\n";
        TestHost host = new TestHost().rules(both);
        host.outward(Bytes.udp(CLIENT, SERVER, 1, 2), 0);
        host.rules(both);
        assertThat(host.hooks.rules().recent().get("X").size())
                .as("kept where rules of that name take the place")
                .isOne();
        command(host, "-t raw -C PREROUTING -m recent --name X --set");
        command(host, "-t raw -D PREROUTING 1");
        assertThat(host.hooks.rules().recent().get("X").size()).isOne();
        command(host, "-t raw -D PREROUTING -m recent --name X --rcheck");
        assertThat(host.hooks.rules().recent()).isEmpty();
    }

    private static void command(TestHost host, String words) {
        RuleCommand.parse(host.hooks.rules(), java.util.List.of(words.split(" ")))
                .run(line -> {});
    }
}
