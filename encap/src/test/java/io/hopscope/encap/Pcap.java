package io.hopscope.encap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Classic little-endian pcap of Ethernet with nanoseconds: as much as the tests need, and the golden captures. */
final class Pcap {
    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;

    private Pcap() {}

    static List<byte[]> read(Path file) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            if (in.getInt(0) != MAGIC_NANOSECONDS || in.getInt(20) != 1)
                throw new IOException(file + ": another format");
            in.position(24);
            List<byte[]> frames = new ArrayList<>();
            while (in.hasRemaining()) {
                byte[] frame = new byte[in.getInt(in.position() + 8)];
                in.position(in.position() + 16);
                in.get(frame);
                frames.add(frame);
            }
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, List<byte[]> frames) {
        int size = 24 + frames.stream().mapToInt(f -> 16 + f.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC_NANOSECONDS).putShort((short) 2).putShort((short) 4);
        out.putLong(0).putInt(262144).putInt(1);
        for (byte[] frame : frames)
            out.putLong(0).putInt(frame.length).putInt(frame.length).put(frame);
        try {
            Files.write(file, out.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All golden captures in order of their names; none where the folder is not there. */
    static List<Path> golden() {
        Path folder = Path.of(System.getProperty("hopscope.golden", "../../shared/golden"));
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(".pcap")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
