package io.hopscope.protocols.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsMessageTest {
    private static DnsMessage written(DnsMessage message, int most) {
        byte[] bytes = message.bytes(most);
        assertThat(bytes.length).isLessThanOrEqualTo(most);
        return DnsMessage.read(bytes, 0, bytes.length);
    }

    @Test
    void recordsOfEveryKindAreReadAsTheyWereWritten() {
        DnsMessage message = DnsMessage.query(7, Dns.RESPONSE | Dns.AUTHORITATIVE, DnsQuestion.of("x.lab", Dns.ANY));
        message.answers.addAll(List.of(
                DnsRecord.a("x.lab", 60, 0x0a000001),
                DnsRecord.aaaa("x.lab", 60, DnsData.ipv6("fd00::1")),
                DnsRecord.name("a.x.lab", Dns.CNAME, 1, "x.lab"),
                DnsRecord.mx("lab", 2, 10, "mail.lab"),
                DnsRecord.srv("_http._tcp.lab", 3, 1, 2, 80, "x.lab"),
                DnsRecord.txt("lab", Dns.IN, 4, List.of("one", "t\"wo"))));
        message.authority.add(DnsRecord.name("lab", Dns.NS, 5, "ns.lab"));
        message.additional.add(DnsRecord.a("ns.lab", 5, 0x0a000002));
        message.udpSize = 1232;
        message.add(10, (byte) 1, (byte) 2).add(3);
        DnsMessage read = written(message, 1232);
        assertThat(read.answers)
                .extracting(each ->
                        each.name() + " " + each.ttl() + " " + DnsData.typeName(each.type()) + " " + each.text())
                .containsExactly(
                        "x.lab 60 A 10.0.0.1",
                        "x.lab 60 AAAA fd00::1",
                        "a.x.lab 1 CNAME x.lab.",
                        "lab 2 MX 10 mail.lab.",
                        "_http._tcp.lab 3 SRV 1 2 80 x.lab.",
                        "lab 4 TXT \"one\" \"t\\\"wo\"");
        assertThat(read.authority.get(0).target()).isEqualTo("ns.lab");
        assertThat(read.additional.get(0).address()).isEqualTo(0x0a000002);
        assertThat(read.option(10)).containsExactly(1, 2);
        assertThat(read.option(3)).isEmpty();
        assertThat(read.option(4)).isNull();
        assertThat(read.rcode()).isZero();
    }

    /** RFC 1035, section 4.1.4: compressed by somebody else, in data as well. */
    @Test
    void namesInDataAreReadInFull() {
        byte[] soa = {
            0,
            1,
            (byte) 0x84,
            0,
            0,
            1,
            0,
            1,
            0,
            0,
            0,
            0, // header
            3,
            'l',
            'a',
            'b',
            0,
            0,
            6,
            0,
            1, // lab SOA
            (byte) 0xc0,
            12,
            0,
            6,
            0,
            1,
            0,
            0,
            0,
            60,
            0,
            30,
            2,
            'n',
            's',
            (byte) 0xc0,
            12,
            2,
            'm',
            'e',
            (byte) 0xc0,
            12,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            2,
            0,
            0,
            0,
            3,
            0,
            0,
            0,
            4,
            0,
            0,
            0,
            5
        };
        DnsMessage read = DnsMessage.read(soa, 0, soa.length);
        assertThat(read.answers.get(0).text()).isEqualTo("ns.lab. me.lab. 1 2 3 4 5");
        DnsMessage again = written(read, 512);
        assertThat(again.answers.get(0).text()).isEqualTo("ns.lab. me.lab. 1 2 3 4 5");
        byte[] counted = soa.clone();
        counted[31] = 29;
        assertThat(DnsMessage.read(counted, 0, counted.length)).isNull();
    }

    @Test
    void whatFindsNoRoomIsLeftOutAndSaid() {
        DnsMessage message = DnsMessage.query(7, Dns.RESPONSE, DnsQuestion.of("many.lab", Dns.A));
        for (int i = 0; i < 60; i++) {
            message.answers.add(DnsRecord.a("many.lab", 60, i));
        }
        DnsMessage read = written(message, 512);
        assertThat(read.answers).hasSize(30);
        assertThat(read.flags & Dns.TRUNCATED).isNotZero();
        assertThat(written(message, 1232).flags & Dns.TRUNCATED).isZero();
    }

    @Test
    void theHighBitsOfTheCodeComeWithEdns() {
        DnsMessage message = DnsMessage.query(7, Dns.RESPONSE, DnsQuestion.of("", Dns.NS));
        message.udpSize = 512;
        message.extended = 1 << 24;
        assertThat(written(message, 512).rcode()).isEqualTo(16);
        assertThat(written(message, 512).question().name()).isEmpty();
    }
}
