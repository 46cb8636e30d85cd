package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class MacTextTest {
    private static HopView hop(String from, String to) {
        byte[] bytes = new byte[60];
        new Ethernet()
                .wrap(bytes, 0)
                .destination(MacAddress.bits(to))
                .source(MacAddress.bits(from))
                .type(0x88b5);
        return HopView.of(new Hop("a:eth0", false, 0, 1, bytes, 60, null));
    }

    @Test
    void cutsAddressesSoThatTheyDiffer() {
        HopView neutron = hop("fa:16:3e:00:00:11", "00:00:5e:00:01:65");
        assertThat(MacText.of(List.of(neutron)).text(neutron.ethSrc())).isEqualTo("fa:16:3e..11");
        HopView flannel = hop("0e:00:0a:f4:01:00", "0e:00:0a:f4:02:00");
        assertThat(MacText.of(List.of(neutron, flannel)).text(flannel.ethSrc())).isEqualTo("0e:00..01:00");
        HopView middle = hop("02:00:00:01:00:00", "02:00:00:02:00:00");
        assertThat(MacText.of(List.of(middle)).text(middle.ethDst())).isEqualTo("02..02:00:00");
        assertThat(MacText.of(List.of(flannel, middle, neutron)).text("ff:ff:ff:ff:ff:ff"))
                .isEqualTo("broadcast");
    }
}
