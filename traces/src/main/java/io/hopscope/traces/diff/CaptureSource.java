package io.hopscope.traces.diff;

import io.hopscope.traces.CaptureReader;
import io.hopscope.traces.Hop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What is compared: a capture, the folder of a run with its {@code capture.pcapng}, or a folder of captures, one a port.
 * It is read as often as need be, and never kept.
 */
public final class CaptureSource {
    private static final String OF_A_RUN = "capture.pcapng";

    private final Path path;
    private final List<Path> files;

    private CaptureSource(Path path, List<Path> files) {
        this.path = path;
        this.files = files;
    }

    /** Null where there is no capture. */
    public static CaptureSource of(Path path) {
        if (Files.isRegularFile(path)) {
            return new CaptureSource(path, List.of(path));
        } else if (Files.isRegularFile(path.resolve(OF_A_RUN))) {
            return new CaptureSource(path, List.of(path.resolve(OF_A_RUN)));
        } else if (!Files.isDirectory(path)) {
            return null;
        }
        try (Stream<Path> all = Files.list(path)) {
            List<Path> files = all.filter(each -> each.getFileName().toString().matches(".*\\.pcap(ng)?"))
                    .sorted()
                    .toList();
            return files.isEmpty() ? null : new CaptureSource(path, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every packet, in the order of the files. */
    public void read(Consumer<Hop> to) {
        files.forEach(file -> CaptureReader.read(file, to));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
