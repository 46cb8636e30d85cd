package io.hopscope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.traces.Bpf;
import io.hopscope.traces.PacketFilter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hopscope's own compiler, and libpcap's programs as they run in Java, beside tcpdump -r: over every frame of the golden
 * captures and frames made here.
 */
@Tag("oracle")
class FilterOracleTest {
    private static final String OWN = "filters.txt";
    private static final String BEYOND = "libpcap.txt";

    private final PcapCompiler libpcap = new PcapCompiler();

    @TempDir
    Path folder;

    private List<byte[]> frames;
    private Path file;

    @BeforeEach
    void captures() throws IOException, InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder("tcpdump", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("version").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        }
        if ("required".equals(System.getProperty("hopscope.oracles"))) {
            assertThat(there).as("tcpdump").isTrue();
            assertThat(libpcap.missing()).as("libpcap").isNull();
        }
        assumeTrue(there && libpcap.missing() == null, "tcpdump or libpcap is not installed");
        frames = frames();
        file = folder.resolve("frames.pcap");
        write(frames);
    }

    /**
     * Distinct real frames where they are here, some of them tagged once or twice, and some with bytes changed. None ends
     * inside its headers: which of two loads of one test refuses such a frame is a matter of libpcap's optimiser.
     */
    private static List<byte[]> frames() throws IOException {
        Map<String, byte[]> distinct = new LinkedHashMap<>();
        String given = System.getProperty("hopscope.golden", "");
        Path root = given.isEmpty() ? Path.of("../../shared/golden").toAbsolutePath() : Path.of(given);
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path each : files.filter(name -> name.toString().endsWith(".pcap"))
                        .sorted()
                        .toList()) {
                    for (byte[] frame : read(each)) {
                        distinct.putIfAbsent(Arrays.toString(Arrays.copyOf(frame, 60)), frame);
                    }
                }
            }
        }
        List<byte[]> all = new ArrayList<>(distinct.values());
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> base = all.isEmpty() ? List.of(new byte[60]) : List.copyOf(all);
        for (int i = 0; i < 2000; i++) {
            byte[] frame = base.get(random.nextInt(base.size())).clone();
            for (int n = random.nextInt(3); n > 0 && frame.length > 14; n--) {
                frame = tagged(frame, random.nextInt(8) < 7 ? 0x8100 : 0x88a8, random.nextInt(4));
            }
            for (int n = random.nextInt(4); n > 0 && frame.length >= 60; n--) {
                frame[random.nextInt(Math.min(frame.length, 60))] = (byte) random.nextInt();
            }
            all.add(frame);
        }
        for (int i = 0; i < 2000; i++) {
            byte[] frame = OddFrames.make(base.get(random.nextInt(base.size())), random);
            all.add(random.nextInt(6) == 0 ? tagged(frame, 0x8100, random.nextInt(4)) : frame);
        }
        return all;
    }

    private static byte[] tagged(byte[] frame, int type, int vlan) {
        byte[] tagged = new byte[frame.length + Vlan.LENGTH];
        System.arraycopy(frame, 0, tagged, 0, 12);
        View.put16(tagged, 12, type);
        View.put16(tagged, 14, vlan);
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    private static List<byte[]> read(Path pcap) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(pcap)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> frames = new ArrayList<>();
        for (bytes.position(24); bytes.remaining() > 16; ) {
            bytes.getLong();
            byte[] frame = new byte[bytes.getInt()];
            bytes.getInt();
            bytes.get(frame);
            frames.add(frame);
        }
        return frames;
    }

    /** The number of a frame is its time. */
    private void write(List<byte[]> all) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        for (int word : new int[] {0xa1b2c3d4, 0x00020004, 0, 0, 262144, 1}) {
            out.writeInt(word);
        }
        for (int i = 0; i < all.size(); i++) {
            out.writeInt(i);
            out.writeInt(0);
            out.writeInt(all.get(i).length);
            out.writeInt(all.get(i).length);
            out.write(all.get(i));
        }
        Files.write(file, bytes.toByteArray());
    }

    /** Null where libpcap takes it for no filter. */
    private BitSet real(String filter) throws IOException, InterruptedException {
        Path out = folder.resolve("out.pcap");
        Process tcpdump = new ProcessBuilder("tcpdump", "-r", file.toString(), "-w", out.toString(), filter)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        if (!tcpdump.waitFor(60, TimeUnit.SECONDS)) {
            tcpdump.destroyForcibly();
            throw new IllegalStateException("tcpdump runs for ever over some frame: " + filter);
        } else if (tcpdump.exitValue() != 0) {
            // A contradiction is refused by libpcap; here it is a filter that takes nothing.
            boolean nothing = Files.readString(folder.resolve("said")).contains("expression rejects all packets");
            return nothing ? new BitSet() : null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.nativeOrder());
        if (bytes.getInt(0) != 0xa1b2c3d4) {
            bytes.order(bytes.order() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        }
        BitSet found = new BitSet();
        for (int at = 24; at + 16 <= bytes.capacity(); at += 16 + bytes.getInt(at + 8)) {
            found.set(bytes.getInt(at));
        }
        return found;
    }

    /** Null where Hopscope's own compiler does not know it. */
    private BitSet own(String filter) {
        PacketFilter parsed;
        try {
            parsed = PacketFilter.exact(filter);
        } catch (IllegalArgumentException e) {
            return null;
        }
        BitSet found = new BitSet();
        for (int i = 0; i < frames.size(); i++) {
            found.set(i, parsed.own() && parsed.matches(frames.get(i), 0, frames.get(i).length));
        }
        return parsed.own() ? found : null;
    }

    private BitSet compiled(String filter) {
        Bpf program;
        try {
            program = libpcap.compile(filter);
        } catch (IllegalArgumentException e) {
            return null;
        }
        BitSet found = new BitSet();
        for (int i = 0; i < frames.size(); i++) {
            int length = frames.get(i).length;
            found.set(i, program.run(frames.get(i), 0, length, length, true) != 0);
        }
        return found;
    }

    private String difference(String filter, BitSet real, String who, BitSet found) {
        if (real == null || found == null) {
            return real == found ? null : filter + ": " + (real == null ? "libpcap refuses it" : who + " refuses it");
        }
        found.xor(real);
        return found.isEmpty()
                ? null
                : filter + ": " + who + ", " + found.cardinality() + " of " + frames.size() + " frames, first "
                        + java.util.HexFormat.of().formatHex(frames.get(found.nextSetBit(0)))
                        + (real.get(found.nextSetBit(0)) ? " is missing" : " is too many");
    }

    private void compare(String filter, boolean own, List<String> differences)
            throws IOException, InterruptedException {
        BitSet real = real(filter);
        differences.add(difference(filter, real, "libpcap's program in Java", compiled(filter)));
        if (own) {
            differences.add(difference(filter, real, "our compiler", own(filter)));
        }
        differences.removeIf(Objects::isNull);
    }

    private static List<String> expressions(String name) throws IOException {
        try (var in = FilterOracleTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void choosesTheFramesThatLibpcapChooses() throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        List<String> filters = expressions(OWN);
        for (String filter : filters) {
            compare(filter, true, differences);
        }
        assertThat(filters).hasSizeGreaterThanOrEqualTo(370);
        assertThat(differences).isEmpty();
    }

    /** What Hopscope does not compile itself, goes to libpcap, and some of it finds frames. */
    @Test
    void runsLibpcapsProgramsForWhatIsBeyondTheOwnCompiler() throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        List<String> nothing = new ArrayList<>();
        List<String> own = new ArrayList<>();
        List<String> filters = expressions(BEYOND);
        for (String filter : filters) {
            compare(filter, false, differences);
            BitSet found = compiled(filter);
            if (found != null) {
                own.add(PacketFilter.exact(filter).own() ? filter : null);
                nothing.add(found.isEmpty() ? filter : null);
            }
        }
        nothing.removeIf(Objects::isNull);
        own.removeIf(Objects::isNull);
        assertThat(own).as("filters that Hopscope compiles itself").isEmpty();
        assertThat(differences).isEmpty();
        assertThat(nothing).as("filters that no frame here passes").hasSizeLessThan(filters.size() / 4);
    }

    /** Filters put together at random from primitives, so that what they do to one another is seen too. */
    @Test
    void choosesTheSameFramesForFiltersPutTogetherAtRandom() throws IOException, InterruptedException {
        String[] primitives = {
            "arp",
            "ip",
            "icmp",
            "udp",
            "tcp",
            "vlan",
            "vlan 1",
            "vlan 2",
            "host 10.7.0.1",
            "src net 10.0.0.0/8",
            "dst host 255.255.255.255",
            "port 67",
            "portrange 60-70",
            "udp src port 67",
            "ether broadcast",
            "ether multicast",
            "ether src 02:d0:00:00:00:01",
            "less 80",
            "greater 100",
            "ip[8] < 64",
            "icmp[0] = 8",
            "ip proto 17",
            "proto 1",
            "ether proto 0x806",
            "tcp[13] & 2 != 0",
            "ip broadcast",
            "len & 1 = 0"
        };
        SplittableRandom random = new SplittableRandom(7);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            StringBuilder text = new StringBuilder();
            int open = 0;
            for (int n = 1 + random.nextInt(4); n >= 0; n--) {
                text.append(random.nextInt(3) == 0 ? "not " : "");
                if (random.nextInt(4) == 0) {
                    text.append("( ");
                    open++;
                }
                text.append(primitives[random.nextInt(primitives.length)]).append(' ');
                if (open > 0 && random.nextBoolean()) {
                    text.append(") ");
                    open--;
                }
                text.append(n == 0 ? "" : random.nextBoolean() ? "and " : "or ");
            }
            compare(text + ") ".repeat(open), true, differences);
        }
        assertThat(differences).isEmpty();
    }
}
