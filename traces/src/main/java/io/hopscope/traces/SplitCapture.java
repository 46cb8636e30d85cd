package io.hopscope.traces;

import io.hopscope.core.CaptureRecord;
import io.hopscope.core.CaptureSink;
import io.hopscope.core.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One pcapng for each port, or each node, beside the merged one: stock Wireshark takes one TCP segment seen at 18 ports
 * for 17 retransmissions.
 */
public final class SplitCapture implements CaptureSink {
    private static final int SMALL = 1 << 13;

    private final Path folder;
    private final Function<Port, String> group;
    private final String comment;
    private Predicate<Port> selected = port -> true;
    /** Null for every packet. */
    private PacketFilter filter;

    private final List<PcapngWriter> writers = new ArrayList<>();
    private PcapngWriter[] byPort = {};
    private int[] ids = {};
    private int[] lost = {};

    private SplitCapture(Path folder, String scenario, long seed, Function<Port, String> group) {
        this.folder = folder;
        this.group = group;
        comment = CaptureFile.comment(scenario, seed);
    }

    /** A file a port, in a folder that is made if need be. */
    public static SplitCapture byPort(Path folder, String scenario, long seed) {
        return new SplitCapture(folder, scenario, seed, Port::toString);
    }

    /** Takes only these ports. */
    public SplitCapture only(Predicate<Port> ports) {
        selected = ports;
        return this;
    }

    /** Takes only packets that match; every packet for null. */
    public SplitCapture matching(PacketFilter wanted) {
        filter = wanted;
        return this;
    }

    /** A file a node. */
    public static SplitCapture byNode(Path folder, String scenario, long seed) {
        return new SplitCapture(folder, scenario, seed, port -> port.node().name());
    }

    @Override
    public void start(List<Port> ports) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, PcapngWriter> byGroup = new LinkedHashMap<>();
        Set<String> taken = new LinkedHashSet<>();
        byPort = new PcapngWriter[ports.size()];
        ids = new int[ports.size()];
        lost = new int[ports.size()];
        Arrays.fill(lost, -1);
        for (int i = 0; i < byPort.length; i++) {
            Port port = ports.get(i);
            if (!selected.test(port)) {
                continue;
            }
            String name = group.apply(port);
            PcapngWriter writer = byGroup.get(name);
            if (writer == null) {
                Path file = folder.resolve(fileName(name, taken) + ".pcapng");
                writer = new PcapngWriter(CaptureOutput.appending(file), SMALL, SMALL).section(comment);
                byGroup.put(name, writer);
                writers.add(writer);
            }
            byPort[i] = writer;
            ids[i] = writer.declare(CaptureInterface.of(port));
        }
    }

    private static String fileName(String name, Set<String> taken) {
        String base = name.replaceAll("[^A-Za-z0-9._-]", "_");
        String free = base;
        for (int i = 2; !taken.add(free); i++) {
            free = base + "-" + i;
        }
        return free;
    }

    @Override
    public void packet(CaptureRecord r) {
        int i = r.port.captureIndex();
        if (byPort[i] == null || filter != null && !filter.matches(r)) {
            return;
        }
        if (r.unseen && lost[i] < 0) {
            lost[i] = byPort[i].declare(CaptureInterface.lostAt(r.port));
        }
        byPort[i].packet(
                r.unseen ? lost[i] : ids[i],
                r.time,
                r.inbound,
                r.journey,
                r.bytes,
                r.offset,
                r.length,
                r.originalLength,
                r.comment);
    }

    @Override
    public void end() {
        writers.forEach(PcapngWriter::close);
    }

    public int files() {
        return writers.size();
    }
}
