package io.hopscope.traces.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.traces.CaptureInterface;
import io.hopscope.traces.CaptureOutput;
import io.hopscope.traces.PcapngWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureDiffTest {
    private static final List<String> PORTS = List.of("h1:eth0", "r1:eth0", "r1:eth1");

    /** A packet as it is written: which port, when, in or out, of which journey, its TTL, and what was said. */
    private record Seen(int port, long micros, boolean in, long journey, int ttl, String said) {}

    @TempDir
    Path folder;

    private final List<Seen> a = new ArrayList<>();

    @BeforeEach
    void aRoutedPacketAndAnother() {
        for (int i = 1; i < 4; i++) {
            a.add(new Seen(0, i * 100, false, i, 64, "route default via 10.0.1.254"));
            a.add(new Seen(1, i * 100 + 2, true, i, 64, "route 10.0.2.0/24 dev eth1; TTL 64 -> 63"));
            a.add(new Seen(2, i * 100 + 3, false, i, 63, null));
        }
    }

    private CaptureSource write(String name, List<Seen> all) {
        Path file = folder.resolve(name);
        PcapngWriter writer = new PcapngWriter(CaptureOutput.file(file)).section("a test");
        PORTS.forEach(port -> writer.declare(new CaptureInterface(port)));
        for (Seen each : all) {
            byte[] frame = new byte[60];
            frame[12] = 8;
            frame[14] = 0x45;
            frame[17] = 46;
            frame[22] = (byte) each.ttl;
            frame[23] = 1;
            writer.packet(each.port, each.micros * 1_000_000, each.in, each.journey, frame, 0, 60, 60, each.said);
        }
        writer.close();
        return CaptureSource.of(file);
    }

    private CaptureDiff compare(List<Seen> b, boolean timed) {
        return CaptureDiff.of(write("a.pcapng", a), write("b.pcapng", b), timed);
    }

    @Test
    void aCaptureEqualsItself() {
        CaptureDiff diff = compare(a, true);
        assertThat(diff.equal()).isTrue();
        assertThat(diff.first()).isNull();
        assertThat(diff.packets()).isEqualTo(9);
        assertThat(diff.ports()).containsExactlyElementsOf(PORTS);
    }

    @Test
    void theFirstPacketThatDiffersIsFoundWithItsFieldsAndTheDecision() {
        List<Seen> b = new ArrayList<>(a);
        b.set(4, new Seen(1, 202, true, 2, 64, "route 10.0.2.0/24 dev eth1; TTL 64 -> 61"));
        b.set(5, new Seen(2, 203, false, 2, 61, null));
        b.set(8, new Seen(2, 303, false, 3, 61, null));
        Difference first = compare(b, true).first();
        assertThat(first.port()).isEqualTo("r1:eth1");
        assertThat(first.number()).isEqualTo(2);
        assertThat(first.picos()).isEqualTo(203_000_000L);
        assertThat(first.fields()).containsExactly(new Difference.Field("ip.ttl", "63", "61"));
        assertThat(first.decision()).isEqualTo(1);
        assertThat(first.wayB().get(1).comment()).endsWith("61");
        assertThat(first.wayA()).hasSize(3);
    }

    @Test
    void aPacketThatIsMissingIsADifferenceWhereItDied() {
        List<Seen> b = new ArrayList<>(a);
        b.set(7, new Seen(1, 302, true, 3, 64, "drop: no route to host"));
        b.remove(8);
        Difference first = compare(b, true).first();
        assertThat(first.port()).isEqualTo("r1:eth1");
        assertThat(first.b()).isNull();
        assertThat(first.wayB()).hasSize(2);
        assertThat(first.wayB().get(first.decision()).dropReason()).isEqualTo("no route to host");
    }

    @Test
    void anotherInstantIsADifferenceUnlessTimeDoesNotCount() {
        List<Seen> b = a.stream()
                .map(each -> new Seen(each.port, each.micros + 7, each.in, each.journey, each.ttl, each.said))
                .toList();
        assertThat(compare(b, false).equal()).isTrue();
        Difference first = compare(b, true).first();
        assertThat(first.fields()).containsExactly(new Difference.Field("frame.time", "100.000 us", "107.000 us"));
        assertThat(first.port()).isEqualTo("h1:eth0");
    }

    @Test
    void portsThatOneSideLacksAreNamed() {
        List<Seen> b = a.stream().filter(each -> each.port < 2).toList();
        CaptureDiff diff = compare(b, true);
        assertThat(diff.equal()).isFalse();
        assertThat(diff.first()).isNull();
        assertThat(diff.only(true)).containsEntry("r1:eth1", 3).hasSize(1);
        assertThat(diff.only(false)).isEmpty();
    }

    @Test
    void aFolderOfARunOrOfCapturesIsTakenForWhatItHolds() throws Exception {
        write("capture.pcapng", a);
        Files.createDirectory(folder.resolve("empty"));
        assertThat(CaptureSource.of(folder)).isNotNull();
        assertThat(CaptureSource.of(folder.resolve("empty"))).isNull();
        assertThat(CaptureSource.of(folder.resolve("none"))).isNull();
        assertThat(CaptureDiff.of(CaptureSource.of(folder), write("a.pcapng", a), true)
                        .equal())
                .isTrue();
    }
}
