package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.traces.CaptureReader;
import io.hopscope.traces.Hop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets of a capture as a source of traffic. */
class InjectTest {
    private static final long MILLI = 1_000_000_000L;

    @TempDir
    Path folder;

    /** A classic pcap of frames of one length each, a millisecond apart. */
    private static byte[] pcap(ByteOrder order, boolean nanos, int... lengths) {
        ByteBuffer out = ByteBuffer.allocate(24 + lengths.length * 2000).order(order);
        out.putInt(nanos ? 0xa1b23c4d : 0xa1b2c3d4).putShort((short) 2).putShort((short) 4);
        out.putInt(0).putInt(0).putInt(262144).putInt(1);
        for (int i = 0; i < lengths.length; i++) {
            out.putInt(1_700_000_000)
                    .putInt(i * (nanos ? 1_000_000 : 1_000))
                    .putInt(lengths[i])
                    .putInt(lengths[i]);
            byte[] frame = new byte[lengths[i]];
            java.util.Arrays.fill(frame, 0, Math.min(6, frame.length), (byte) 0xff);
            if (frame.length > 13) {
                frame[12] = (byte) 0x88;
                frame[13] = (byte) 0xb5;
                frame[14] = (byte) i;
            }
            out.put(frame);
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private RunResult run(String step) throws IOException {
        return Runner.run(scenario(step), plan(), () -> 0);
    }

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

    private RunPlan plan() {
        return new RunPlan().capture(stream);
    }

    private Scenario scenario(String step) throws IOException {
        Path file = folder.resolve("replay.yaml");
        Files.writeString(file, """
                name: replay
                description: a test
                topology:
                  nodes:
                    h1: {kind: linux, address: 10.0.0.1/24}
                    h2: {kind: linux, address: 10.0.0.2/24}
                    br1: {kind: bridge}
                  links:
                    - {endpoints: ["h1:eth0", "br1:eth1"], rate: 1Gbps}
                    - endpoints: ["h2:eth0", "br1:eth2"]
                run:
                  - %s
                """.replace("%s", step));
        return Scenario.read(file, Map.of());
    }

    private List<Hop> sent() {
        List<Hop> all = new ArrayList<>();
        CaptureReader.read(ByteBuffer.wrap(stream.toByteArray()), "", hop -> {
            if (hop.port().equals("h1:eth0") && !hop.inbound()) {
                all.add(hop);
            }
        });
        return all;
    }

    private List<Long> millis() {
        return sent().stream().map(hop -> hop.picos() / MILLI).toList();
    }

    @ParameterizedTest
    @CsvSource({"BIG_ENDIAN, true", "BIG_ENDIAN, false", "LITTLE_ENDIAN, true", "LITTLE_ENDIAN, false"})
    void theirTimesAreKeptWhateverTheFileIsWrittenIn(String order, boolean nanos) throws IOException {
        ByteOrder bytes = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Files.write(folder.resolve("trace.pcap"), pcap(bytes, nanos, 60, 1514, 100));
        run("{at: 10ms, inject: trace.pcap, port: \"h1:eth0\"}");
        assertThat(millis()).containsExactly(10L, 11L, 12L);
        assertThat(sent().stream().map(hop -> hop.bytes().length)).containsExactly(60, 1514, 100);
        assertThat(sent().get(2).comment()).isEqualTo("packet 3 of trace.pcap");
    }

    @Test
    void theyComeFasterAndAgainAsIsSaid() throws IOException {
        Files.write(folder.resolve("trace.pcap"), pcap(ByteOrder.LITTLE_ENDIAN, true, 60, 60, 60));
        run("{at: 10ms, inject: trace.pcap, port: \"h1:eth0\", speed: 0.5, loop: 2}");
        assertThat(millis()).containsExactly(10L, 12L, 14L, 16L, 18L, 20L);
    }

    @Test
    void atLineRateOneFollowsTheOther() throws IOException {
        Files.write(folder.resolve("trace.pcap"), pcap(ByteOrder.LITTLE_ENDIAN, true, 60, 1514, 60));
        run("{at: 10ms, inject: trace.pcap, port: \"h1:eth0\", speed: line-rate, loop: 1000}");
        List<Hop> all = sent();
        assertThat(all).hasSize(3000);
        // 84, 1,538 and 84 bytes at 1 Gb/s, 8 ns each.
        assertThat(all.get(1).picos() - all.get(0).picos()).isEqualTo(84 * 8_000L);
        assertThat(all.get(2).picos() - all.get(1).picos()).isEqualTo(1538 * 8_000L);
        assertThat(all.get(2999).picos() - all.get(0).picos()).isEqualTo((1000 * (84 + 1538 + 84) - 84) * 8_000L);
    }

    @Test
    void whatAPortOfAnotherRunSawIsSentAgainFromTheRunsOwnCapture() throws IOException {
        Runner.run(BuiltIn.find("first-steps", Map.of()), new RunPlan().capture(folder.resolve("old.pcapng")), () -> 0);
        run("{inject: old.pcapng, port: \"h1:eth0\", from: \"h1:eth0\", filter: outbound and icmp}");
        // The host itself asks by ARP as well, since it is asked for echoes it knows nothing of.
        assertThat(sent().stream()
                        .filter(hop -> hop.comment() != null && hop.comment().startsWith("packet")))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inject: none.pcap, port: \"h1:eth0\" | no file 'none.pcap'",
                "inject: empty.pcap, port: \"h1:eth0\" | no packet in 'empty.pcap'",
                "inject: text.pcap, port: \"h1:eth0\" | the magic number of pcapng or pcap",
                "inject: cut.pcap, port: \"h1:eth0\" | which ends inside a packet",
                "inject: small.pcap, port: \"h1:eth0\" | packet 2 of 'small.pcap' of 9 bytes",
                "inject: large.pcap, port: \"h1:eth0\" | packet 1 of 'large.pcap' of 1900 bytes, more than the MTU",
                "inject: trace.pcap | 'inject' without 'port'",
                "inject: trace.pcap, port: \"h9:eth0\" | found port 'h9:eth0'",
                "inject: trace.pcap, port: \"h1:eth0\", from: eth7 | found interface of the capture 'eth7'",
                "inject: trace.pcap, port: \"h1:eth0\", node: h1 | 'node' beside 'inject'",
                "node: h1, exec: ip addr, loop: 3 | 'loop' without 'inject'",
                "inject: trace.pcap, port: \"h1:eth0\", speed: fast | a factor such as 2 or 0.5, or line-rate",
            })
    void whatCannotBeSentIsRefusedBeforeAnythingRuns(String step, String message) throws IOException {
        Files.write(folder.resolve("trace.pcap"), pcap(ByteOrder.LITTLE_ENDIAN, true, 60));
        Files.write(folder.resolve("empty.pcap"), pcap(ByteOrder.LITTLE_ENDIAN, true));
        Files.writeString(folder.resolve("text.pcap"), "this is no capture, but it is long enough");
        byte[] whole = pcap(ByteOrder.LITTLE_ENDIAN, true, 60, 60);
        Files.write(folder.resolve("cut.pcap"), java.util.Arrays.copyOf(whole, whole.length - 10));
        Files.write(folder.resolve("small.pcap"), pcap(ByteOrder.LITTLE_ENDIAN, true, 60, 9));
        Files.write(folder.resolve("large.pcap"), pcap(ByteOrder.LITTLE_ENDIAN, true, 1900));
        assertThatThrownBy(() -> run("{" + step + "}"))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("replay.yaml:")
                .hasMessageContaining(message);
    }

    @Test
    @Tag("fuzz")
    void damagedFilesAreSentOrRefusedAndNeverABug() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        byte[] good = pcap(ByteOrder.LITTLE_ENDIAN, true, 60, 200, 1514);
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            Files.write(folder.resolve("trace.pcap"), bad);
            try {
                run("{inject: trace.pcap, port: \"h1:eth0\", speed: line-rate}");
            } catch (ScenarioException refused) {
                assertThat(refused.getMessage()).contains("replay.yaml:");
            }
            stream.reset();
        }
    }
}
