package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hopscope.scenarios.bench.FabricBench;
import io.hopscope.scenarios.bench.PathBench;
import io.hopscope.scenarios.bench.ProviderBench;
import io.hopscope.scenarios.bench.TrafficBench;
import io.hopscope.scenarios.eras.Progress;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BenchTest {
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void aHopAllocatesNothingOnceWarm() {
        PathBench path = new PathBench(false, 1, null);
        path.run(20_000);
        long least = Long.MAX_VALUE;
        // What a round allocates for itself, an action and now and then what the JVM links late, is not a hop's: a byte
        // a hop
        // would be two million in every round.
        for (int round = 0; round < 3; round++) {
            long hops = path.deliveries();
            long before = allocated();
            path.run(100_000);
            least = Math.min(least, allocated() - before);
            assertThat(path.deliveries() - hops).isEqualTo(100_000L * (PathBench.ELEMENTS + 1));
        }
        assertThat(least).isLessThan(10_000);
        path.finish();
    }

    @Test
    void aHopThroughSecurityGroupsAllocatesNothingOnceWarm() {
        ProviderBench path = ProviderBench.hybrid();
        path.run(20_000);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long before = allocated();
            path.run(50_000);
            least = Math.min(least, allocated() - before);
        }
        // Each frame is sent by an action of the bench's own, of 32 bytes; any object of a hop would be 16 more at
        // least.
        assertThat(least).isLessThan(40L * 50_000);
        path.finish();
    }

    @Test
    void workCostsVirtualTimeAndLosesNoFrame() {
        PathBench path = new PathBench(true, 1, null);
        path.run(10_000);
        path.finish();
        assertThat(path.deliveries()).isEqualTo(10_000L * (PathBench.ELEMENTS + 1));
    }

    @Test
    void tellsHowFarItHasComeInEveryPhase() {
        AtomicLong clock = new AtomicLong();
        List<String> told = new ArrayList<>();
        Progress progress = (phase, done, total) -> {
            assertThat(done).isBetween(0L, total - 1);
            told.add(phase);
        };
        PathBench.measure(1000, 1, progress, () -> clock.addAndGet(1_000_000));
        assertThat(told.stream().distinct())
                .containsExactly("forwarding", "with virtual costs", "capturing", "openstack-provider");
        told.clear();
        FabricBench.measure(81, 4, 100, 1, progress, () -> clock.addAndGet(1_000_000));
        assertThat(told.stream().distinct())
                .containsExactly("building", "every endpoint once", "warming up", "measuring");
        told.clear();
        TrafficBench.measure(4, 2, 1, progress, () -> clock.addAndGet(1_000_000));
        assertThat(told.stream().distinct()).containsExactly("building", "warming up", "measuring");
    }

    @Test
    void aSmallFabricAnswersItself() {
        AtomicLong clock = new AtomicLong();
        assertThat(FabricBench.measure(81, 4, 100, 1, (phase, done, total) -> {}, () -> clock.addAndGet(1_000_000)))
                .containsKeys(
                        "nsPerHop", "hopsPerSecond", "setupMillis", "bytesPerIdleEndpoint", "bytesPerActiveEndpoint")
                .satisfies(
                        result -> assertThat((long) result.get("hopsPerRound")).isGreaterThan(100));
    }
}
