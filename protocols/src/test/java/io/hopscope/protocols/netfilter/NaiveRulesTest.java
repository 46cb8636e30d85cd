package io.hopscope.protocols.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.Tcp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random rules in every table and hook say of every packet, and count, what {@link NaiveRules} says and counts. */
class NaiveRulesTest {
    private static final int CLIENTS = Ipv4Address.bits("10.0.0.1");
    private static final int SERVERS = Ipv4Address.bits("198.51.100.1");
    private static final String PLAIN = "-s 10.0.0.1/32|! -s 10.0.0.0/30|-d 198.51.100.1/32|! -d 198.51.100.2/32|-p tcp"
            + "|! -p tcp|-p udp -m udp --dport 53|-p tcp -m tcp --dport 80:90|-p tcp -m tcp ! --sport 5000"
            + "|-p tcp -m tcp --syn|-p tcp -m tcp ! --syn|-p icmp -m icmp --icmp-type 8|-p tcp -m multiport --dports 22,80"
            + "|-p udp -m multiport ! --dports 53,54|-m mark --mark 0x1/0x1|-m mark ! --mark 0x2/0x2"
            + "|-m set --match-set some src|-m set ! --match-set some dst|-m comment --comment x"
            + "|-m statistic --mode nth --every 3 --packet 1|-m addrtype --dst-type LOCAL|-m addrtype ! --src-type LOCAL";
    private static final String TRACKED = PLAIN + "|-m conntrack --ctstate ESTABLISHED|-m conntrack ! --ctstate NEW"
            + "|-m conntrack --ctstate INVALID,NEW --ctdir ORIGINAL|-m conntrack --ctdir REPLY"
            + "|-m conntrack --ctorigsrc 10.0.0.2/32|-m conntrack ! --ctorigsrc 10.0.0.2/32"
            + "|-m state --state RELATED,NEW|-m state --state INVALID,UNTRACKED|-m connmark --mark 0x4/0x4"
            + "|-m connmark ! --mark 0x1/0x1";
    private static final String INWARD = "|-i eth0|! -i eth1|-i eth+|-m mac --mac-source 02:00:00:00:00:01"
            + "|-m mac ! --mac-source 02:00:00:00:00:02|-m physdev --physdev-in p1|-m physdev ! --physdev-in p1";
    private static final String OUTWARD = "|-o eth0|! -o eth1|-o br+"
            + "|-m addrtype --src-type LOCAL --limit-iface-out|-m addrtype ! --src-type LOCAL --limit-iface-out";
    private static final String ACROSS = "|-m physdev --physdev-is-bridged|-m physdev ! --physdev-is-bridged"
            + "|-m physdev --physdev-out p2|-m physdev ! --physdev-out p3";
    private static final Map<String, String> OF = Map.of(
            "PREROUTING", INWARD + "|-m addrtype --dst-type LOCAL --limit-iface-in",
            "INPUT", INWARD + "|-m addrtype ! --dst-type LOCAL --limit-iface-in",
            "FORWARD", INWARD + OUTWARD + ACROSS,
            "OUTPUT", OUTWARD,
            "POSTROUTING", OUTWARD + ACROSS);

    private final TestHost host = new TestHost();
    private final Map<Long, int[]> connmarks = new HashMap<>();
    private final Map<Long, Integer> origins = new HashMap<>();
    private final Set<String> decided = new HashSet<>();
    private final Set<Long> confirmed = new HashSet<>();
    private NaiveRules naive;
    private String about = "";

    private static String pick(SplittableRandom random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String rule(SplittableRandom random, String chain, List<String> matches, List<String> targets) {
        StringBuilder rule = new StringBuilder("-A ").append(chain);
        for (int i = random.nextInt(3); i > 0; i--) {
            String match = pick(random, matches);
            boolean clash = false;
            for (String option : List.of("-p ", "-s ", "-d ", "-i ", "-o ")) {
                clash |= match.contains(option) && rule.indexOf(" " + option) >= 0;
            }
            rule.append(clash ? "" : " " + match);
        }
        String target = pick(random, targets);
        return rule + (target.isEmpty() ? "" : " " + target) + "\n";
    }

    private static String table(
            SplittableRandom random, String name, String matches, List<String> hooks, String extra) {
        StringBuilder text = new StringBuilder("*" + name + "\n");
        hooks.forEach(each -> text.append(
                ":" + each + (random.nextInt(6) == 0 && !name.equals("nat") ? " DROP" : " ACCEPT") + " [0:0]\n"));
        List<String> chains = List.of("one", "two", "three");
        chains.forEach(each -> text.append(":" + each + " - [0:0]\n"));
        List<String> ends = new ArrayList<>(List.of("", "-j ACCEPT", "-j DROP", "-j RETURN"));
        ends.remove(name.equals("nat") ? "-j DROP" : "-j none");
        ends.addAll(extra.isEmpty() ? List.of() : List.of(extra.split("\\|")));
        for (int i = 0; i <= chains.size(); i++) {
            List<String> targets = new ArrayList<>(ends);
            for (String below : chains.subList(Math.min(i + 1, 3), 3)) {
                targets.addAll(List.of("-j " + below, "-g " + below));
            }
            for (int n = random.nextInt(4); i < 3 && n >= 0; n--) {
                text.append(rule(random, chains.get(i), List.of(matches.split("\\|")), targets));
            }
        }
        for (String hook : hooks) {
            List<String> targets = new ArrayList<>(ends);
            chains.forEach(each -> targets.addAll(List.of("-j " + each, "-j " + each, "-g " + each)));
            if (name.equals("nat")) {
                String way = hook.equals("PREROUTING") || hook.equals("OUTPUT")
                        ? "-j DNAT --to-destination 198.51.100."
                        : "-j SNAT --to-source 192.0.2.";
                targets.addAll(List.of(way + 1, way + 2));
            }
            List<String> own = List.of((matches + OF.get(hook)).split("\\|"));
            for (int n = random.nextInt(5); n > 0; n--) {
                text.append(rule(random, hook, own, targets));
            }
        }
        return text.append("COMMIT\n").toString();
    }

    private static byte[] packet(SplittableRandom random, int here, int there, boolean back) {
        int port = 5000 + random.nextInt(3);
        switch (random.nextInt(4)) {
            case 0 -> {
                return back ? Bytes.echo(there, here, false, port) : Bytes.echo(here, there, true, port);
            }
            case 1 -> {
                return back ? Bytes.udp(there, here, 53, port) : Bytes.udp(here, there, port, 53);
            }
            default -> {
                int[] flags = {Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.FIN | Tcp.ACK, Tcp.RST};
                int flag = flags[random.nextInt(flags.length)];
                return back
                        ? Bytes.tcp(there, here, 80, port, flag, 900, 101, 0)
                        : Bytes.tcp(here, there, port, 80, flag, 100, 901, 0);
            }
        }
    }

    private static long key(Packet p) {
        return (long) p.connection() << 32 | p.serial();
    }

    private NaiveRules.Seen seen(Packet p, byte[] bytes) {
        NaiveRules.Seen seen = new NaiveRules.Seen();
        seen.bytes = bytes;
        seen.in = p.in;
        seen.out = p.out;
        seen.bridged = p.bridged;
        seen.bridgeIn = p.bridgeIn;
        seen.bridgeOut = p.bridgeOut;
        seen.mac = p.mac;
        seen.mark = p.mark();
        seen.state = p.state();
        return seen;
    }

    private void track(NaiveRules.Seen seen, Packet p, long key, boolean known) {
        seen.state = p.state();
        seen.direction = p.direction();
        if (known) {
            origins.putIfAbsent(key, seen.ip().source());
            seen.connmark = connmarks.computeIfAbsent(key, one -> new int[1]);
            seen.origin = origins.get(key);
        }
    }

    /** The nat table is asked once a connection and kind of translation. */
    private void translate(String hook, NaiveRules.Seen seen, long key, boolean known) {
        boolean source = hook.equals("POSTROUTING") || hook.equals("INPUT");
        if (known && seen.state == Packet.NEW && !confirmed.contains(key) && decided.add(key + (source ? "s" : "d"))) {
            assertThat(naive.ask("nat", hook, seen)).isEqualTo("ACCEPT");
        }
    }

    private void same(String verdict, Verdict actual, NaiveRules.Seen seen, Packet p, byte[] now) {
        boolean else_ = actual == Verdict.CLASH || actual == Verdict.NAT_FAILED;
        assertThat(else_ ? "ACCEPT" : actual.toString()).as(about).isEqualTo(verdict);
        assertThat(p.mark()).as(about).isEqualTo(seen.mark);
        Ipv4 ip = new Ipv4().wrap(now, Bytes.AT);
        if (actual == Verdict.ACCEPT && seen.to != null) {
            assertThat(ip.destination()).as(about).isEqualTo(seen.to);
        }
        if (actual == Verdict.ACCEPT && seen.from != null) {
            assertThat(ip.source()).as(about).isEqualTo(seen.from);
        }
    }

    /** PREROUTING or OUTPUT: raw, the connection, mangle, nat, and in OUTPUT filter. */
    private Verdict first(String hook, Packet p, byte[] bytes) {
        byte[] before = Bytes.copy(bytes);
        NaiveRules.Seen seen = seen(p, before);
        String verdict = naive.ask("raw", hook, seen);
        Verdict actual = hook.equals("OUTPUT") ? host.hooks.output(p) : host.hooks.prerouting(p);
        if (verdict.equals("ACCEPT")) {
            if (seen.untracked) {
                assertThat(p.state()).as(about).isEqualTo(Packet.UNTRACKED);
            }
            // A connection that is dropped has lost its packet, but it is the one that was given last.
            boolean known = p.state() != Packet.UNTRACKED && p.state() != Packet.INVALID;
            long key = p.connection() >= 0 ? key(p) : -1;
            track(seen, p, key, known);
            verdict = naive.ask("mangle", hook, seen);
            if (verdict.equals("ACCEPT")) {
                translate(hook, seen, key, known);
                seen.bytes = Bytes.copy(bytes);
                verdict = hook.equals("OUTPUT") ? naive.ask("filter", hook, seen) : verdict;
            }
            if (p.connection() >= 0 && p.conntrack.zoneDirections(p.connection()) != 0 && p.state() == Packet.NEW) {
                assertThat(p.conntrack.zone(p.connection())).as(about).isEqualTo(seen.zone);
            }
            if (key < 0) {
                connmarks.remove(key);
                origins.remove(key);
                decided.remove("-1d");
            }
        }
        same(verdict, actual, seen, p, bytes);
        return actual;
    }

    /** INPUT, FORWARD or POSTROUTING: mangle, filter, nat. */
    private Verdict later(String hook, Packet p, byte[] bytes) {
        NaiveRules.Seen seen = seen(p, Bytes.copy(bytes));
        long key = key(p);
        boolean known = p.connection() >= 0;
        track(seen, p, key, known);
        String verdict = naive.ask("mangle", hook, seen);
        if (verdict.equals("ACCEPT") && !hook.equals("POSTROUTING")) {
            verdict = naive.ask("filter", hook, seen);
        }
        if (verdict.equals("ACCEPT") && !hook.equals("FORWARD")) {
            translate(hook, seen, key, known);
        }
        Verdict actual = hook.equals("INPUT")
                ? host.hooks.input(p)
                : hook.equals("FORWARD") ? host.hooks.forward(p) : host.hooks.postrouting(p);
        same(verdict, actual, seen, p, bytes);
        if (actual == Verdict.ACCEPT && !hook.equals("FORWARD")) {
            confirmed.add(key);
        }
        return actual;
    }

    private void pass(SplittableRandom random, long now) {
        int way = random.nextInt(5);
        boolean back = random.nextInt(3) == 0;
        int here = way == 3 ? TestHost.OUTSIDE : CLIENTS + random.nextInt(3);
        int there = way == 2 ? TestHost.OUTSIDE : SERVERS + random.nextInt(2);
        byte[] bytes = packet(random, here, there, back);
        if (way == 3 && !back) {
            Packet p = host.packet.wrap(bytes, Bytes.AT, now).to("eth0");
            if (first("OUTPUT", p, bytes) == Verdict.ACCEPT) {
                later("POSTROUTING", p.from(null), bytes);
            }
            host.hooks.abandon(p);
            return;
        }
        boolean bridge = way == 4;
        Packet p = host.packet
                .wrap(bytes, Bytes.AT, now)
                .from(bridge ? "br0" : back ? "eth0" : "eth1")
                .mac(0x0200_0000_0001L + random.nextInt(2));
        if (bridge || random.nextInt(4) == 0) {
            p.bridge(random.nextBoolean() ? "p1" : "p4", null);
        }
        if (first("PREROUTING", p, bytes) == Verdict.ACCEPT) {
            if (bridge) {
                flood(p, bytes);
            } else if (way == 3 || way == 2) {
                later("INPUT", p, bytes);
            } else if (later("FORWARD", p.to(back ? "eth1" : "eth0"), bytes) == Verdict.ACCEPT) {
                later("POSTROUTING", p.from(null), bytes);
            }
        }
        host.hooks.abandon(p);
    }

    /** As a bridge does: copies that share a connection, which lasts if one of them gets through. */
    private void flood(Packet p, byte[] bytes) {
        int connection = p.connection();
        int serial = p.serial();
        int direction = p.direction();
        int state = p.state();
        int mark = p.mark();
        host.hooks.hold(p);
        boolean through = false;
        for (String port : List.of("p2", "p3")) {
            byte[] copy = Bytes.copy(bytes);
            host.hooks
                    .copy(p, copy, Bytes.AT)
                    .known(connection, serial, direction, state)
                    .mark(mark);
            p.from("br0").to("br0").bridge(p.bridgeIn, port);
            about += ", copy to " + port;
            if (later("FORWARD", p, copy) == Verdict.ACCEPT) {
                through |= later("POSTROUTING", p.from(null), copy) == Verdict.ACCEPT;
            }
            host.hooks.abandon(p);
        }
        p.known(connection, serial, direction, state);
        host.hooks.release(p);
        host.hooks.abandon(p);
        if (connection >= 0 && state == Packet.NEW && !through) {
            assertThat(host.hooks.pending(p.known(connection, serial, direction, state)))
                    .as(about)
                    .isFalse();
        } else if (connection >= 0 && through) {
            assertThat(host.hooks.conntrack().holds(connection, serial))
                    .as(about)
                    .isTrue();
        }
    }

    private void counters(String about) {
        Map<String, String> counted = new HashMap<>();
        String table = "";
        for (String line : RulesText.save(host.hooks.rules(), null, true, "")) {
            String[] words = line.split(" ");
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith(":")) {
                counted.put(table + " " + words[0].substring(1), words[2].replaceAll("[\\[\\]]", ""));
            } else if (line.startsWith("[")) {
                counted.merge(table + " " + words[2], words[0].replaceAll("[\\[\\]]", ""), (a, b) -> a + " " + b);
            }
        }
        counted.forEach((chain, all) -> assertThat(all)
                .as(about + ", " + chain)
                .isEqualTo(naive.counters(chain.split(" ")[0], chain.split(" ")[1])));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void saysWhatAnyoneWouldReadInTheRules(int seed) {
        for (int set = seed * 25; set < seed * 25 + 25; set++) {
            new NaiveRulesTest().run(set);
        }
    }

    private void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String marks = "-j MARK --set-xmark 0x1/0x3|-j MARK --set-xmark 0x2/0x0";
        String text = table(
                        random,
                        "raw",
                        PLAIN,
                        List.of("PREROUTING", "OUTPUT"),
                        "-j CT --zone 3|-j CT --zone 4|-j NOTRACK|" + marks)
                + table(
                        random,
                        "mangle",
                        TRACKED,
                        List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
                        marks + "|-j CONNMARK --save-mark|-j CONNMARK --restore-mark|-j CONNMARK --set-xmark 0x4/0x4")
                + (seed % 3 == 0
                        ? ""
                        : table(random, "nat", TRACKED, List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"), ""))
                + table(random, "filter", TRACKED, List.of("INPUT", "FORWARD", "OUTPUT"), "-j REJECT");
        host.hooks.rules().sets().restore("create some hash:net\nadd some 10.0.0.2/31", 0);
        host.rules(text);
        naive = new NaiveRules(text, Prefix.parse("10.0.0.2/31"));
        long now = 0;
        for (int i = 0; i < 400; i++) {
            now += random.nextLong(2_000_000_000_000L);
            about = "rules " + seed + ", packet " + i;
            pass(random, now);
        }
        counters("rules " + seed);
    }
}
