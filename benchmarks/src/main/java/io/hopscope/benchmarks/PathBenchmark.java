package io.hopscope.benchmarks;

import io.hopscope.scenarios.bench.PathBench;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time a forwarding element, over 17 bridges and a router: what {@code hopscope bench path} measures. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PathBenchmark {
    private static final int FRAMES = 100_000;

    @Param({"false", "true"})
    public boolean costs;

    private PathBench path;

    @Setup(Level.Trial)
    public void build() {
        path = new PathBench(costs, 1, null);
    }

    @TearDown(Level.Trial)
    public void finish() {
        path.finish();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES * PathBench.ELEMENTS)
    public void element() {
        path.run(FRAMES);
    }
}
