package io.hopscope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hopscope.traces.PacketFilter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reaches libpcap by way of a capture's filter, and what does not. */
@Tag("oracle")
class PcapCompilerTest {
    @BeforeEach
    void libpcap() {
        String missing = new PcapCompiler().missing();
        if ("required".equals(System.getProperty("hopscope.oracles"))) {
            assertThat(missing).isNull();
        }
        assumeTrue(missing == null, missing);
    }

    private static boolean takes(String filter, byte[] frame, boolean inbound) {
        return PacketFilter.exact(filter).matches(frame, 0, frame.length, frame.length, inbound);
    }

    @Test
    void mixesWhatOnlyLibpcapKnowsWithTheDirection() {
        byte[] frame = new byte[60];
        frame[12] = (byte) 0x88;
        frame[13] = 0x47;
        frame[15] = 0x06;
        frame[16] = 0x40;
        assertThat(takes("mpls 100", frame, true)).isTrue();
        assertThat(takes("mpls 101", frame, true)).isFalse();
        assertThat(takes("mpls and inbound", frame, true)).isTrue();
        assertThat(takes("mpls and inbound", frame, false)).isFalse();
        assertThat(takes("outbound and mpls", frame, false)).isTrue();
        assertThat(takes("outbound", frame, false)).isTrue();
    }

    @Test
    void aContradictionTakesNothing() {
        assertThat(PacketFilter.exact("ip6 protochain 6 and arp").matches(new byte[60], 0, 60))
                .isFalse();
    }

    /** The resolver, /etc/services and /etc/protocols are another machine's: nothing is looked up anywhere. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mpls and host web1             | column 15: found 'web1'      | names are not looked up
        ip6 host cafe                  | column 10: found 'cafe'      | names are not looked up
        ip6 host a:b                   | column 10: found 'a:b'       | names are not looked up
        mpls and port http             | column 15: found 'http'      | names are not looked up
        ip6 protochain ospf            | column 16: found 'ospf'      | names are not looked up
        gateway gw and mpls            | column 1: found 'gateway'    | names are not looked up
        ether host 2:0:0:0:0:1 or mlps | column 27: found 'mlps'      | names are not looked up
        host example.com               | column 6: found 'example.com' | names are not looked up
        """)
    void namesAreRefusedBeforeLibpcapSeesThem(String filter, String where, String expected) {
        assertThatThrownBy(() -> PacketFilter.exact(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(expected);
    }

    @Test
    void whatBothRefuseIsSaidWithLibpcapsReason() {
        assertThatThrownBy(() -> PacketFilter.exact("mpls 99999999"))
                .hasMessageContaining("filter column 1: found 'mpls'")
                .hasMessageContaining("libpcap says: MPLS label");
    }
}
