package io.hopscope.devices;

import io.hopscope.protocols.tcp.ByteSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

        /** Several, with a text between two of them. */
        public static Content joined(List<Content> parts, String between) {
            if (parts.size() == 1) {
                return parts.get(0);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < parts.size(); i++) {
                if (i > 0) {
                    all.writeBytes(between.getBytes(StandardCharsets.UTF_8));
                }
                all.writeBytes(parts.get(i).bytes());
            }
            return new Content(all.toByteArray(), all.size(), (byte) 0);
        }

        /** The same without some letters. */
        public Content without(String letters) {
            if (text == null) {
                return letters.indexOf(fill) < 0 ? this : of("");
            }
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            for (byte each : text) {
                if (letters.indexOf(each) < 0) {
                    rest.write(each);
                }
            }
            return new Content(rest.toByteArray(), rest.size(), (byte) 0);
        }

        private byte[] bytes() {
            if (size > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("a file of " + size + " bytes is no part of a text");
            }
            byte[] all = new byte[(int) size];
            copy(0, all, 0, all.length);
            return all;
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
        public List<String> lines() {
            if (size > 1 << 20) {
                return null;
            }
            return new String(bytes(), StandardCharsets.UTF_8).lines().toList();
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
