package io.hopscope.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PortionsTest {
    private static final int ROUNDS = 100;

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 1", "2, 2", "2, 37", "3, 2", "3, 100", "4, 1000"})
    void everyCellIsTakenOnceWhoeverIsFaster(int workers, int cells) throws InterruptedException {
        var taken = new AtomicIntegerArray(cells);
        for (int round = 0; round < ROUNDS; round++) {
            var portions = new Portions(workers);
            portions.deal(cells);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                threads.add(new Thread(() -> takeAll(portions, worker, taken)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        for (int i = 0; i < cells; i++) {
            assertThat(taken.get(i)).as("cell " + i).isEqualTo(ROUNDS);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 37", "3, 100", "4, 3"})
    void whoComesFirstDoesTheWorkOfThoseWhoDoNotCome(int workers, int cells) {
        var taken = new AtomicIntegerArray(cells);
        var portions = new Portions(workers);
        portions.deal(cells);
        takeAll(portions, workers - 1, taken);
        assertThat(portions.take(0)).isNegative();
        for (int i = 0; i < cells; i++) {
            assertThat(taken.get(i)).as("cell " + i).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 37", "4, 1000"})
    void aWorkerBeginsWithItsOwnStretch(int workers, int cells) {
        var portions = new Portions(workers);
        for (int worker = 0; worker < workers; worker++) {
            portions.deal(cells);
            assertThat((int) portions.take(worker)).isEqualTo(cells * worker / workers);
        }
    }

    private static void takeAll(Portions portions, int worker, AtomicIntegerArray taken) {
        for (long some = portions.take(worker); some >= 0; some = portions.take(worker)) {
            for (int i = (int) some; i < (int) (some >>> 32); i++) {
                taken.incrementAndGet(i);
            }
        }
    }
}
