package io.hopscope.traces;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Reads pcapng (draft-ietf-opsawg-pcapng) and classic pcap, both byte orders, Ethernet only. A file that ends inside a
 * block is read to its last whole packet.
 */
public final class CaptureReader {
    private static final int LARGEST_BLOCK = 16 << 20;
    private static final int MICRO_MAGIC = 0xa1b2c3d4;
    private static final int NANO_MAGIC = 0xa1b23c4d;

    private record Source(String name, long unitsPerSecond, long offsetSeconds) {}

    private final ByteBuffer in;
    private final Consumer<Hop> to;
    private final String fallback;
    private List<Source> sources = new ArrayList<>();

    private CaptureReader(ByteBuffer in, String fallback, Consumer<Hop> to) {
        this.in = in;
        this.fallback = fallback;
        this.to = to;
    }

    /**
     * @return whether the file is whole; false if it ends inside a packet, as where its writer was killed
     * @throws CaptureFormatException if it is no capture
     */
    public static boolean read(Path file, Consumer<Hop> to) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.size() == 0
                    ? ByteBuffer.allocate(0)
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            String name = file.getFileName().toString();
            return read(bytes, name.replaceFirst("\\.pcap(ng)?$", ""), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param name of the one interface of a classic pcap, which has none
     * @return whether the file is whole
     */
    public static boolean read(ByteBuffer bytes, String name, Consumer<Hop> to) {
        try {
            new CaptureReader(bytes, name, to).all();
            return !bytes.hasRemaining();
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new CaptureFormatException(bytes.position(), "a length that leads past the end", "a whole block");
        }
    }

    private void all() {
        if (in.remaining() < 24) {
            throw new CaptureFormatException(0, in.remaining() + " bytes", "a pcapng or pcap file");
        }
        int magic = in.order(ByteOrder.BIG_ENDIAN).getInt(0);
        int swapped = Integer.reverseBytes(magic);
        if (magic == PcapngWriter.SECTION) {
            blocks();
        } else if (magic == MICRO_MAGIC || magic == NANO_MAGIC) {
            classic(magic == NANO_MAGIC);
        } else if (swapped == MICRO_MAGIC || swapped == NANO_MAGIC) {
            in.order(ByteOrder.LITTLE_ENDIAN);
            classic(swapped == NANO_MAGIC);
        } else {
            throw new CaptureFormatException(
                    0, String.format(Locale.ROOT, "0x%08x", magic), "the magic number of pcapng or pcap");
        }
    }

    private void classic(boolean nanos) {
        int link = in.getInt(20) & 0xffff;
        if (link != PcapngWriter.ETHERNET) {
            throw new CaptureFormatException(20, "link type " + link, "1 (Ethernet)");
        }
        in.position(24);
        while (in.remaining() >= 16) {
            int at = in.position();
            long seconds = in.getInt() & 0xffff_ffffL;
            long fraction = in.getInt() & 0xffff_ffffL;
            int length = in.getInt();
            int original = in.getInt();
            if (length < 0 || length > LARGEST_BLOCK) {
                throw new CaptureFormatException(at + 8L, "a packet of " + length + " bytes", "at most 16 MiB");
            }
            if (length > in.remaining()) {
                in.position(at);
                return;
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            long picos = seconds * 1_000_000_000_000L + fraction * (nanos ? 1_000L : 1_000_000L);
            to.accept(new Hop(fallback, false, picos, 0, bytes, original, null));
        }
    }

    private void blocks() {
        while (in.remaining() >= 12) {
            int start = in.position();
            if (in.order(ByteOrder.BIG_ENDIAN).getInt(start) == PcapngWriter.SECTION) {
                section(start);
            } else {
                in.order(order);
            }
            int type = in.getInt(start);
            int size = in.getInt(start + 4);
            if (size < 12 || (size & 3) != 0 || size > LARGEST_BLOCK) {
                throw new CaptureFormatException(start + 4L, "a block of " + size + " bytes", "12 to 16 MiB, by 4");
            }
            if (size > in.remaining()) {
                return;
            }
            int end = start + size - 4;
            if (in.getInt(end) != size) {
                throw new CaptureFormatException(end, "length " + in.getInt(end) + " again", "" + size);
            }
            block(type, start + 8, end);
            in.position(start + size);
        }
    }

    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    private void section(int start) {
        int magic = in.getInt(start + 8);
        if (magic == PcapngWriter.BYTE_ORDER_MAGIC) {
            order = ByteOrder.BIG_ENDIAN;
        } else if (magic == Integer.reverseBytes(PcapngWriter.BYTE_ORDER_MAGIC)) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else {
            throw new CaptureFormatException(start + 8L, "an unknown byte order", "1a2b3c4d");
        }
        in.order(order);
        sources = new ArrayList<>();
    }

    private void block(int type, int at, int end) {
        if (type == PcapngWriter.INTERFACE) {
            source(at, end);
        } else if (type == PcapngWriter.ENHANCED_PACKET) {
            packet(at, end);
        }
    }

    private void source(int at, int end) {
        String name = "if" + sources.size();
        long units = 1_000_000;
        long offset = 0;
        for (int o = at + 8; o + 4 <= end; ) {
            int code = in.getShort(o) & 0xffff;
            int length = in.getShort(o + 2) & 0xffff;
            if (code == 0 || o + 4 + length > end) {
                break;
            }
            if (code == PcapngWriter.IF_NAME) {
                name = text(o + 4, length);
            } else if (code == PcapngWriter.IF_RESOLUTION && length >= 1) {
                units = units(in.get(o + 4));
            } else if (code == PcapngWriter.IF_OFFSET && length >= 8) {
                offset = in.getLong(o + 4);
            }
            o += 4 + (length + 3 & ~3);
        }
        sources.add(new Source(name, units, offset));
    }

    /** A power of ten, or of two where the top bit is set; nothing finer than picoseconds is kept. */
    private static long units(byte resolution) {
        int exponent = Math.min(resolution & 0x7f, (resolution & 0x80) == 0 ? 12 : 40);
        long units = 1;
        for (int i = 0; i < exponent; i++) {
            units *= (resolution & 0x80) == 0 ? 10 : 2;
        }
        return units;
    }

    private String text(int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void packet(int at, int end) {
        int id = in.getInt(at);
        if (id < 0 || id >= sources.size()) {
            throw new CaptureFormatException(at, "interface " + id, "one of " + sources.size() + " declared");
        }
        Source source = sources.get(id);
        long stamp = (long) in.getInt(at + 4) << 32 | in.getInt(at + 8) & 0xffff_ffffL;
        int length = in.getInt(at + 12);
        if (length < 0 || length > end - at - 20) {
            throw new CaptureFormatException(at + 12L, "a packet of " + length + " bytes", "what the block holds");
        }
        byte[] bytes = new byte[length];
        in.get(at + 20, bytes);
        boolean inbound = false;
        long journey = 0;
        String comment = null;
        for (int o = at + 20 + (length + 3 & ~3); o + 4 <= end; ) {
            int code = in.getShort(o) & 0xffff;
            int size = in.getShort(o + 2) & 0xffff;
            if (code == 0 || o + 4 + size > end) {
                break;
            }
            if (code == PcapngWriter.COMMENT) {
                comment = text(o + 4, size);
            } else if (code == PcapngWriter.PACKET_FLAGS && size == 4) {
                inbound = (in.getInt(o + 4) & 3) == 1;
            } else if (code == PcapngWriter.PACKET_ID && size == 8) {
                journey = in.getLong(o + 4);
            }
            o += 4 + (size + 3 & ~3);
        }
        to.accept(new Hop(
                CaptureInterface.port(source.name),
                inbound,
                picos(source, stamp),
                journey,
                bytes,
                in.getInt(at + 16),
                comment));
    }

    private static long picos(Source source, long stamp) {
        long seconds = stamp / source.unitsPerSecond;
        long rest = stamp % source.unitsPerSecond;
        long fraction = source.unitsPerSecond <= 1_000_000_000_000L
                ? (long) ((double) rest / source.unitsPerSecond * 1e12 + 0.5)
                : rest / (source.unitsPerSecond / 1_000_000_000_000L);
        if (1_000_000_000_000L % source.unitsPerSecond == 0) {
            fraction = rest * (1_000_000_000_000L / source.unitsPerSecond);
        }
        return (seconds + source.offsetSeconds) * 1_000_000_000_000L + fraction;
    }
}
