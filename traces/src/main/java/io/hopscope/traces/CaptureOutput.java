package io.hopscope.traces;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the bytes of a capture go: a file, or any stream, with a running SHA-256 of all of them if wanted. Writers hand
 * over whole blocks only, so that a killed run leaves a file that is readable to its last packet.
 */
public final class CaptureOutput implements AutoCloseable {
    /** Buffers on their way before the writer waits: enough for neither side to sleep for the other's short pauses. */
    private static final int DEPTH = 8;

    private record Handed(FutureTask<Void> task, byte[] buffer) {}

    private final WritableByteChannel channel;
    private final Path appendTo;
    private MessageDigest digest;
    private ThreadPoolExecutor background;
    /** Buffers handed over in the background, oldest first. */
    private final Deque<Handed> running = new ArrayDeque<>();

    private long bytes;
    private boolean closed;
    /** A block was lost: nothing behind it may follow, or the file would be no capture any more. */
    private boolean broken;

    private CaptureOutput(WritableByteChannel channel, Path appendTo) {
        this.channel = channel;
        this.appendTo = appendTo;
    }

    /** A file, replaced if it exists. */
    public static CaptureOutput file(Path path) {
        try {
            return new CaptureOutput(
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE),
                    null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that is open only while it is written to: there may be more of them than a process may have open. */
    static CaptureOutput appending(Path path) {
        file(path).close();
        return new CaptureOutput(null, path);
    }

    /** Any stream, standard output for instance; it is flushed after each block and not closed. */
    public static CaptureOutput stream(OutputStream stream) {
        return new CaptureOutput(new StreamChannel(stream), null);
    }

    /** Keeps the SHA-256 of everything written. */
    public CaptureOutput hashed() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        return this;
    }

    /** Hashes and writes on a thread of its own, one buffer behind: hashing costs more than everything else together. */
    public CaptureOutput inBackground() {
        background = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "hopscope-capture-file");
            thread.setDaemon(true);
            return thread;
        });
        return this;
    }

    /**
     * Takes the first {@code length} bytes.
     *
     * @return the buffer to fill next, of the same size
     */
    byte[] write(byte[] buffer, int length) {
        bytes += length;
        if (background == null) {
            emit(buffer, length);
            return buffer;
        }
        FutureTask<Void> task = new FutureTask<>(() -> emit(buffer, length), null);
        running.add(new Handed(task, buffer));
        background.execute(task);
        if (running.size() <= DEPTH) {
            return new byte[buffer.length];
        }
        byte[] free = settle();
        return free.length == buffer.length ? free : new byte[buffer.length];
    }

    private void emit(byte[] buffer, int length) {
        if (broken) {
            return;
        }
        broken = true;
        if (digest != null) {
            digest.update(buffer, 0, length);
        }
        try {
            ByteBuffer view = ByteBuffer.wrap(buffer, 0, length);
            if (appendTo != null) {
                try (FileChannel file = FileChannel.open(appendTo, StandardOpenOption.APPEND)) {
                    writeAll(file, view);
                }
            } else {
                writeAll(channel, view);
            }
            broken = false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeAll(WritableByteChannel to, ByteBuffer view) throws IOException {
        while (view.hasRemaining()) {
            to.write(view);
        }
    }

    /** Waits for the oldest background write, raises what stopped it, and returns its buffer. */
    private byte[] settle() {
        Handed oldest = running.poll();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    oldest.task.get();
                    return oldest.buffer;
                } catch (InterruptedException e) {
                    // The packets are wanted all the same: the writer's caller learns of it afterwards.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException cause) {
                throw new UncheckedIOException(cause.getCause());
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Bytes handed over so far. */
    public long bytes() {
        return bytes;
    }

    /** In lower-case hex; only after {@link #close}, and null unless {@link #hashed}. */
    public String sha256() {
        if (!closed) {
            throw new IllegalStateException("the hash is known once the capture is closed");
        }
        return hash;
    }

    private String hash;

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            while (!running.isEmpty()) {
                settle();
            }
            hash = digest == null ? null : HexFormat.of().formatHex(digest.digest());
        } finally {
            release();
        }
    }

    private void release() {
        if (background != null) {
            background.shutdown();
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Flushes what it writes, and leaves the stream open: standard output is not ours to close. */
    private static final class StreamChannel implements WritableByteChannel {
        private final OutputStream stream;
        private final WritableByteChannel channel;

        StreamChannel(OutputStream stream) {
            this.stream = stream;
            channel = Channels.newChannel(stream);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            int written = channel.write(from);
            stream.flush();
            return written;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() throws IOException {
            stream.flush();
        }
    }
}
