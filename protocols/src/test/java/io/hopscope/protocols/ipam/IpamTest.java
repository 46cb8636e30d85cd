package io.hopscope.protocols.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Ipv4Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IpamTest {
    private static final long MILLI = 1_000_000_000L;
    private static final int AGENT = Ipv4Address.bits("10.0.0.11");

    private final List<String> sent = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);

    private IpamServer server(String latency, String... pools) {
        List<IpamNetwork> networks =
                Arrays.stream(pools).map(IpamNetwork::parse).toList();
        return new IpamServer(
                networks,
                LatencyCurve.parse(latency),
                random::nextInt,
                (client, port, message, now) ->
                        sent.add(now / MILLI + " " + new String(message, StandardCharsets.UTF_8)));
    }

    private static boolean ask(IpamServer server, int number, String device, String method, long now) {
        return ask(server, AGENT, number, device, method, now);
    }

    private static boolean ask(IpamServer server, int agent, int number, String device, String method, long now) {
        byte[] request = RpcMessage.of(method)
                .put("id", "req-a-" + number)
                .put("device", device)
                .put("host", "compute1")
                .put("network", "101")
                .bytes();
        return server.receive(request, 0, request.length, agent, 9697, now);
    }

    /** Does what is due; returns when the last of it was. */
    private static long drain(IpamServer server) {
        long last = 0;
        while (server.nextDeadline() != Long.MAX_VALUE) {
            last = server.nextDeadline();
            server.expire(last);
        }
        return last;
    }

    @Test
    void latencyGrowsAlongStraightLinesAndStaysAfterTheLastPoint() {
        LatencyCurve curve = LatencyCurve.parse("10:1ms,20:2ms,30:1s");
        assertThat(List.of(curve.at(0), curve.at(10), curve.at(15), curve.at(20), curve.at(25), curve.at(99)))
                .containsExactly(MILLI, MILLI, 3 * MILLI / 2, 2 * MILLI, 501 * MILLI, 1000 * MILLI);
        assertThat(LatencyCurve.DEFAULT.at(40_001)).as("the published figure").isEqualTo(10_000 * MILLI);
        assertThat(LatencyCurve.DEFAULT.at(20_000)).isLessThan(100 * MILLI);
    }

    @Test
    void aCurveOrAPoolThatCannotBeIsRefusedWithWhatWasExpected() {
        for (String wrong : List.of("", "5", "1:1", "2:1ms,1:1ms", "1:1ms,1:2ms", "1:2h", "1:99999s")) {
            assertThatThrownBy(() -> LatencyCurve.parse(wrong)).hasMessageContaining("expected");
        }
        for (String wrong : List.of(
                "",
                "101",
                "0=10.0.0.0/24",
                "4095=10.0.0.0/24",
                "101=10.0.0.1/24",
                "101=10.0.0.0/31",
                "101=10.0.0.0/24,10.0.0.9",
                "101=10.0.0.0/24,10.0.0.9-10.0.0.8",
                "101=10.0.0.0/24,10.0.0.9-10.0.1.8",
                "101=10.0.0.0/24,gateway=10.0.1.1")) {
            assertThatThrownBy(() -> IpamNetwork.parse(wrong)).hasMessageContaining("expected");
        }
    }

    @Test
    void messagesAreJsonAndWhatIsNoneIsNotRead() {
        RpcMessage odd = new RpcMessage().put("a", "\"\\ \n é").put("b", "");
        assertThat(odd).hasToString("{\"a\": \"\\\"\\\\ \\u000a é\", \"b\": \"\"}");
        byte[] bytes = odd.bytes();
        assertThat(RpcMessage.parse(bytes, 0, bytes.length)).hasToString(odd.toString());
        assertThat(read(" { \"a\" :\t\"\\u0041\\n\\/\" } ").get("a")).isEqualTo("A\n/");
        assertThat(read("{}").get("a")).isNull();
        for (String wrong : List.of(
                "",
                "{",
                "[]",
                "{\"a\"}",
                "{\"a\":1}",
                "{\"a\":\"b\",}",
                "{\"a\":\"b\"}x",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"b",
                "{\"a\":\"\\u12\"}")) {
            assertThat(read(wrong)).as(wrong).isNull();
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = bytes.clone();
            noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            RpcMessage.parse(noise, 0, random.nextInt(noise.length + 1));
        }
    }

    private static RpcMessage read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return RpcMessage.parse(bytes, 0, bytes.length);
    }

    @Test
    void allocationsAreServedOneAfterTheOtherAndSlowerTheMoreThereAre() {
        IpamServer server = server("0:10ms,1:20ms,2:30ms", "101=10.1.0.0/29");
        for (int i = 0; i < 3; i++) {
            ask(server, AGENT + i, 1, "vm" + i, "create_port", 0);
        }
        assertThat(server.waiting()).isEqualTo(3);
        assertThat(drain(server)).isEqualTo(60 * MILLI);
        assertThat(sent.stream().map(line -> line.substring(0, 2))).containsExactly("10", "30", "60");
        assertThat(sent.get(0))
                .matches("10 \\{\"id\": \"req-a-1\", \"device\": \"vm0\", \"mac_address\": \"fa:16:3e:.{8}\", "
                        + "\"ip_address\": \"10.1.0.2/29\", \"gateway_ip\": \"10.1.0.1\", \"network_type\": \"vlan\", "
                        + "\"segmentation_id\": \"101\"}");
        assertThat(server.longest()).isEqualTo(3);
    }

    @Test
    void aRepeatedRequestIsAnsweredAsBeforeAndAllocatesNothing() {
        IpamServer server = server("0:10ms", "101=10.1.0.0/24");
        ask(server, 1, "vm0", "create_port", 0);
        ask(server, 1, "vm0", "create_port", MILLI);
        assertThat(server.waiting()).as("a copy of one that waits").isEqualTo(1);
        drain(server);
        ask(server, 1, "vm0", "create_port", 20 * MILLI);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1)).isEqualTo("20" + sent.get(0).substring(2));
        ask(server, 2, "vm1", "create_port", 30 * MILLI);
        ask(server, 1, "vm0", "create_port", 31 * MILLI);
        drain(server);
        assertThat(sent).as("a copy that was long on its way").hasSize(3);
        ask(server, 3, "vm1", "create_port", 50 * MILLI);
        drain(server);
        assertThat(sent.get(3)).as("the agent has forgotten").contains("10.1.0.3");
        assertThat(server.ports()).hasSize(2);
    }

    @Test
    void anAddressThatIsGivenBackIsTheNextAndAnEmptyPoolSaysSo() {
        IpamServer server = server("0:1ms", "101=10.1.0.0/24,10.1.0.1-10.1.0.3");
        ask(server, 1, "a", "create_port", 0);
        drain(server);
        ask(server, 2, "b", "create_port", 0);
        drain(server);
        ask(server, 3, "c", "create_port", 0);
        drain(server);
        assertThat(sent.get(0)).as("not the gateway").contains("10.1.0.2/24");
        assertThat(sent.get(2))
                .contains("\"error\": \"IpAddressGenerationFailure\"")
                .contains("No more IP addresses available on network 101.");
        ask(server, 4, "a", "delete_port", 0);
        drain(server);
        ask(server, 5, "c", "create_port", 0);
        drain(server);
        assertThat(sent.get(4)).contains("10.1.0.2/24");
        ask(server, 6, "a", "update_port", 0);
        drain(server);
        assertThat(sent.get(5)).contains("PortNotFound");
        ask(server, 7, "a", "get_port", 0);
        drain(server);
        assertThat(sent.get(6)).contains("Endpoint has no method get_port.");
    }

    @Test
    void whatIsNoRequestIsNotTaken() {
        IpamServer server = server("0:1ms", "101=10.1.0.0/24");
        for (String wrong : List.of(
                "hello",
                "{}",
                "{\"id\": \"7\", \"method\": \"create_port\"}",
                "{\"id\": \"req-a-1\"}",
                "{\"method\": \"x\"}")) {
            byte[] bytes = wrong.getBytes(StandardCharsets.UTF_8);
            assertThat(server.receive(bytes, 0, bytes.length, AGENT, 1, 0)).isFalse();
        }
        assertThat(server.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anAgentRepeatsUnderTheSameIdWithPausesThatDoubleAndGivesUp() {
        List<String> requests = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        IpamClient client = new IpamClient("beef", 1000 * MILLI, 4, new IpamClient.Line() {
            @Override
            public void send(byte[] message, long now) {
                requests.add(now / MILLI + " " + new String(message, StandardCharsets.UTF_8));
            }

            @Override
            public void answered(RpcMessage request, RpcMessage reply, long now) {
                ends.add(now / MILLI + " " + request.get("id") + " " + reply);
            }
        });
        client.call(RpcMessage.of("create_port"), 0);
        client.call(RpcMessage.of("delete_port"), 0);
        for (int i = 0; i < 4; i++) {
            client.expire(client.nextDeadline());
        }
        String first = " {\"id\": \"req-beef-1\", \"method\": \"create_port\"}";
        assertThat(requests)
                .containsExactly(
                        "0" + first,
                        "1000" + first,
                        "3000" + first,
                        "7000" + first,
                        "15000 {\"id\": \"req-beef-2\", \"method\": \"delete_port\"}");
        assertThat(ends).containsExactly("15000 req-beef-1 null");
        assertThat(answer(client, "req-beef-1", 15_001)).as("too late").isFalse();
        assertThat(answer(client, "req-beef-2", 15_002)).isTrue();
        assertThat(ends.get(1)).isEqualTo("15002 req-beef-2 {\"id\": \"req-beef-2\"}");
        assertThat(client.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(client.repeated()).isEqualTo(3);
    }

    private static boolean answer(IpamClient client, String id, long millis) {
        byte[] reply = new RpcMessage().put("id", id).bytes();
        return client.receive(reply, 0, reply.length, millis * MILLI);
    }

    @Test
    void beyondFortyThousandAPortTakesTenSeconds() {
        IpamServer server = server("0:10ms,30000:100ms,40000:10s", "101=10.0.0.0/15");
        long now = 0;
        for (int i = 0; i < 40_002; i += 500) {
            for (int k = i; k < Math.min(40_002, i + 500); k++) {
                ask(server, AGENT + k % 500, 1 + k / 500, "vm" + k, "create_port", now);
            }
            now = drain(server);
        }
        assertThat(server.ports()).hasSize(40_002);
        assertThat(sent.get(40_001)).startsWith(now / MILLI + " ");
        assertThat(now - MILLI * Long.parseLong(sent.get(40_000).split(" ")[0]))
                .isBetween(10_000 * MILLI, 10_001 * MILLI);
        // Trapezia under the curve: 1,650 s for the first 30,000, then 50,500 s for the next 10,000.
        assertThat(now).isBetween(52_100_000 * MILLI, 52_200_000 * MILLI);
    }
}
