package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered of walks gives the verdicts, marks and counters that walking each time gives. */
class FastPathTest {
    private static final int CLIENTS = Ipv4Address.bits("10.0.0.1");
    private static final int SERVERS = Ipv4Address.bits("198.51.100.1");
    private static final List<String> MATCHES = List.of(
            "-s 10.0.0.1",
            "! -s 10.0.0.0/30",
            "-d 198.51.100.1",
            "-i eth0",
            "! -i eth1",
            "-i eth+",
            "-p tcp",
            "-p udp --dport 53",
            "-p tcp --dport 80:90",
            "-p tcp --syn",
            "-p tcp --tcp-flags FIN,RST NONE",
            "-p icmp --icmp-type 8",
            "-m conntrack --ctstate ESTABLISHED",
            "-m conntrack ! --ctstate NEW",
            "-m conntrack --ctdir REPLY",
            "-m conntrack --ctstatus ASSURED",
            "-m conntrack --ctorigsrc 10.0.0.2",
            "-m state --state RELATED,NEW",
            "-m mark --mark 1/1",
            "-m mark ! --mark 2/2",
            "-m connmark --mark 4/4",
            "-m mac --mac-source 02:00:00:00:00:01",
            "-m physdev --physdev-in p1",
            "-m physdev ! --physdev-is-bridged",
            "-m physdev --physdev-out p2",
            "-p tcp -m multiport --dports 22,80",
            "-p udp -m multiport --ports 53,5000:5003",
            "-m set --match-set some src",
            "-m set --match-set pairs dst,dst",
            "-m statistic --mode nth --every 3 --packet 0",
            "-m limit --limit 5/sec",
            "-m addrtype --dst-type LOCAL",
            "-m set --match-set brief src",
            "-m set --match-set both src,dst",
            "-m recent --set --name seen",
            "-m recent --update --seconds 3 --hitcount 2 --name seen",
            "-m recent ! --rcheck --seconds 1 --reap --name seen --rdest",
            "-m length --length 0:60",
            "-m ttl --ttl-lt 64",
            "-m iprange --src-range 10.0.0.2-10.0.0.3",
            "-m iprange ! --dst-range 198.51.100.1-198.51.100.1",
            "-p tcp -m tcpmss ! --mss 1:1400",
            "-m comment --comment x");

    private static String rule(SplittableRandom random, String chain, List<String> targets) {
        StringBuilder rule = new StringBuilder("-A ").append(chain);
        for (int i = random.nextInt(3); i > 0; i--) {
            String match = MATCHES.get(random.nextInt(MATCHES.size()));
            boolean clash = match.contains("-p ") && rule.indexOf("-p ") >= 0
                    || match.contains("-s ") && rule.indexOf("-s ") >= 0
                    || match.contains("-d ") && rule.indexOf("-d ") >= 0
                    || match.contains("-i ") && rule.indexOf("-i ") >= 0;
            if (!clash && !(chain.equals("POSTROUTING") && match.contains("-i "))) {
                rule.append(' ').append(match);
            }
        }
        return rule.append(" -j ")
                .append(targets.get(random.nextInt(targets.size())))
                .append('\n')
                .toString();
    }

    private static String table(SplittableRandom random, String name, List<String> hooks, List<String> extra) {
        StringBuilder text = new StringBuilder("*" + name + "\n");
        hooks.forEach(each -> text.append(':').append(each).append(" ACCEPT [0:0]\n"));
        List<String> chains = List.of("one", "two", "three");
        chains.forEach(each -> text.append(':').append(each).append(" - [0:0]\n"));
        List<String> last = new java.util.ArrayList<>(List.of("ACCEPT", "DROP", "RETURN", "RETURN"));
        last.addAll(extra);
        for (int i = 0; i < chains.size(); i++) {
            List<String> targets = new java.util.ArrayList<>(last);
            targets.addAll(chains.subList(i + 1, chains.size()));
            for (int n = random.nextInt(4); n >= 0; n--) {
                text.append(rule(random, chains.get(i), targets));
            }
        }
        List<String> all = new java.util.ArrayList<>(last);
        all.addAll(chains);
        all.addAll(chains);
        for (String hook : hooks) {
            for (int n = random.nextInt(5); n > 0; n--) {
                text.append(rule(random, hook, all));
            }
        }
        return text.append("COMMIT\n").toString();
    }

    private static TestHost host(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TestHost host = new TestHost();
        host.hooks
                .rules()
                .sets()
                .restore(
                        "create some hash:net\nadd some 10.0.0.2/31\ncreate pairs hash:ip,port\n"
                                + "add pairs 198.51.100.1,tcp:80\nadd pairs 198.51.100.2,udp:53\n"
                                + "create brief hash:ip timeout 0 counters\nadd brief 10.0.0.1 timeout 300\n"
                                + "add brief 10.0.0.3\ncreate both list:set counters\nadd both pairs\nadd both some",
                        0);
        List<String> marks = List.of("MARK --set-xmark 1/3", "MARK --set-xmark 2/0");
        List<String> both = new java.util.ArrayList<>(marks);
        both.addAll(List.of("CONNMARK --save-mark", "CONNMARK --restore-mark", "CONNMARK --set-xmark 4/4"));
        return host.rules(table(random, "raw", List.of("PREROUTING"), List.of("CT --zone 3", "NOTRACK"))
                        .replaceAll("(?m)^.*-A .* -m (conntrack|state|connmark).*\n", "")
                + table(random, "mangle", List.of("PREROUTING", "FORWARD", "POSTROUTING"), both)
                        .replaceAll("(?m)^.*-m mac .*\n", "")
                + table(random, "filter", List.of("FORWARD"), List.of("REJECT", "LOG"))
                + table(random, "security", List.of("FORWARD"), List.of()));
    }

    private static byte[] packet(SplittableRandom random, boolean back) {
        int client = CLIENTS + random.nextInt(4);
        int server = SERVERS + random.nextInt(2);
        int port = 5000 + random.nextInt(3);
        switch (random.nextInt(4)) {
            case 0 -> {
                return back ? Bytes.echo(server, client, false, port) : Bytes.echo(client, server, true, port);
            }
            case 1 -> {
                return back ? Bytes.udp(server, client, 53, port) : Bytes.udp(client, server, port, 53);
            }
            default -> {
                int[] flags = {Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.FIN | Tcp.ACK, Tcp.RST};
                int flag = flags[random.nextInt(flags.length)];
                return back
                        ? Bytes.tcp(server, client, 80, port, flag, 900, 101, 0)
                        : Bytes.tcp(client, server, port, 80, flag, 100, 901, 0);
            }
        }
    }

    private static Verdict pass(TestHost host, byte[] bytes, SplittableRandom choice, boolean back, long now) {
        Packet p = host.packet
                .wrap(bytes, Bytes.AT, now)
                .from(back ? "eth0" : "eth1")
                .mac(0x0200_0000_0001L + choice.nextInt(2));
        boolean bridged = choice.nextInt(3) == 0;
        if (bridged) {
            p.bridge(choice.nextBoolean() ? "p1" : "p2", null);
        }
        Verdict verdict = host.hooks.prerouting(p);
        if (verdict == Verdict.ACCEPT) {
            p.to(back ? "eth1" : "eth0");
            if (bridged) {
                p.bridge(p.bridgeIn(), choice.nextBoolean() ? "p1" : "p2");
            }
            verdict = host.hooks.forward(p);
        }
        verdict = verdict == Verdict.ACCEPT ? host.hooks.postrouting(p.from(null)) : verdict;
        if (verdict != Verdict.ACCEPT) {
            host.hooks.abandon(p);
        }
        return verdict;
    }

    private static List<String> sets(TestHost of, long now) {
        List<String> all = new java.util.ArrayList<>();
        of.hooks.rules().sets().command(List.of("save"), now, all::add);
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesWhatAPlainWalkGives(long seed) {
        for (long set = seed * 25; set < seed * 25 + 25; set++) {
            TestHost fast = host(set);
            TestHost plain = host(set);
            SplittableRandom random = new SplittableRandom(set);
            long now = 0;
            for (int i = 0; i < 400; i++) {
                now += random.nextLong(2_000_000_000_000L);
                boolean back = random.nextInt(3) == 0;
                byte[] bytes = packet(random, back);
                byte[] same = Bytes.copy(bytes);
                long choice = random.nextLong();
                Verdict one = pass(fast, bytes, new SplittableRandom(choice), back, now);
                // A change makes every packet walk anew.
                plain.hooks.rules().changed();
                Verdict other = pass(plain, same, new SplittableRandom(choice), back, now);
                assertThat(one).as("set %d, packet %d", set, i).isEqualTo(other);
                assertThat(bytes).isEqualTo(same);
                assertThat(fast.packet.mark()).isEqualTo(plain.packet.mark());
                assertThat(
                                fast.packet.decided() == null
                                        ? ""
                                        : fast.packet.decided().toString())
                        .isEqualTo(
                                plain.packet.decided() == null
                                        ? ""
                                        : plain.packet.decided().toString());
            }
            assertThat(RulesText.save(fast.hooks.rules(), null, true, ""))
                    .isEqualTo(RulesText.save(plain.hooks.rules(), null, true, ""));
            assertThat(fast.connections(now)).isEqualTo(plain.connections(now));
            assertThat(fast.log).isEqualTo(plain.log);
            assertThat(sets(fast, now)).isEqualTo(sets(plain, now));
        }
    }
}
