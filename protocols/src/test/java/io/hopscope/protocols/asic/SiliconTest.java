package io.hopscope.protocols.asic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The tables that do not hash, and the policer. */
class SiliconTest {
    private static final long SECOND = 1_000_000_000_000L;

    @Test
    void aTcamAgreesWithANaiveSearchAndIsFullWhenItIsFull() {
        SplittableRandom random = new SplittableRandom(4);
        LpmTcam tcam = new LpmTcam(400, 2);
        Map<Prefix, Integer> naive = new LinkedHashMap<>();
        for (int i = 0; i < 50_000; i++) {
            int length = random.nextInt(33);
            Prefix prefix = new Prefix(0x0a00_0000 | random.nextInt(512) << 15, length);
            if (random.nextInt(3) == 0) {
                assertThat(tcam.remove(prefix.address(), length)).isEqualTo(naive.remove(prefix) != null);
            } else {
                boolean room = naive.containsKey(prefix) || naive.size() < 200;
                assertThat(tcam.insert(prefix.address(), length, i)).isEqualTo(room);
                if (room) {
                    naive.put(prefix, i);
                }
            }
            int address = 0x0a00_0000 | random.nextInt(1 << 24);
            int best = LpmTcam.NONE;
            int longest = -1;
            for (int n = 32; n >= 0 && longest < 0; n--) {
                Integer value = naive.get(new Prefix(address, n));
                if (value != null) {
                    best = value;
                    longest = n;
                }
            }
            assertThat(tcam.lookup(address)).isEqualTo(best);
            assertThat(tcam.used()).isEqualTo(2 * naive.size());
        }
        assertThat(tcam.refused()).isPositive();
        assertThat(tcam.watermark()).isEqualTo(400);
    }

    @Test
    void routesWithTheSameNextHopsShareAGroup() {
        EcmpTable ecmp = new EcmpTable(2, 6, 4);
        int group = ecmp.acquire(3, 1, 2);
        assertThat(ecmp.acquire(1, 2, 3)).isEqualTo(group);
        assertThat(ecmp.size()).isEqualTo(1);
        assertThat(ecmp.acquire(1, 2, 3, 4, 5)).as("wider than a group may be").isEqualTo(EcmpTable.FULL);
        assertThat(ecmp.acquire(1, 2, 3, 4)).as("more members than there are").isEqualTo(EcmpTable.FULL);
        int other = ecmp.acquire(7, 8);
        assertThat(ecmp.acquire(7, 9)).as("more groups than there are").isEqualTo(EcmpTable.FULL);
        assertThat(ecmp.members()).isEqualTo(5);
        ecmp.release(group);
        assertThat(ecmp.size()).as("one route still uses it").isEqualTo(2);
        ecmp.release(group);
        assertThat(ecmp.size()).isEqualTo(1);
        assertThat(ecmp.acquire(7, 9)).isEqualTo(group);
        assertThat(ecmp.refused()).isEqualTo(3);
        assertThat(ecmp.member(other, 4)).isEqualTo(7);
        assertThat(ecmp.member(other, -1)).as("hashes are unsigned").isEqualTo(8);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        AclTcam acl = new AclTcam(2);
        assertThat(acl.add(AclRule.parse("permit tcp 10.1.0.0/16 any eq 443"))).isTrue();
        assertThat(acl.add(AclRule.parse("deny ip 10.0.0.0/8 10.2.0.1"))).isTrue();
        assertThat(acl.add(AclRule.parse("deny ip any any"))).as("full").isFalse();
        Ipv4 ip = new Ipv4().wrap(new byte[20], 0).start(20).protocol(Ipv4.TCP);
        ip.source(Ipv4Address.bits("10.1.2.3")).destination(Ipv4Address.bits("10.2.0.1"));
        assertThat(acl.match(ip, 443)).isZero();
        assertThat(acl.match(ip, 80)).isEqualTo(1);
        assertThat(acl.match(ip, AclTcam.NO_PORT)).isEqualTo(1);
        ip.destination(Ipv4Address.bits("10.2.0.2"));
        assertThat(acl.match(ip, 80)).isEqualTo(AclTcam.NONE);
        assertThat(acl.rule(0)).hasToString("permit tcp 10.1.0.0/16 any eq 443");
        assertThatThrownBy(() -> AclRule.parse("deny gre any any")).hasMessageContaining("protocol");
        assertThatThrownBy(() -> AclRule.parse("deny icmp any any eq 8")).hasMessageContaining("port");
        assertThatThrownBy(() -> AclRule.parse("drop ip any any")).hasMessageContaining("permit or deny");
    }

    @Test
    void aPolicerPassesItsRateExactlyInTheLongRun() {
        TokenBucket bucket = new TokenBucket(200, 50);
        long passed = 0;
        // 100,000 packets/s for ten seconds, at instants that divide nothing evenly.
        for (long now = 0; now < 10 * SECOND; now += 10_000_019L) {
            passed += bucket.take(now) ? 1 : 0;
        }
        assertThat(passed).isBetween(2049L, 2050L);
    }

    @Test
    void aPolicerIsFullAgainAfterAPause() {
        TokenBucket bucket = new TokenBucket(7, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(0)).isTrue();
        }
        assertThat(bucket.take(0)).isFalse();
        assertThat(bucket.take(SECOND / 7)).as("a picosecond short of a packet").isFalse();
        assertThat(bucket.take(SECOND / 7 + 1)).isTrue();
        assertThat(bucket.take(1_000_000 * SECOND)).isTrue();
        assertThat(bucket.take(1_000_000 * SECOND)).isTrue();
        assertThat(bucket.take(1_000_000 * SECOND)).isTrue();
        assertThat(bucket.take(1_000_000 * SECOND)).as("not more than full").isFalse();
    }

    @Test
    void profilesAreThoseOfTheirSources() {
        assertThat(AsicProfile.named("64k").host().capacity()).isEqualTo(65_536);
        assertThat(AsicProfile.named("th").host().capacity()).isEqualTo(40_960);
        assertThat(AsicProfile.named("td2-default").fdb().capacity()).isEqualTo(163_840);
        assertThat(AsicProfile.names()).contains("16k", "n7k-f2", "td2-l3", "th3");
        CoppProfile sonic = CoppProfile.named("sonic").with(PuntClass.ARP, 100);
        assertThat(sonic.policers()[PuntClass.NEIGHBOUR.ordinal()].rate()).isEqualTo(200);
        assertThat(sonic.policers()[PuntClass.ARP.ordinal()].burst()).isEqualTo(100);
        assertThat(CoppProfile.named("nx-os")
                        .policers()[PuntClass.BPDU.ordinal()]
                        .rate())
                .isEqualTo(12_000);
        assertThat(CoppProfile.named("none").polices()).isFalse();
        assertThat(PuntClass.find("no-route")).isEqualTo(PuntClass.NO_ROUTE);
    }
}
