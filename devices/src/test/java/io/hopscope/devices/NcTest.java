package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Debian's nc 1.219 prints, of runs of it in network namespaces. */
class NcTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();
    private final Host client = lab.host("a", "10.0.2.1/24");
    private final Host server = lab.host("b", "10.0.2.2/24");

    @BeforeEach
    void cable() {
        lab.cable(client.port("eth0"), server.port("eth0"));
    }

    private Task exec(Host host, String line) {
        Task task = new Task(
                List.of(line.split(" ")),
                name -> name.equals("b") ? (Integer) 0x0a000202 : name.equals("c") ? (Integer) 0x0a000203 : null);
        for (Program program : ServiceLoader.load(Program.class)) {
            if (program.name().equals(task.words().get(0))) {
                host.node().at(0, now -> program.start(host.node(), host, task, now));
            }
        }
        return task;
    }

    private Task nc(String line) {
        exec(server, "nc -l -k 80");
        Task task = exec(client, line);
        lab.run(300 * SECOND);
        return task;
    }

    @Test
    void saysOfEachPortOfARangeWhatBecameOfIt() {
        assertThat(nc("nc -z -v b 79-81").lines())
                .containsExactly(
                        "nc: connect to b (10.0.2.2) port 79 (tcp) failed: Connection refused",
                        "Connection to b (10.0.2.2) 80 port [tcp/http] succeeded!",
                        "nc: connect to b (10.0.2.2) port 81 (tcp) failed: Connection refused");
    }

    @Test
    void anAddressIsSaidOnceAndNoServiceNamedWhereNamesAreNotWanted() {
        Task named = nc("nc -z -v 10.0.2.2 80");
        assertThat(named.lines()).containsExactly("Connection to 10.0.2.2 80 port [tcp/http] succeeded!");
        assertThat(nc("nc -z -v -n 10.0.2.2 80").lines())
                .containsExactly("Connection to 10.0.2.2 80 port [tcp/*] succeeded!");
    }

    @Test
    void whoIsImpatientHearsThatItGoesOnAndWhoIsNotWhyItFailed() {
        assertThat(nc("nc -z -v -w 2 c 22").lines())
                .containsExactly("nc: connect to c (10.0.2.3) port 22 (tcp) timed out: Operation now in progress");
        assertThat(nc("nc -z -v -w 5 c 22").lines())
                .containsExactly("nc: connect to c (10.0.2.3) port 22 (tcp) failed: No route to host");
    }
}
