package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ipset 7.17 and Linux 6.18 say and do. */
class IpSetsTest {
    private static final long SECOND = 1_000_000_000_000L;
    private static final int CLIENT = Ipv4Address.bits("10.0.0.1");
    private static final int SERVER = Ipv4Address.bits("198.51.100.1");

    private final TestHost host = new TestHost();

    private List<String> at(long seconds, String... commands) {
        List<String> out = new ArrayList<>();
        for (String each : commands) {
            List<String> words = new ArrayList<>();
            var matcher = java.util.regex.Pattern.compile("\"([^\"]*)\"|\\S+").matcher(each);
            while (matcher.find()) {
                words.add(matcher.group(1) == null ? matcher.group() : matcher.group(1));
            }
            host.hooks.rules().sets().command(words, seconds * SECOND, out::add);
        }
        return out;
    }

    private void refused(String message, String command) {
        assertThatThrownBy(() -> at(0, command))
                .isInstanceOf(IpSets.Refused.class)
                .hasMessage(message);
    }

    private boolean passes(String rule, long seconds) {
        host.rules("*filter\n:FORWARD DROP [0:0]\n-A FORWARD " + rule + " -j ACCEPT\nCOMMIT\n");
        return host.outward(Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.SYN, 1, 0, 0), seconds * SECOND) == Verdict.ACCEPT;
    }

    @Test
    void membersHaveTimesCountersAndComments() {
        assertThat(at(
                        0,
                        "create a hash:ip timeout 60 counters comment",
                        "add a 10.0.0.1",
                        "add a 10.0.0.2 timeout 5 comment \"hello world\" packets 3 bytes 400",
                        "add a 10.0.0.3 timeout 0",
                        "list a"))
                .containsExactly(
                        "Name: a",
                        "Type: hash:ip",
                        "Revision: 6",
                        "Header: family inet hashsize 1024 maxelem 65536 timeout 60 counters comment",
                        "Size in memory: 392",
                        "References: 0",
                        "Number of entries: 3",
                        "Members:",
                        "10.0.0.1 timeout 60 packets 0 bytes 0",
                        "10.0.0.2 timeout 5 packets 3 bytes 400 comment \"hello world\"",
                        "10.0.0.3 timeout 0 packets 0 bytes 0");
        assertThat(at(2, "add a 10.0.0.2 timeout 100 -exist", "save a"))
                .containsExactly(
                        "create a hash:ip family inet hashsize 1024 maxelem 65536 timeout 60 counters comment",
                        "add a 10.0.0.1 timeout 58 packets 0 bytes 0",
                        "add a 10.0.0.2 timeout 100 packets 0 bytes 0",
                        "add a 10.0.0.3 timeout 0 packets 0 bytes 0");
        assertThat(at(61, "list a")).contains("Number of entries: 2").noneMatch(line -> line.startsWith("10.0.0.1"));
    }

    @Test
    void aMemberWhoseTimeIsUpMatchesNothing() {
        at(0, "create a hash:ip timeout 10", "add a 10.0.0.1");
        assertThat(passes("-m set --match-set a src", 9)).isTrue();
        assertThat(passes("-m set --match-set a src", 10)).isFalse();
        assertThat(at(10, "add a 10.0.0.1", "list a")).contains("10.0.0.1 timeout 10");
    }

    @Test
    void aNetworkWhoseTimeIsUpLetsTheWiderOneMatch() {
        at(0, "create n hash:net timeout 0", "add n 10.0.0.0/8", "add n 10.0.0.0/24 nomatch timeout 5");
        assertThat(passes("-m set --match-set n src", 4)).isFalse();
        assertThat(passes("-m set --match-set n src", 5)).isTrue();
    }

    @Test
    void countersCountEveryPacketThatMatches() {
        at(0, "create c hash:ip,port counters", "add c 198.51.100.1,80");
        host.rules("*filter\n-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -m set --match-set c dst,dst\nCOMMIT\n");
        host.outward(Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.SYN, 1, 0, 0), 1);
        host.inward(Bytes.tcp(SERVER, CLIENT, 80, 5000, Tcp.SYN | Tcp.ACK, 1, 2, 0), 2);
        for (int i = 0; i < 5; i++) {
            host.outward(Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.ACK, 2, 2, 0), 3 + i);
        }
        assertThat(at(0, "list c")).contains("198.51.100.1,tcp:80 packets 6 bytes 240");
    }

    @Test
    void aListHasWhatOneOfItsSetsHas() {
        at(0, "create a hash:ip", "create n hash:net,port", "create l list:set size 4");
        at(0, "add l n", "add l a before n", "add n 198.51.100.0/24,tcp:80");
        assertThat(at(0, "list l"))
                .containsExactly(
                        "Name: l",
                        "Type: list:set",
                        "Revision: 3",
                        "Header: size 4",
                        "Size in memory: 328",
                        "References: 0",
                        "Number of entries: 2",
                        "Members:",
                        "a",
                        "n");
        assertThat(passes("-m set --match-set l dst,dst", 1)).isTrue();
        assertThat(passes("-m set --match-set l dst", 2))
                .as("n asks for two, and is passed over")
                .isFalse();
        at(0, "add a 198.51.100.1");
        assertThat(passes("-m set --match-set l dst", 3)).isTrue();
        refused("ipset v7.17: Set cannot be destroyed: it is in use by a kernel component", "destroy a");
        refused("ipset v7.17: Set to be added/deleted/tested as element does not exist.", "add l zz");
        at(0, "del l a", "destroy a");
        assertThat(at(0, "test l n")).containsExactly("Warning: n is in set l.");
    }

    @Test
    void refusesInTheWordsOfIpset() {
        at(
                0,
                "create n hash:net",
                "add n 10.0.0.0/8",
                "add n 10.1.0.0/16 nomatch",
                "create a hash:ip",
                "add a 10.0.0.1");
        refused(
                "ipset v7.17: Timeout cannot be used: set was created without timeout support",
                "add n 10.2.0.0/16 timeout 5");
        refused(
                "ipset v7.17: Comment cannot be used: set was created without comment support",
                "add n 10.2.0.0/16 comment x");
        refused(
                "ipset v7.17: Packet/byte counters cannot be used: set was created without counter support",
                "add n 10.2.0.0/16 packets 5");
        refused("ipset v7.17: The sets cannot be swapped: their type does not match", "swap a n");
        refused("ipset v7.17: Sets cannot be swapped: the second set does not exist", "swap a zz");
        refused("ipset v7.17: Element cannot be added to the set: it's already added", "add a 10.0.0.0/30");
        refused("10.1.1.1 is NOT in set n.", "test n 10.1.1.1");
        assertThat(at(0, "test n 10.9.1.1")).containsExactly("Warning: 10.9.1.1 is in set n.");
    }

    @Test
    void addingPartOfWhatIsThereStopsWhereItIs() {
        at(0, "create c hash:ip", "add c 10.0.0.1");
        refused("ipset v7.17: Element cannot be added to the set: it's already added", "add c 10.0.0.0-10.0.0.3");
        assertThat(at(0, "list c")).contains("Number of entries: 2", "10.0.0.0", "10.0.0.1");
    }

    private Verdict acknowledged(long seconds) {
        return host.outward(Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.ACK, 2, 2, 0), seconds * SECOND);
    }

    @Test
    void whatChangesASetCountsForConnectionsUnderWay() {
        at(0, "create a hash:ip", "create b hash:ip", "add a 10.0.0.3", "add b 10.0.0.1");
        host.rules("*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\n"
                + "-A FORWARD -m set --match-set a src -j DROP\nCOMMIT\n");
        host.outward(Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.SYN, 1, 0, 0), 1);
        host.inward(Bytes.tcp(SERVER, CLIENT, 80, 5000, Tcp.SYN | Tcp.ACK, 1, 2, 0), 2);
        for (int i = 1; i < 5; i++) {
            assertThat(acknowledged(i)).isEqualTo(Verdict.ACCEPT);
        }
        at(5, "swap a b");
        assertThat(acknowledged(5)).isEqualTo(Verdict.DROP);
        at(6, "swap a b");
        assertThat(acknowledged(6)).isEqualTo(Verdict.ACCEPT);
        assertThat(acknowledged(7)).isEqualTo(Verdict.ACCEPT);
        refused("ipset v7.17: Element cannot be added to the set: it's already added", "add a 10.0.0.1-10.0.0.3");
        assertThat(acknowledged(8)).as("what was added before the refusal").isEqualTo(Verdict.DROP);
    }

    /** As seen on Linux 6.18. */
    @Test
    void aSwapExchangesAllButTheNamesAndWhoRefersToThem() {
        at(0, "create A hash:ip timeout 60", "create B hash:ip counters", "create L list:set", "add L A");
        at(0, "add A 10.0.0.9", "add B 10.0.0.1");
        assertThat(passes("-m set --match-set A src", 1)).isFalse();
        at(1, "swap A B");
        assertThat(host.outward(Bytes.tcp(CLIENT, SERVER, 5000, 80, Tcp.SYN, 1, 0, 0), SECOND))
                .isEqualTo(Verdict.ACCEPT);
        assertThat(at(1, "list A"))
                .contains(
                        "Header: family inet hashsize 1024 maxelem 65536 counters",
                        "References: 2",
                        "10.0.0.1 packets 1 bytes 40");
        assertThat(at(1, "list B"))
                .contains(
                        "Header: family inet hashsize 1024 maxelem 65536 timeout 60",
                        "References: 0",
                        "10.0.0.9 timeout 59");
        assertThat(at(1, "list L")).contains("A");
        refused("ipset v7.17: Set cannot be destroyed: it is in use by a kernel component", "destroy A");
        at(1, "destroy B");
    }

    @Test
    void whatIsSavedCanBeRestoredWhicheverSetWasMadeFirst() {
        at(0, "create l list:set", "create a hash:ip", "add l a");
        List<String> saved = at(0, "save");
        assertThat(saved)
                .containsExactly(
                        "create a hash:ip family inet hashsize 1024 maxelem 65536",
                        "create l list:set size 8",
                        "add l a");
        assertThat(at(0, "list -n")).containsExactly("a", "l");
        IpSets other = new IpSets();
        other.restore(String.join("\n", saved), 0);
        List<String> again = new ArrayList<>();
        other.command(List.of("save"), 0, again::add);
        assertThat(again).isEqualTo(saved);
    }

    @Test
    void aBitmapHasRoomForItsRange() {
        at(0, "create p bitmap:port range 200-100", "add p 100", "add p tcp:200");
        refused("ipset v7.17: Element is out of the range of the set", "add p 99");
        refused("ipset v7.17: Element is out of the range of the set", "add p 201");
        refused("ipset v7.17: Element is out of the range of the set", "del p 99");
        refused("99 is NOT in set p.", "test p 99");
        assertThat(at(0, "save p")).containsExactly("create p bitmap:port range 100-200", "add p 100", "add p 200");
        assertThatThrownBy(() -> at(0, "create q bitmap:port range 5")).isInstanceOf(RuleSyntaxException.class);
    }

    @Test
    void aNetworkThatSaysNoIsThereForNomatchAlone() {
        at(0, "create n hash:net", "add n 10.0.0.0/8 nomatch", "add n 10.1.0.0/16");
        refused("10.0.0.0/8 is NOT in set n.", "test n 10.0.0.0/8");
        refused("10.2.0.1 is NOT in set n.", "test n 10.2.0.1");
        refused("10.1.0.0/16 is NOT in set n.", "test n 10.1.0.0/16 nomatch");
        refused("10.1.0.0/24 is NOT in set n.", "test n 10.1.0.0/24");
        assertThat(at(
                        0,
                        "test n 10.0.0.0/8 nomatch",
                        "test n 10.2.0.1 nomatch",
                        "test n 10.1.0.0/16",
                        "test n 10.1.0.1"))
                .hasSize(4);
    }
}
