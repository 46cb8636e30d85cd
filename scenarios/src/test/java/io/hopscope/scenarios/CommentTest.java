package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.traces.Hop;
import io.hopscope.traces.Journey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of a packet stands with that packet. */
class CommentTest {
    @Test
    void aPacketThatWaitsInsideATunnelKeepsWhatWasSaidOfIt() {
        List<Journey> journeys = Runner.run(BuiltIn.find("container-vxlan", Map.of()), new RunPlan(), () -> 0)
                .journeys()
                .journeys();
        assertThat(journeys)
                .filteredOn(journey -> journey.title().startsWith("ARP"))
                .isNotEmpty()
                .flatExtracting(Journey::hops)
                .extracting(Hop::comment)
                .noneMatch(comment -> comment != null && comment.contains("VXLAN"));
        assertThat(journeys)
                .filteredOn(journey -> journey.title().equals("ICMP echo request seq 1"))
                .flatExtracting(Journey::hops)
                .filteredOn(hop -> hop.port().equals("n1:eth0"))
                .isNotEmpty()
                .extracting(Hop::comment)
                .allSatisfy(comment -> assertThat(comment)
                        .contains("FDB 0e:00:0a:f4:02:00 dst 192.168.0.12; VXLAN vni 1", "has answered"));
    }
}
