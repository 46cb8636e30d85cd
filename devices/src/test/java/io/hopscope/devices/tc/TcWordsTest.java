package io.hopscope.devices.tc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.core.Network;
import io.hopscope.core.qdisc.Exit;
import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words as iproute2 6.1 takes them, and what it prints of them; the texts are that tool's. */
class TcWordsTest {
    private static final Exit NOWHERE = new Exit() {
        @Override
        public void drop(Frame frame, Reason reason) {}

        @Override
        public Frame copy(Frame frame) {
            return frame;
        }

        @Override
        public LongSupplier stream(String purpose) {
            return new Network(1).seed().stream(purpose)::nextLong;
        }

        @Override
        public int mtu() {
            return 1500;
        }
    };

    private static String shown(String words) {
        return QdiscText.of(
                        QdiscWords.parse(List.of(words.split(" "))).make(NOWHERE, 0x8001), null, "root refcnt 2", false)
                .get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "netem loss 1%|netem 8001: root refcnt 2 limit 1000 loss 1%",
                "netem|netem 8001: root refcnt 2 limit 1000",
                "netem limit 50 loss 1% 25%|netem 8001: root refcnt 2 limit 50 loss 1% 25%",
                "netem delay 100ms 10ms 25% distribution normal|netem 8001: root refcnt 2 limit 1000 delay 100ms  10ms 25%",
                "netem delay 1.5ms 100us|netem 8001: root refcnt 2 limit 1000 delay 1.5ms  99us",
                "netem delay 5|netem 8001: root refcnt 2 limit 1000 delay 4us",
                "netem delay 1s 100ms|netem 8001: root refcnt 2 limit 1000 delay 1s  100ms",
                "netem delay 12345us|netem 8001: root refcnt 2 limit 1000 delay 12.3ms",
                "netem loss gemodel 1% 10% 70% 0.1%|netem 8001: root refcnt 2 limit 1000 loss gemodel p 1% r 10% 1-h 70% 1-k 0.1%",
                "netem loss gemodel 1%|netem 8001: root refcnt 2 limit 1000 loss gemodel p 1% r 99% 1-h 100% 1-k 0%",
                "netem loss state 1% 2% 3% 4% 5%|netem 8001: root refcnt 2 limit 1000 loss state p13 1% p31 2% p32 3% p23 4% p14 5%",
                "netem loss state 1%|netem 8001: root refcnt 2 limit 1000 loss state p13 1% p31 99% p32 0% p23 100% p14 0%",
                "netem loss random 3% 10% ecn|netem 8001: root refcnt 2 limit 1000 loss 3% 10% ecn ",
                "netem delay 10ms reorder 25% 50% gap 5|netem 8001: root refcnt 2 limit 1000 delay 10ms reorder 25% 50% gap 5",
                "netem delay 10ms reorder 25%|netem 8001: root refcnt 2 limit 1000 delay 10ms reorder 25% gap 1",
                "netem corrupt 0.1% 5%|netem 8001: root refcnt 2 limit 1000 corrupt 0.1% 5%",
                "netem rate 1mbit 10 20 30|netem 8001: root refcnt 2 limit 1000 rate 1Mbit packetoverhead 10 cellsize 20 celloverhead 30",
                "netem rate 1.5mbit|netem 8001: root refcnt 2 limit 1000 rate 1500Kbit",
                "netem rate 100kbps|netem 8001: root refcnt 2 limit 1000 rate 800Kbit",
                "netem rate 1234567bit|netem 8001: root refcnt 2 limit 1000 rate 1234Kbit",
                "netem loss 0.3% duplicate 0.007% corrupt 12.345678%|netem 8001: root refcnt 2 limit 1000 loss 0.3% duplicate 0.00700001% corrupt 12.3457%",
                "netem loss 0.00001%|netem 8001: root refcnt 2 limit 1000 loss 9.98843e-06%",
                "netem loss 5|netem 8001: root refcnt 2 limit 1000 loss 5%",
                "netem delay 100ms loss gemodel 1% ecn duplicate 2% 5% reorder 25% 50%|netem 8001: root refcnt 2 limit 1000 delay 100ms loss gemodel p 1% r 99% 1-h 100% 1-k 0% duplicate 2% 5% reorder 25% 50% ecn  gap 1",
                "netem delay 100ms loss 1% duplicate 2% corrupt 3% reorder 4% rate 10mbit|netem 8001: root refcnt 2 limit 1000 delay 100ms loss 1% duplicate 2% reorder 4% corrupt 3% rate 10Mbit gap 1",
                "fq_codel|fq_codel 8001: root refcnt 2 limit 10240p flows 1024 quantum 1514 target 5ms interval 100ms memory_limit 32Mb ecn drop_batch 64 ",
                "fq_codel limit 300 flows 64 target 2ms interval 50ms quantum 300 noecn memory_limit 1mb ce_threshold 1ms drop_batch 10|fq_codel 8001: root refcnt 2 limit 300p flows 64 quantum 300 target 2ms ce_threshold 999us interval 50ms memory_limit 1Mb drop_batch 10 ",
                "pfifo limit 33|pfifo 8001: root refcnt 2 limit 33p",
                "pfifo|pfifo 8001: root refcnt 2 limit 1000p",
                "bfifo limit 30000|bfifo 8001: root refcnt 2 limit 30000b",
                "bfifo limit 30k|bfifo 8001: root refcnt 2 limit 30Kb",
                "bfifo|bfifo 8001: root refcnt 2 limit 1514000b",
                "prio|prio 8001: root refcnt 2 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1",
                "prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3|prio 8001: root refcnt 2 bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3",
                "tbf rate 1mbit burst 10k latency 50ms|tbf 8001: root refcnt 2 rate 1Mbit burst 10Kb lat 50ms ",
                "tbf rate 1mbit burst 10k limit 20000 peakrate 2mbit mtu 1514|tbf 8001: root refcnt 2 rate 1Mbit burst 10Kb peakrate 2Mbit minburst 1514b lat 78.1ms ",
                "tbf rate 100kbit buffer 1600 limit 3000 overhead 24|tbf 8001: root refcnt 2 rate 100Kbit burst 1600b lat 112ms overhead 24 ",
                "tbf rate 10mbit burst 32kbit latency 400ms|tbf 8001: root refcnt 2 rate 10Mbit burst 4Kb lat 400ms "
            })
    void showsWhatItWasTold(String words, String shown) {
        assertThat(shown(words)).isEqualTo("qdisc " + shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "netem loss 101%|2|Illegal \"loss percent\"",
                "netem loss x|2|Unknown loss parameter: x",
                "netem foo|1|What is \"foo\"?",
                "netem delay|2|Command line is not complete. Try option \"help\"",
                "netem delay 10ms x|3|What is \"x\"?",
                "netem delay 10ms 1ms 101%|4|Illegal \"latency\"",
                "netem reorder 25%|2|reordering not possible without specifying some delay",
                "netem delay 10ms gap 5|4|gap specified without reorder probability",
                "netem distribution normal|2|distribution specified but no latency and jitter values",
                "netem delay 10ms 1ms distribution nromal|5|No distribution data for nromal",
                "netem rate x|2|Illegal \"rate\"",
                "netem loss gemodel x|3|Illegal \"loss gemodel p\"",
                "fq_codel foo|1|What is \"foo\"?",
                "fq_codel limit x|2|Illegal \"limit\"",
                "fq_codel target x|2|Illegal \"target\"",
                "pfifo foo|1|pfifo: unknown parameter \"foo\"",
                "pfifo limit -3|2|pfifo: Illegal value for \"limit\": \"-3\"",
                "prio bands x|2|Illegal \"bands\"",
                "prio priomap 5|2|\"priomap\" element is out of bands",
                "prio foo|1|What is \"foo\"?",
                "tbf rate 1mbit|2|tbf: the \"burst\" parameter is mandatory.",
                "tbf rate 1mbit burst 1600|4|tbf: either \"limit\" or \"latency\" is required.",
                "tbf rate 1mbit burst 1600 limit 3000 latency 5ms|8|tbf: specifying both \"limit\" and \"/latency\" is not allowed",
                "tbf rate 0 burst 10k latency 1ms|6|tbf: the \"rate\" parameter is mandatory.",
                "tbf burst x|2|tbf: illegal value for \"burst\": \"x\"",
                "pfofi|0|Error: Specified qdisc kind is unknown."
            })
    void saysWhatItDoesNotTakeAsTcDoes(String words, int at, String message) {
        assertThatThrownBy(() -> QdiscWords.parse(List.of(words.split(" "))))
                .isInstanceOfSatisfying(TcFault.class, fault -> {
                    assertThat(fault.getMessage()).isEqualTo(message);
                    assertThat(fault.at()).isEqualTo(at);
                });
    }

    @Test
    void aCableTakesNetemsWordsAndWhetherDamageIsSeen() {
        var impairment = NetemWords.impairment(List.of("loss", "1%", "corrupt", "0.5%", "rx-all"));
        assertThat(impairment.damagedPass()).isTrue();
        assertThat(QdiscText.impairments(impairment.netem())).isEqualTo(" loss 1% corrupt 0.5%");
        assertThatThrownBy(() -> NetemWords.impairment(List.of("limit", "5"))).hasMessage("What is \"limit\"?");
        assertThatThrownBy(() -> NetemWords.impairment(List.of())).isInstanceOf(TcFault.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Tag("fuzz")
    void anyWordsAreReadOrRefused(long seed) {
        var random = new SplittableRandom(seed);
        String[] parts =
                ("netem loss delay 1% 25% 100ms 10ms x 0 -1 1e9 gemodel state random distribution normal pareto rate"
                                + " 1mbit reorder gap 5 duplicate corrupt ecn limit fq_codel flows target interval quantum 0x1f prio"
                                + " bands priomap tbf burst 10k latency 5ms peakrate mtu overhead pfifo bfifo 9999999999999 100.5% .")
                        .split(" ");
        for (int i = 0; i < 20_000; i++) {
            List<String> words = new ArrayList<>();
            words.add(QdiscWords.KINDS.get(random.nextInt(6)));
            for (int n = random.nextInt(8); n > 0; n--) {
                words.add(parts[random.nextInt(parts.length)]);
            }
            try {
                assertThat(shown(String.join(" ", words))).startsWith("qdisc ");
            } catch (TcFault e) {
                assertThat(e.at()).isBetween(0, words.size());
            }
        }
    }
}
