package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class CaptureOutputTest {
    /** Full for a moment, as a disk may be: the second block does not fit, and those behind it would. */
    private static final class Full extends OutputStream {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int blocks;

        @Override
        public void write(int b) {
            taken.write(b);
        }

        @Override
        public void write(byte[] b, int from, int length) throws IOException {
            if (++blocks == 2) {
                throw new IOException("no space left on device");
            }
            taken.write(b, from, length);
        }
    }

    @Test
    void writesNothingBehindABlockThatWasLost() {
        Full disk = new Full();
        CaptureOutput output = CaptureOutput.stream(disk).inBackground();
        assertThatThrownBy(() -> {
                    byte[] buffer = new byte[4];
                    for (int i = 1; i <= 6; i++) {
                        buffer[0] = (byte) i;
                        buffer = output.write(buffer, 1);
                    }
                    output.close();
                })
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no space left");
        assertThat(disk.taken.toByteArray()).containsExactly(1);
    }
}
