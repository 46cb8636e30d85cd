package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VlanTest {
    private final Ethernet eth = new Ethernet();

    @Test
    void pushesTheTagBehindTheAddresses() {
        Frame frame = Corpus.frame(hex("00005e000165 fa163e000011 0800 4500"));
        Vlan.push(frame, 0x6065);
        assertThat(Corpus.bytes(frame)).isEqualTo(hex("00005e000165 fa163e000011 8100 6065 0800 4500"));
        assertThat(eth.wrap(frame).tagged()).isTrue();
        assertThat(eth.vid()).isEqualTo(101);
        assertThat(eth.tci()).isEqualTo(0x6065);
        assertThat(eth.payloadType()).isEqualTo(Ethernet.IPV4);
        assertThat(eth.payload()).isEqualTo(frame.start() + 18);
    }

    @Test
    void rewritesTheVlanAndKeepsPriorityAndDei() {
        Frame frame = Corpus.frame(hex("00005e000165 fa163e000011 8100 f065 0800 4500"));
        Vlan.rewrite(frame, 102);
        assertThat(Corpus.bytes(frame)).isEqualTo(hex("00005e000165 fa163e000011 8100 f066 0800 4500"));
    }

    @Test
    void popUndoesPushForAnyFrameAndAnyNumberOfTags() {
        var random = new SplittableRandom(8021);
        for (int i = 0; i < 20_000; i++) {
            byte[] before = Corpus.random(random, 14 + random.nextInt(300));
            Frame frame = Corpus.frame(before);
            int tags = 1 + random.nextInt(40);
            for (int t = 0; t < tags; t++) Vlan.push(frame, t);
            assertThat(eth.wrap(frame).vid()).isEqualTo(tags - 1);
            for (int t = 0; t < tags; t++) Vlan.pop(frame);
            assertThat(Corpus.bytes(frame)).isEqualTo(before);
        }
    }

    @Test
    void looksThroughTwoTagsAndNoFurther() {
        Frame frame = Corpus.frame(hex("00005e000165 fa163e000011 88a8 0001 8100 0002 8100 0003 0800"));
        eth.wrap(frame);
        assertThat(eth.vid()).isEqualTo(1);
        assertThat(eth.payloadType()).isEqualTo(Ethernet.VLAN);
        assertThat(eth.payload()).isEqualTo(frame.start() + 22);
    }

    @Test
    void refusesToPopOrRewriteATagThatIsNotThere() {
        Frame frame = Corpus.echo(Icmp.ECHO, 1, 1, 0);
        assertThatThrownBy(() -> Vlan.pop(frame)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Vlan.rewrite(frame, 2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTagThatIsCutOffDoesNotFit() {
        assertThat(Ethernet.fits(Corpus.frame(hex("00005e000165 fa163e000011 8100 0001 08"))))
                .isFalse();
        assertThat(Ethernet.fits(Corpus.frame(hex("00005e000165 fa163e000011 8100 0001 88a8 0001"))))
                .isFalse();
        assertThat(Ethernet.fits(Corpus.frame(hex("00005e000165 fa163e000011 8100 0001 0800"))))
                .isTrue();
        assertThat(Ethernet.fits(Corpus.frame(hex("00005e000165 fa163e000011 08"))))
                .isFalse();
    }

    static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
