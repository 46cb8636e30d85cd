package io.hopscope.encap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Target for Jazzer: {@code JAZZER_FUZZ=1} looks for new inputs, otherwise the kept ones are run again. */
@Tag("fuzz")
class HeaderFuzzTest {
    private final List<Probe> probes = Probe.all();

    @FuzzTest(maxDuration = "60s")
    void readsAnyBytes(byte[] bytes) {
        Printer.line(bytes, 0, bytes.length);
        Printer.brief(bytes, 0, bytes.length);
        Printer.summary(bytes, 0, bytes.length);
        FlowHash.of(bytes, 0, bytes.length);
        for (Probe probe : probes) {
            if (!probe.header.fits(bytes, 0, bytes.length)) continue;
            probe.wrap(bytes, 0);
            probe.readAll();
        }
    }
}
