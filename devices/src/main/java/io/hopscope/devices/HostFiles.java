package io.hopscope.devices;

import io.hopscope.protocols.tcp.ByteSource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The files that a scenario gives a host: a text each, or so many bytes of one letter. */
public final class HostFiles {
    /** One file. */
    public static final class Content implements ByteSource {
        private final byte[] text;
        private final long size;
        private final byte fill;

        private Content(byte[] text, long size, byte fill) {
            this.text = text;
            this.size = size;
            this.fill = fill;
        }

        public static Content of(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new Content(bytes, bytes.length, (byte) 0);
        }

        public static Content of(long size, char fill) {
            return new Content(null, size, (byte) fill);
        }

        public long size() {
            return size;
        }

        @Override
        public void copy(long offset, byte[] to, int at, int length) {
            if (text == null) {
                java.util.Arrays.fill(to, at, at + length, fill);
            } else {
                System.arraycopy(text, (int) offset, to, at, length);
            }
        }

        /** Its lines, where it is short enough for anybody to read them; null where it is not. */
        public java.util.List<String> lines() {
            if (size > 1 << 20) {
                return null;
            }
            byte[] all = new byte[(int) size];
            copy(0, all, 0, all.length);
            return new String(all, StandardCharsets.UTF_8).lines().toList();
        }
    }

    private final Map<String, Content> files = new TreeMap<>();

    /**
     * @param path from the root on
     */
    public void put(String path, Content content) {
        files.put(path, content);
    }

    /** Null where there is none. */
    public Content find(String path) {
        return files.get(path);
    }

    /** Paths in order. */
    public java.util.Set<String> paths() {
        return files.keySet();
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }
}
