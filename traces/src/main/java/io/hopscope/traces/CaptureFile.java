package io.hopscope.traces;

import io.hopscope.core.CaptureRecord;
import io.hopscope.core.CaptureSink;
import io.hopscope.core.Port;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One pcapng of all captured ports of a run. */
public final class CaptureFile implements CaptureSink {
    /** What a reader of the file may rely on; raised when it changes. */
    public static final int FORMAT = 1;

    private final CaptureOutput output;
    private final PcapngWriter writer;
    private final String comment;
    private final Map<Integer, String> names;
    private Predicate<Port> selected = port -> true;
    /** Null for every packet. */
    private PacketFilter filter;

    private int[] ids = {};
    /** Of what was lost at a port unseen; -1 before the first. */
    private int[] lost = {};

    /**
     * @param scenario its name, which goes into the section header with the seed
     * @param names what addresses are called, in the order in which they are to be written
     */
    public CaptureFile(CaptureOutput output, String scenario, long seed, Map<Integer, String> names) {
        this.output = output;
        this.names = names;
        writer = new PcapngWriter(output);
        comment = comment(scenario, seed);
    }

    /** Takes only these ports, whatever else is looked at during the run. */
    public CaptureFile only(Predicate<Port> ports) {
        selected = ports;
        return this;
    }

    /** Takes only packets that match; every packet for null. */
    public CaptureFile matching(PacketFilter wanted) {
        filter = wanted;
        return this;
    }

    static String comment(String scenario, long seed) {
        return "scenario " + scenario + ", seed " + seed + ", capture format " + FORMAT;
    }

    @Override
    public void start(List<Port> ports) {
        writer.section(comment);
        ids = new int[ports.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = selected.test(ports.get(i)) ? writer.declare(CaptureInterface.of(ports.get(i))) : -1;
        }
        lost = new int[ports.size()];
        Arrays.fill(lost, -1);
        if (!names.isEmpty()) {
            writer.names(names);
        }
        writer.flush();
    }

    @Override
    public void packet(CaptureRecord r) {
        int id = ids[r.port.captureIndex()];
        if (id < 0 || filter != null && !filter.matches(r)) {
            return;
        }
        if (r.unseen) {
            int i = r.port.captureIndex();
            lost[i] = lost[i] < 0 ? writer.declare(CaptureInterface.lostAt(r.port)) : lost[i];
            id = lost[i];
        }
        writer.packet(id, r.time, r.inbound, r.journey, r.bytes, r.offset, r.length, r.originalLength, r.comment);
        if (r.drop) {
            writer.dropped(id);
        }
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public void end() {
        writer.close();
    }

    public long packets() {
        return writer.packets();
    }

    /** Ports that are captured. */
    public int interfaces() {
        return (int) Arrays.stream(ids).filter(id -> id >= 0).count();
    }

    public long bytes() {
        return output.bytes();
    }

    /** Of the whole file, in hex; after the end of the run. */
    public String sha256() {
        return output.sha256();
    }
}
