package io.hopscope.devices.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.DnsName;
import io.hopscope.protocols.dns.DnsMessage;
import io.hopscope.protocols.dns.DnsQuestion;
import io.hopscope.protocols.dns.DnsServer;
import io.hopscope.protocols.dns.DnsServerPlan.Upstream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DNS server beside the real dnsmasq (2.90): the same options, the same questions, the same bytes. */
@Tag("oracle")
class DnsmasqOracleTest implements DnsServer.Line {
    @TempDir
    Path folder;

    private Process real;
    private byte[] ours;
    /** So many bytes have to be the same. */
    private int heed = 10_000;

    @AfterEach
    void stop() throws InterruptedException {
        if (real != null) {
            real.destroy();
            real.waitFor();
        }
    }

    private int start(List<String> options) throws IOException {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(
                "dnsmasq",
                "-k",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--user=root",
                "--pid-file=" + folder.resolve("pid"),
                "--log-facility=" + folder.resolve("log")));
        command.addAll(options);
        String oracles = System.getProperty("hopscope.oracles", "auto");
        assumeTrue(!oracles.equals("off"), "oracles are off");
        try {
            real = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "dnsmasq is not installed");
        }
        return port;
    }

    private static byte[] query(String line) {
        String[] words = line.split(" ");
        DnsQuestion question = new DnsQuestion(
                words[0].equals(".") ? "" : words[0],
                DnsData.type(words[1]),
                line.contains(" CH") ? Dns.CHAOS : Dns.IN);
        DnsMessage query = DnsMessage.query(0x1234, line.contains("norec") ? 0 : Dns.RECURSION_DESIRED, question);
        query.flags |= line.contains("opcode") ? 2 << 11 : 0;
        query.udpSize = line.contains("noedns") ? -1 : line.contains("small") ? 512 : 4096;
        query.extended = line.contains("dnssec") ? 0x8000 : 0;
        return query.bytes(512);
    }

    private static byte[] ask(DatagramSocket socket, int port, byte[] query) throws IOException {
        byte[] room = new byte[4096];
        DatagramPacket answer = new DatagramPacket(room, room.length);
        for (int tries = 0; tries < 20; tries++) {
            socket.send(new DatagramPacket(query, query.length, InetAddress.getByName("127.0.0.1"), port));
            try {
                socket.receive(answer);
                return Arrays.copyOf(room, answer.getLength());
            } catch (SocketTimeoutException | java.net.PortUnreachableException e) {
                continue;
            }
        }
        return fail("dnsmasq does not answer");
    }

    private void assertSameAnswers(List<String> options, List<String> questions) throws IOException {
        int port = start(options);
        DnsmasqPlan plan = new DnsmasqPlan();
        plan.read(options);
        DnsServer server = new DnsServer(plan.names.plan, now -> List.of(), () -> 1, this);
        List<String> different = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(500);
            for (String each : questions) {
                byte[] query = query(each);
                ours = null;
                server.receive(new DnsServer.Client(1, 2, 3), query, 0, query.length, 0);
                byte[] theirs = ask(socket, port, query);
                boolean same = ours != null
                        && ours.length == theirs.length
                        && Arrays.equals(ours, 0, Math.min(heed, ours.length), theirs, 0, Math.min(heed, ours.length));
                if (!same) {
                    HexFormat hex = HexFormat.of();
                    different.add(each + "\n real " + hex.formatHex(theirs) + "\n ours "
                            + (ours == null ? "nothing" : hex.formatHex(ours)));
                }
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void answersFromOptionsByteForByte() throws IOException {
        assertSameAnswers(
                List.of(
                        "--address=/web.lab/10.0.0.2",
                        "--address=/multi.lab/10.0.0.5",
                        "--address=/multi.lab/10.0.0.6",
                        "--address=/gone.lab/",
                        "--address=/null.lab/#",
                        "--address=/six.lab/fd00::6",
                        "--host-record=db.lab,db,10.0.0.3,fd00::3",
                        "--host-record=two.lab,10.0.1.1",
                        "--host-record=two.lab,10.0.1.2,77",
                        "--host-record=over.web.lab,10.9.9.9",
                        "--cname=www.lab,db.lab",
                        "--cname=a.lab,b.lab,www.lab,33",
                        "--mx-host=lab,mail.lab,10",
                        "--mx-host=lab,other.lab,20",
                        "--srv-host=_http._tcp.lab,web.lab,80,0,5",
                        "--srv-host=_http._tcp.lab,db.lab,81",
                        "--txt-record=lab,v=spf1 -all,two",
                        "--txt-record=lab,three",
                        "--ptr-record=9.0.0.10.in-addr.arpa,nine.lab",
                        "--local=/lab/",
                        "--local=/other/",
                        "--domain-needed",
                        "--local-ttl=60"),
                List.of(
                        "web.lab A",
                        "WEB.lab A",
                        "a.web.lab A",
                        "web.lab AAAA",
                        "web.lab TXT",
                        "over.web.lab A",
                        "x.multi.lab A",
                        "gone.lab A",
                        "gone.lab TXT",
                        "x.gone.lab AAAA",
                        "null.lab A",
                        "null.lab AAAA",
                        "null.lab MX",
                        "six.lab AAAA",
                        "six.lab A",
                        "db.lab A",
                        "db A",
                        "db.lab AAAA",
                        "db.lab TXT",
                        "two.lab A",
                        "two.lab AAAA",
                        "www.lab A",
                        "www.lab AAAA",
                        "www.lab CNAME",
                        "a.lab A",
                        "b.lab CNAME",
                        "lab MX",
                        "lab TXT",
                        "lab ANY",
                        "lab SOA",
                        "lab NS",
                        "_http._tcp.lab SRV",
                        "9.0.0.10.in-addr.arpa PTR",
                        "3.0.0.10.in-addr.arpa PTR",
                        "2.0.0.10.in-addr.arpa PTR",
                        "1.1.0.10.in-addr.arpa PTR",
                        "nothere.lab A",
                        "nothere.lab A noedns",
                        "nothere.lab A norec",
                        "db.lab A norec noedns",
                        "db.lab A small",
                        "db.lab A dnssec",
                        "plain A",
                        "plain TXT",
                        "far.example A",
                        "far.example A noedns",
                        "x.other A",
                        "other SOA",
                        ". NS",
                        "version.bind TXT CH",
                        "web.lab A CH",
                        "db.lab A opcode"));
    }

    @Test
    void privateAddressesAreNobodysWhereTheyAreBogus() throws IOException {
        List<String> questions = new ArrayList<>();
        for (String each : List.of("10.1.2.3", "172.16.0.1", "172.32.0.1", "192.168.0.9", "169.254.1.1", "8.8.8.8")) {
            questions.add(DnsName.reverse(io.hopscope.encap.Ipv4Address.bits(each)) + " PTR");
        }
        questions.add("x.in-addr.arpa PTR");
        assertSameAnswers(List.of("--bogus-priv", "--host-record=h.lab,10.1.2.3"), questions);
    }

    /** Which of many records find room is a matter of how dnsmasq sorts them. */
    @Test
    void whatFindsNoRoomIsLeftOutAndSaid() throws IOException {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            options.add("--host-record=many.lab,10.2.0." + i);
        }
        heed = 28;
        assertSameAnswers(options, List.of("many.lab A", "many.lab A noedns", "many.lab A small"));
    }

    @Override
    public void reply(DnsServer.Client client, byte[] message, long now) {
        ours = message;
    }

    @Override
    public void forward(int handle, Upstream to, byte[] message, long now) {
        fail("nobody is there to be asked");
    }

    @Override
    public void close(int handle) {}

    @Override
    public void say(String text) {}
}
