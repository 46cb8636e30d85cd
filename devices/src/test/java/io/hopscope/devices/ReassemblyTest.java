package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Totals;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Linux's ip_fragment.c: which pieces make a packet, and what becomes of those that do not. */
class ReassemblyTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();
    private final Host sender = lab.host("h1", "10.0.0.1/24");
    private final Host receiver = lab.host("h2", "10.0.0.2/24");
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Icmp icmp = new Icmp();
    private int id = 7;

    ReassemblyTest() {
        lab.cable(sender.port("eth0"), receiver.port("eth0"));
    }

    /** An echo request's bytes from one offset to another. */
    private void piece(long at, int from, int to, boolean more) {
        piece(at, from, to, more, 0);
    }

    private void piece(long at, int from, int to, boolean more, int tos) {
        int number = id;
        sender.node().at(at, now -> {
            byte[] whole = new byte[4000];
            icmp.wrap(whole, 0).start(Icmp.ECHO, 0).id(9).seq(1).seal(3000);
            int length = to - from;
            Frame frame = sender.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + length);
            eth.wrap(frame)
                    .destination(0x0200_0000_0002L)
                    .source(0x0200_0000_0001L)
                    .type(Ethernet.IPV4);
            ip.wrap(frame, eth.end())
                    .start(Ipv4.LENGTH + length)
                    .id(number)
                    .df(false)
                    .tos(tos)
                    .fragmentOffset(from)
                    .mf(more)
                    .protocol(Ipv4.ICMP)
                    .source(0x0a000001)
                    .destination(0x0a000002)
                    .seal();
            System.arraycopy(whole, from, frame.bytes(), ip.payload(), length);
            sender.port("eth0").transmit(frame);
        });
    }

    private long replies() {
        return lab.at("h2:eth0").stream()
                .filter(line -> line.startsWith("out") && line.contains("echo reply"))
                .count();
    }

    private List<String> drops(Totals totals) {
        return totals.drops().stream()
                .filter(drop -> drop.port().toString().startsWith("h2"))
                .map(drop -> drop.frames() + " " + drop.reason().text())
                .toList();
    }

    @Test
    void piecesMayComeInAnyOrder() {
        int[][] orders = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}, {0, 2, 1}, {1, 2, 0}};
        int[][] cuts = {{0, 1480}, {1480, 2960}, {2960, 3000}};
        for (int i = 0; i < orders.length; i++) {
            for (int k = 0; k < 3; k++) {
                int[] cut = cuts[orders[i][k]];
                piece(i * 3L + k, cut[0], cut[1], cut[1] < 3000);
            }
            id++;
        }
        Totals totals = lab.run(SECOND);
        assertThat(replies()).isEqualTo(orders.length);
        assertThat(drops(totals)).isEmpty();
    }

    @Test
    void aPieceThatOverlapsAnotherIsTheEndOfTheWholePacket() {
        piece(0, 0, 1480, true);
        piece(1, 1472, 2952, true);
        piece(2, 2952, 3000, false);
        Totals totals = lab.run(SECOND);
        assertThat(replies()).isZero();
        assertThat(drops(totals)).containsExactly("2 a fragment overlaps another: the whole packet goes");
    }

    @Test
    void aPieceThatIsThereAlreadyIsPassedOverAndThePacketComesTogether() {
        piece(0, 0, 1480, true);
        piece(1, 0, 1480, true);
        piece(2, 8, 488, true);
        piece(3, 1480, 2960, true);
        piece(4, 2960, 3000, false);
        Totals totals = lab.run(SECOND);
        assertThat(replies()).isEqualTo(1);
        assertThat(drops(totals)).containsExactly("2 a fragment that is there already");
    }

    @Test
    void twoEndsDoNotMakeAPacket() {
        piece(0, 0, 1480, true);
        piece(1, 2960, 3000, false);
        piece(2, 1480, 2952, false);
        Totals totals = lab.run(SECOND);
        assertThat(replies()).isZero();
        assertThat(drops(totals)).containsExactly("3 fragments do not make a packet");
    }

    @Test
    void whoseFirstPieceIsThereIsToldWhenTimeIsUp() {
        piece(0, 0, 1480, true);
        piece(1, 1480, 2960, true);
        Totals totals = lab.run(40 * SECOND);
        assertThat(lab.at("h2:eth0"))
                .anyMatch(line -> line.startsWith("out") && line.contains("ip reassembly time exceeded"));
        assertThat(drops(totals)).containsExactly("2 fragments are missing, and time is up");
    }

    @Test
    void withoutTheFirstPieceNobodyIsTold() {
        piece(0, 1480, 2960, true);
        Totals totals = lab.run(40 * SECOND);
        assertThat(lab.at("h2:eth0")).noneMatch(line -> line.startsWith("out 10") && line.contains("ICMP"));
        assertThat(drops(totals)).containsExactly("1 fragments are missing, and time is up");
    }

    @Test
    void ipfragTimeSaysHowLongItWaits() {
        lab.exec(0, receiver, "sysctl -w net.ipv4.ipfrag_time=2");
        piece(1, 1480, 2960, true);
        lab.run(3 * SECOND);
        assertThat(lab.seen).anyMatch(line -> line.endsWith("drop: fragments are missing, and time is up"));
    }

    @Test
    void noMoreMemoryIsSpentOnPiecesThanIpfragHighThreshSays() {
        for (int i = 0; i < 3000; i++) {
            piece(i * 2_000_000L, 0, 1480, true);
            id++;
        }
        Totals totals = lab.run(SECOND);
        // A piece of 1,500 bytes takes 2,304 bytes of a kernel: 1,821 of them are more than 4 MiB.
        assertThat(drops(totals)).containsExactly((3000 - 1821) + " too much memory in fragments");
    }

    @Test
    void aPacketWhosePiecesLieTooFarApartIsGivenUp() {
        piece(0, 0, 1480, true);
        int first = id;
        for (int i = 1; i < 70; i++) {
            id = first + i;
            piece(i, 0, 1480, true);
        }
        id = first;
        piece(100, 1480, 2960, true);
        piece(101, 2960, 3000, false);
        Totals totals = lab.run(SECOND);
        assertThat(replies()).isZero();
        assertThat(drops(totals)).containsExactly("1 fragments do not make a packet");
    }

    @Test
    void piecesOfTwoTransportsDoNotMakeAPacketAndACongestedOneMarksTheWhole() {
        piece(0, 0, 1480, true, 0);
        piece(1, 1480, 2960, true, 2);
        piece(2, 2960, 3000, false, 0);
        id++;
        piece(3, 0, 1480, true, 2);
        piece(4, 1480, 2960, true, 3);
        piece(5, 2960, 3000, false, 2);
        Totals totals = lab.run(SECOND);
        assertThat(replies()).isEqualTo(1);
        assertThat(drops(totals)).containsExactly("3 fragments do not make a packet");
    }
}
