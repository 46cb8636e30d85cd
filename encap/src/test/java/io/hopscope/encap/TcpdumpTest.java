package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The printer beside the real tcpdump (4.99). */
@Tag("oracle")
class TcpdumpTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void tcpdumpIsHere() throws IOException, InterruptedException {
        boolean there;
        try {
            Process version = new ProcessBuilder("tcpdump", "--version")
                    .redirectErrorStream(true)
                    .start();
            version.getInputStream().readAllBytes();
            there = version.waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        if ("required".equals(System.getProperty("hopscope.oracles")))
            assertThat(there).as("tcpdump").isTrue();
        assumeTrue(there, "tcpdump is not installed");
    }

    @Test
    void printsGoldenFramesAsTcpdumpDoes() throws IOException, InterruptedException {
        Map<String, byte[]> distinct = new LinkedHashMap<>();
        for (Path file : Pcap.golden()) {
            for (byte[] bytes : Pcap.read(file)) {
                byte[] frame = withPortOfIana(bytes);
                distinct.putIfAbsent(new String(frame, StandardCharsets.ISO_8859_1), frame);
            }
        }
        assumeTrue(!distinct.isEmpty(), "no golden captures: set -Dhopscope.golden=FOLDER");
        assertSameLines(List.copyOf(distinct.values()));
    }

    @Test
    void printsOurOwnFramesAsTcpdumpDoes() throws IOException, InterruptedException {
        assertSameLines(Corpus.frames().stream().map(Corpus::bytes).toList());
    }

    @Test
    void tcpdumpFindsNoWrongChecksumInWhatTunnelsWrite() throws IOException, InterruptedException {
        List<byte[]> frames = Corpus.encapsulated().stream().map(Corpus::bytes).toList();
        String text = String.join("\n", tcpdump(frames, "-vvv"));
        assertThat(text)
                .contains("VXLAN", "GRE", "udp sum ok")
                .doesNotContain("bad")
                .doesNotContain("wrong");
    }

    private void assertSameLines(List<byte[]> frames) throws IOException, InterruptedException {
        List<String> expected = joined(tcpdump(frames, "-S"));
        assertThat(expected).hasSameSizeAs(frames);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            String ours = Printer.line(frames.get(i), 0, frames.get(i).length);
            String theirs = expected.get(i);
            // BGP and HTTP, which follow the length, are applications: they are not dissected
            boolean same = theirs.equals(ours) || theirs.startsWith(ours + ": ");
            if (!same) different.add("tcpdump:  " + theirs + "\n hopscope: " + ours);
        }
        assertThat(different).isEmpty();
    }

    private List<String> tcpdump(List<byte[]> frames, String option) throws IOException, InterruptedException {
        Path file = folder.resolve("frames.pcap");
        Pcap.write(file, frames);
        Process tcpdump = new ProcessBuilder("tcpdump", "-r", file.toString(), "-e", "-n", "-t", option)
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String text = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tcpdump.waitFor())
                .as("%s", Files.readString(folder.resolve("errors")))
                .isZero();
        return text.lines().toList();
    }

    /** Puts the frame inside VXLAN back on the line of its outer headers; drops hex dumps. */
    private static List<String> joined(List<String> lines) {
        List<String> joined = new ArrayList<>();
        for (String line : lines) {
            int last = joined.size() - 1;
            if (line.startsWith("\t")) continue;
            if (last >= 0 && joined.get(last).matches(".*, vni \\d+")) joined.set(last, joined.get(last) + ": " + line);
            else joined.add(line);
        }
        return joined;
    }

    /** tcpdump takes port 8472 for OTV. */
    private static byte[] withPortOfIana(byte[] bytes) {
        Ethernet eth = new Ethernet().wrap(bytes, 0);
        if (eth.payloadType() != Ethernet.IPV4) return bytes;
        Ipv4 ip = new Ipv4().wrap(bytes, eth.payload());
        if (ip.protocol() != Ipv4.UDP || ip.fragment()) return bytes;
        Udp udp = new Udp().wrap(bytes, ip.payload());
        if (udp.destinationPort() == Vxlan.LINUX_PORT) udp.destinationPort(Vxlan.PORT);
        return bytes;
    }
}
