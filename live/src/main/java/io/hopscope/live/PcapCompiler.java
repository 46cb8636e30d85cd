package io.hopscope.live;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import io.hopscope.traces.Bpf;
import io.hopscope.traces.FilterCompiler;
import java.lang.reflect.Field;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * libpcap's own compiler, by way of pcap4j. Its program is read out and run in Java: a call into native code for each frame
 * costs more than a hop.
 */
public final class PcapCompiler implements FilterCompiler {
    private static final int SNAP_LENGTH = 262_144;
    private static final int INSTRUCTION = 8;
    private static final String MISSING =
            "libpcap for what follows, which is not here: install libpcap0.8 (Debian, Ubuntu)"
                    + " or libpcap (Fedora, Alpine)";
    /** What libpcap says of a contradiction, which as everywhere in Hopscope is a filter that takes nothing. */
    private static final String NOTHING = "expression rejects all packets";

    @Override
    public String missing() {
        try {
            open().close();
            return null;
        } catch (LinkageError e) {
            // It is an error and no exception: of the library itself, or of the class that could not be made without
            // it.
            return MISSING;
        } catch (PcapNativeException e) {
            return "libpcap for what follows, which does not work here: " + e.getMessage();
        }
    }

    @Override
    public Bpf compile(String filter) {
        try (PcapHandle handle = open()) {
            BpfProgram program = handle.compileFilter(filter, BpfProgram.BpfCompileMode.OPTIMIZE, noNetmask());
            try {
                return read(program);
            } finally {
                program.free();
            }
        } catch (PcapNativeException e) {
            if (String.valueOf(e.getMessage()).contains(NOTHING)) {
                return new Bpf(Bpf.instruction(0x06, 0, 0, 0));
            }
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PcapHandle open() throws PcapNativeException {
        return Pcaps.openDead(DataLinkType.EN10MB, SNAP_LENGTH);
    }

    /** As tcpdump has it for a file. */
    private static Inet4Address noNetmask() {
        try {
            return (Inet4Address) InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** pcap4j runs programs but shows none: what it keeps is libpcap's {@code struct bpf_program}. */
    private static Bpf read(BpfProgram program) {
        Pointer struct;
        try {
            Field field = BpfProgram.class.getDeclaredField("program");
            field.setAccessible(true);
            struct = ((Structure) field.get(program)).getPointer();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("pcap4j keeps its programs elsewhere", e);
        }
        Pointer at = struct.getPointer(Native.POINTER_SIZE);
        long[] instructions = new long[struct.getInt(0)];
        for (int i = 0; i < instructions.length; i++) {
            long from = (long) i * INSTRUCTION;
            instructions[i] =
                    Bpf.instruction(at.getShort(from), at.getByte(from + 2), at.getByte(from + 3), at.getInt(from + 4));
        }
        return new Bpf(instructions);
    }
}
