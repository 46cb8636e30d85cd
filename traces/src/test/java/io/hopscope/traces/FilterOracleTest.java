package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter beside libpcap's, by way of tcpdump -r, over every frame of the golden captures and frames made here. */
@Tag("oracle")
class FilterOracleTest {
    private static final String EXPRESSIONS = "/io/hopscope/traces/filters.txt";

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
        }
        assumeTrue(there, "tcpdump is not installed");
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
        if (tcpdump.waitFor() != 0) {
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

    private BitSet ours(String filter) {
        PacketFilter parsed;
        try {
            parsed = PacketFilter.exact(filter);
        } catch (IllegalArgumentException e) {
            return null;
        }
        BitSet found = new BitSet();
        for (int i = 0; i < frames.size(); i++) {
            found.set(i, parsed.matches(frames.get(i), 0, frames.get(i).length));
        }
        return found;
    }

    private String difference(String filter) throws IOException, InterruptedException {
        BitSet real = real(filter);
        BitSet ours = ours(filter);
        if (real == null || ours == null) {
            return real == ours ? null : filter + ": " + (real == null ? "libpcap" : "we") + " refuse it";
        }
        ours.xor(real);
        return ours.isEmpty()
                ? null
                : filter + ": " + ours.cardinality() + " of " + frames.size() + " frames, first "
                        + java.util.HexFormat.of().formatHex(frames.get(ours.nextSetBit(0)))
                        + (real.get(ours.nextSetBit(0)) ? " is missing" : " is too many");
    }

    @Test
    void choosesTheFramesThatLibpcapChooses() throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        try (var in = getClass().getResourceAsStream(EXPRESSIONS)) {
            for (String filter : new String(in.readAllBytes()).lines().toList()) {
                if (!filter.isBlank() && !filter.startsWith("#")) {
                    compared++;
                    String difference = difference(filter);
                    if (difference != null) {
                        differences.add(difference);
                    }
                }
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(200);
        assertThat(differences).isEmpty();
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
            String difference = difference(text + ") ".repeat(open));
            if (difference != null) {
                differences.add(difference);
            }
        }
        assertThat(differences).isEmpty();
    }
}
