package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Lines of LOG, of which Linux 6.18 wrote the like: but for identifications, ports and sequence numbers they are its own. */
class LogLineTest {
    private static final int HOST = Ipv4Address.bits("10.95.0.254");
    private static final int PEER = Ipv4Address.bits("10.95.0.1");
    private final TestHost host = new TestHost();

    private String line(byte[] bytes, boolean inward, String options) {
        host.log.clear();
        host.rules("*filter\n-A " + (inward ? "INPUT" : "OUTPUT") + " -j LOG --log-prefix \"f5 \" " + options
                + "\nCOMMIT\n");
        Packet p = host.packet.wrap(bytes, Bytes.AT, 0);
        if (inward) {
            System.arraycopy(HexFormat.of().parseHex("fa02a26fa239268e4da8d8de0800"), 0, bytes, 0, 14);
            host.hooks.input(p.from("v0").mac(0x268e4da8d8deL));
        } else {
            host.hooks.output(p.to("v0").socketed(true));
        }
        return host.log.get(0);
    }

    private static byte[] syn(int from, int to, int flags) {
        byte[] bytes = Bytes.tcp(from, to, 49_176, 99, flags, -1, 0, 20);
        System.arraycopy(
                HexFormat.of().parseHex("020405b40402080a61b00591000000000103030a"), 0, bytes, Bytes.AT + 40, 20);
        View.put16(bytes, Bytes.AT + Ipv4.LENGTH + 12, 0xa000 | flags);
        return bytes;
    }

    @Test
    void saysWhatItsOptionsAsk() {
        String own = "--log-tcp-sequence --log-tcp-options --log-ip-options --log-uid";
        assertThat(line(syn(HOST, PEER, Tcp.SYN), false, own))
                .isEqualTo("f5 IN= OUT=v0 SRC=10.95.0.254 DST=10.95.0.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF"
                        + " PROTO=TCP SPT=49176 DPT=99 SEQ=4294967295 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0"
                        + " OPT (020405B40402080A61B00591000000000103030A) UID=0 GID=0 ");
        assertThat(line(syn(PEER, HOST, Tcp.SYN), true, "--log-macdecode --log-uid --log-tcp-options"))
                .isEqualTo("f5 IN=v0 OUT= MACSRC=26:8e:4d:a8:d8:de MACDST=fa:02:a2:6f:a2:39 MACPROTO=0800"
                        + " SRC=10.95.0.1 DST=10.95.0.254 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP"
                        + " SPT=49176 DPT=99 WINDOW=65535 RES=0x00 SYN URGP=0"
                        + " OPT (020405B40402080A61B00591000000000103030A) ");
    }

    @Test
    void flagsOfCongestionAreNoReservedBits() {
        assertThat(line(syn(PEER, HOST, 0xc2), true, ""))
                .startsWith("f5 IN=v0 OUT= MAC=fa:02:a2:6f:a2:39:26:8e:4d:a8:d8:de:08:00 SRC=10.95.0.1")
                .endsWith(" WINDOW=65535 RES=0x00 CWR ECE SYN URGP=0 ");
    }

    @Test
    void optionsOfIpStandBehindTheFragment() {
        byte[] plain = Bytes.udp(HOST, PEER, 5, 6);
        byte[] bytes = new byte[plain.length + 8];
        System.arraycopy(plain, 0, bytes, 0, Bytes.AT + Ipv4.LENGTH);
        System.arraycopy(HexFormat.of().parseHex("4408050001586dec"), 0, bytes, Bytes.AT + Ipv4.LENGTH, 8);
        System.arraycopy(
                plain,
                Bytes.AT + Ipv4.LENGTH,
                bytes,
                Bytes.AT + Ipv4.LENGTH + 8,
                plain.length - Bytes.AT - Ipv4.LENGTH);
        bytes[Bytes.AT] = 0x47;
        View.put16(bytes, Bytes.AT + 2, bytes.length - Bytes.AT);
        assertThat(line(bytes, false, "--log-ip-options"))
                .endsWith(" ID=0 DF OPT (4408050001586DEC) PROTO=UDP SPT=5 DPT=6 LEN=16 ");
        assertThat(line(bytes, false, "")).doesNotContain("OPT");
    }
}
