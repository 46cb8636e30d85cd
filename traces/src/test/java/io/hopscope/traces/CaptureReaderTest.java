package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4EchoPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;

class CaptureReaderTest {
    /** An echo request, from RFC 792's layout, with checksums computed elsewhere (tshark -V of a real ping). */
    private static final String PING = "020000000002020000000001080045000054000040004001" + "26a70a0000010a000002"
            + "0800" + "b7f2" + "1234" + "0001";

    private static byte[] ping() {
        byte[] bytes = new byte[98];
        for (int i = 0; i < PING.length() / 2; i++) {
            bytes[i] = (byte) Integer.parseInt(PING.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    private static byte[] capture(int packets) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        PcapngWriter writer = new PcapngWriter(CaptureOutput.stream(stream)).section("a test");
        writer.declare(new CaptureInterface("h1:eth0"));
        writer.declare(new CaptureInterface("br1:eth1"));
        writer.names(Map.of(0x0a000001, "h1"));
        for (int i = 0; i < packets; i++) {
            writer.packet(
                    i % 2,
                    i * 1_234_567L,
                    i % 2 == 1,
                    7 + i,
                    ping(),
                    0,
                    98 - i % 5,
                    98,
                    i % 3 == 0 ? "why " + i : null);
        }
        writer.close();
        return stream.toByteArray();
    }

    private static List<Hop> read(byte[] bytes) {
        List<Hop> hops = new ArrayList<>();
        CaptureReader.read(ByteBuffer.wrap(bytes), "file", hops::add);
        return hops;
    }

    @Test
    void readsPortsTimesDirectionsJourneysAndReasons() {
        List<Hop> hops = read(capture(10));
        assertThat(hops).hasSize(10);
        Hop fourth = hops.get(3);
        assertThat(fourth.port()).isEqualTo("br1:eth1");
        assertThat(fourth.inbound()).isTrue();
        assertThat(fourth.picos()).as("whole nanoseconds, rounded down").isEqualTo(3_703_000L);
        assertThat(fourth.journey()).isEqualTo(10);
        assertThat(fourth.comment()).isEqualTo("why 3");
        assertThat(fourth.bytes()).hasSize(95);
        assertThat(fourth.originalLength()).isEqualTo(98);
    }

    /** A packet whose comment ends where the buffer does makes the buffer grow in the middle of its block. */
    @Test
    void aBlockStaysWholeWhereverTheBufferEnds() {
        for (int buffer = 512; buffer < 768; buffer += 4) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            PcapngWriter writer = new PcapngWriter(CaptureOutput.stream(stream), buffer, buffer).section("a test");
            writer.declare(new CaptureInterface("h1:eth0"));
            for (int i = 0; i < 8; i++) {
                writer.packet(0, i, true, i, ping(), 0, 98, 98, "because of it");
            }
            writer.close();
            assertThat(read(stream.toByteArray()))
                    .as("a buffer of " + buffer)
                    .hasSize(8)
                    .allMatch(hop -> hop.comment().equals("because of it"));
        }
    }

    @Test
    void readsAFileThatWasCutShortToItsLastWholePacket() {
        byte[] whole = capture(10);
        for (int cut = 1; cut < 400; cut += 7) {
            assertThat(read(java.util.Arrays.copyOf(whole, whole.length - cut)).size())
                    .isBetween(6, 10);
        }
    }

    @Test
    void saysWhetherAFileEndsInsideAPacket() {
        byte[] whole = capture(10);
        assertThat(CaptureReader.read(ByteBuffer.wrap(whole), "file", hop -> {}))
                .isTrue();
        assertThat(CaptureReader.read(ByteBuffer.wrap(whole, 0, whole.length - 3), "file", hop -> {}))
                .isFalse();
    }

    @Test
    void pcap4jReadsTheSameFields() throws IllegalRawDataException {
        byte[] bytes = read(capture(1)).get(0).bytes();
        EthernetPacket ethernet = EthernetPacket.newPacket(bytes, 0, bytes.length);
        IpV4Packet ip = ethernet.get(IpV4Packet.class);
        assertThat(ethernet.getHeader().getSrcAddr()).hasToString("02:00:00:00:00:01");
        assertThat(ip.getHeader().getTtlAsInt()).isEqualTo(64);
        assertThat(ip.getHeader().getDstAddr().getHostAddress()).isEqualTo("10.0.0.2");
        assertThat(ethernet.get(IcmpV4EchoPacket.class).getHeader().getSequenceNumberAsInt())
                .isEqualTo(1);
    }

    @Test
    void saysWhatIsNoCapture() {
        assertThatThrownBy(
                        () -> read("this is no capture, but a text".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("byte 0")
                .hasMessageContaining("pcapng or pcap");
        assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(CaptureFormatException.class);
    }

    @Test
    @Tag("fuzz")
    void aDamagedFileIsNeverMoreThanAFormatException() {
        SplittableRandom random = new SplittableRandom(9);
        byte[] whole = capture(20);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                read(damaged).forEach(hop -> HopView.of(hop));
            } catch (CaptureFormatException e) {
                assertThat(e).hasMessageContaining("expected");
            }
        }
    }

    @Test
    @Tag("fuzz")
    void anyBytesCanBeExplainedAndFiltered() {
        SplittableRandom random = new SplittableRandom(10);
        PacketFilter filter = PacketFilter.parse(
                "(icmp[icmptype] == icmp-echo or arp or udp port 53) and not vlan 7 and host 10.0.0.1 or ether host"
                        + " 02:00:00:00:00:01");
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = ping();
            for (int n = random.nextInt(8); n > 0; n--) {
                bytes[random.nextInt(60)] = (byte) random.nextInt();
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            filter.matches(cut, 0, cut.length);
            Journey journey = new Journey(1, List.of(new Hop("a:b", true, 5, 1, cut, 98, "because")));
            assertThat(new Explanation(Style.PLAIN, false, true).of(journey)).isNotEmpty();
        }
    }
}
