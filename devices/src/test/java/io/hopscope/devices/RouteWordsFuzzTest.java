package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any words given to ip route, ip rule and sysctl are done or refused, and leave tables that can be read. */
@Tag("fuzz")
class RouteWordsFuzzTest {
    private static final String[] WORDS = {
        "add",
        "del",
        "show",
        "get",
        "replace",
        "append",
        "change",
        "flush",
        "default",
        "10.0.0.0/8",
        "10.0.1.0/24",
        "via",
        "10.0.1.254",
        "dev",
        "eth0",
        "lo",
        "nexthop",
        "weight",
        "2",
        "0",
        "-1",
        "table",
        "100",
        "main",
        "local",
        "all",
        "from",
        "to",
        "not",
        "iif",
        "oif",
        "fwmark",
        "0x10/0xff",
        "tos",
        "0x10",
        "pref",
        "500",
        "goto",
        "nop",
        "blackhole",
        "unreachable",
        "prohibit",
        "throw",
        "lookup",
        "sport",
        "1-2",
        "ipproto",
        "tcp",
        "metric",
        "mtu",
        "lock",
        "1400",
        "scope",
        "link",
        "proto",
        "bgp",
        "onlink",
        "src",
        "10.0.1.1",
        "cache",
        "match",
        "root",
        "fibmatch",
        "mark",
        "-w",
        "-a",
        "net.ipv4.ip_forward=1",
        "net.ipv4.conf.all.rp_filter=2",
        "=",
        "/",
        "",
        "4294967296",
    };

    @Test
    void twentyThousandCommandsEndInAnExitCode() {
        Lab lab = new Lab();
        Host host = lab.host("h1", "10.0.1.1/24");
        lab.cable(host.port("eth0"), lab.host("h2", "10.0.1.2/24").port("eth0"));
        host.addInterface("eth1", 0x0200_0000_0501L).address(InterfaceAddress.parse("10.0.2.1/24"));
        SplittableRandom random = new SplittableRandom(7);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            List<String> words = new ArrayList<>(
                    random.nextInt(8) == 0
                            ? List.of("sysctl")
                            : List.of("ip", random.nextBoolean() ? "rule" : "route"));
            for (int k = random.nextInt(9); k > 0; k--) {
                words.add(WORDS[random.nextInt(WORDS.length)]);
            }
            Task task = new Task(words, name -> null);
            tasks.add(task);
            Program program = ServiceLoader.load(Program.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(each -> each.name().equals(words.get(0)))
                    .findFirst()
                    .orElseThrow();
            host.node().at(i * 1000L, now -> {
                program.check(host.node(), host, task);
                program.start(host.node(), host, task, now);
            });
        }
        Task shown = lab.exec(21_000_000L, host, "ip route show table all");
        Task rules = lab.exec(21_000_000L, host, "ip rule");
        Task ping = lab.exec(22_000_000L, host, "ping -c 1 -W 1 10.0.1.2");
        lab.run(2000 * Lab.MILLI);
        assertThat(tasks).allMatch(Task::ended);
        assertThat(tasks.stream().filter(task -> task.exit() == 0).count()).isGreaterThan(200);
        assertThat(shown.exit()).isZero();
        assertThat(rules.exit()).isZero();
        assertThat(ping.ended()).isTrue();
    }
}
