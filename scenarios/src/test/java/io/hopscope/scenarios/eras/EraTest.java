package io.hopscope.scenarios.eras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.scenarios.eras.EraResult.Load;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import io.hopscope.scenarios.report.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The eras in small; Engine.finish checks in each that every frame is accounted for. */
class EraTest {
    private static final int HOSTS = 256;

    private static EraResult run(EraSpec spec) {
        return Eras.run(spec, (phase, done, total) -> {}, () -> 0);
    }

    private static EraSpec overflowing(boolean copp) {
        return overflowing(copp, false);
    }

    private static EraSpec overflowing(boolean copp, boolean crash) {
        EraSpec usual = EraSpec.usual(Eras.CONTAINER_L2);
        return usual.size(2, 5, 40)
                .switches(usual.table().tables(usual.table().fdb(), HashTableSpec.of(HOSTS)), copp, crash)
                .subnetSize(25)
                .loads(List.of(1.0, 100.0));
    }

    @Test
    void losesOfTheUncoveredWhatPolicingDoesNotAdmitAndNothingOfTheOthers() {
        EraResult result = run(overflowing(true));
        TableUse hosts = result.tables().get("host");
        assertThat(hosts.entries()).isLessThanOrEqualTo(HOSTS);
        assertThat(hosts.missing()).isEqualTo(400 - hosts.entries());
        assertThat(result.firstFailure()).isBetween(HOSTS / 2, HOSTS);
        for (Load each : result.loads()) {
            assertThat(each.coveredLossPercent()).isZero();
            assertThat(each.uncoveredLossPercent()).isCloseTo(each.expectedLossPercent(), within(1.0));
        }
        assertThat(result.loads().get(0).lossPercent())
                .as("84 packets/s of 200")
                .isZero();
        assertThat(result.loads().get(1).uncoveredLossPercent()).isGreaterThan(90);
    }

    @Test
    void missesThoseWhoseEntriesWentWithACrash() {
        EraResult result = run(overflowing(true, true));
        TableUse hosts = result.tables().get("host");
        assertThat(result.notes()).anyMatch(note -> note.contains("core1 rebooted"));
        assertThat(hosts.missing()).isEqualTo(400 - hosts.entries()).isPositive();
        assertThat(Verdict.of(result)).isEqualTo(Verdict.OVERFLOWS);
    }

    @Test
    void starvesTheCpuWhereNothingPolicesIt() {
        EraResult result = run(overflowing(false));
        assertThat(result.coppDrops()).isZero();
        assertThat(result.cpuPercent()).isGreaterThan(95);
        assertThat(result.notes()).anyMatch(note -> note.contains("found the queues of core1's CPU full"));
    }

    @Test
    void needsTwoEntriesANodeWhereNodesRouteAndLosesNothing() {
        for (int density : new int[] {10, 40}) {
            EraResult result = run(EraSpec.usual(Eras.CONTAINER_ROUTED).size(2, 5, density));
            assertThat(result.endpoints()).isEqualTo(10 * density);
            assertThat(result.tables().get("host").entries()).isEqualTo(10);
            // Beside a prefix a node: the subnet's own, broadcast and gateway's.
            assertThat(result.tables().get("lpm").entries()).isEqualTo(13);
            assertThat(result.lossPercent()).isZero();
        }
    }

    @Test
    void saysThatNothingCrossesACoreWhereOneSubnetHasRoomForAll() {
        assertThat(run(EraSpec.usual(Eras.CONTAINER_L2).size(1, 2, 4)).notes())
                .anyMatch(note -> note.startsWith("one subnet, a /22, has room for all: no packet crosses a core"));
        assertThat(run(EraSpec.usual(Eras.CONTAINER_L2).size(1, 2, 4).subnetSize(29))
                        .notes())
                .noneMatch(note -> note.startsWith("one subnet"));
    }

    @Test
    void saysHowManyServersHaveMachines() {
        assertThat(Eras.population(EraSpec.usual(Eras.VM).size(18, 10, 15)))
                .isEqualTo("18 racks x 10 servers, 120 of them with 15 virtual machines each, 60 with none");
        assertThat(Eras.population(EraSpec.usual(Eras.BARE_METAL).size(2, 3, 1)))
                .isEqualTo("2 racks x 3 servers x 1 endpoints");
    }

    @Test
    void movesMachinesThatMissNoMorePingsThanTheyAreAwayFor() {
        EraResult result = run(EraSpec.usual(Eras.VM).size(2, 6, 3));
        assertThat(result.endpoints()).isEqualTo(8 * 3 + 4);
        assertThat(result.tables().get("host").missing()).isZero();
        assertThat(result.lossPercent()).isZero();
        assertThat(result.notes())
                .anyMatch(note -> note.matches(".* machines moved .* each lost 6( to 7)?|.* each lost 7"));
    }

    @Test
    void isTheSameWithAnyNumberOfWorkers() {
        EraSpec spec = overflowing(true);
        EraResult one = run(spec);
        for (int workers : new int[] {2, 4}) {
            EraResult other = run(spec.run(spec.seed(), workers));
            assertThat(other.tables()).isEqualTo(one.tables());
            assertThat(other.loads()).isEqualTo(one.loads());
            assertThat(other.links()).isEqualTo(one.links());
            assertThat(other.curve()).isEqualTo(one.curve());
            assertThat(other.punts()).isEqualTo(one.punts());
        }
    }

    @Test
    void holdsWhatWasPreloadedAsWhatWasAnnounced() {
        EraResult warm = run(overflowing(true).warm(true));
        assertThat(warm.tables().get("host").entries()
                        + warm.tables().get("host").missing())
                .isEqualTo(400);
        assertThat(warm.loads().get(1).coveredLossPercent()).isZero();
        assertThat(warm.notes()).anyMatch(note -> note.contains("nobody announced itself"));
    }

    @Test
    void refusesWhatThereIsNoRoomFor() {
        assertThatThrownBy(() ->
                        run(EraSpec.usual(Eras.CONTAINER_L2).size(200, 10, 75).subnetSize(29)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one VLAN each");
    }
}
