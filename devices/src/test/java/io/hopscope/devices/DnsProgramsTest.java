package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.protocols.dns.ResolverSettings;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DnsProgramsTest {
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final String SERVER =
            "dnsmasq -d --log-queries --no-resolv --local=/lab/ --host-record=web.lab,10.0.0.2,fd00::2"
                    + " --cname=www.lab,web.lab --txt-record=lab,hello --srv-host=_http._tcp.lab,web.lab,80";

    private final Lab lab = new Lab();
    private final Host client = lab.host("c", "10.0.0.1/24");
    private final Host web = lab.host("w", "10.0.0.2/24");
    private Task server;

    @BeforeEach
    void cable() {
        lab.cable(client.port("eth0"), web.port("eth0"));
        ask("lab", "10.0.0.2");
    }

    private void ask(String search, String... servers) {
        List<Integer> addresses = java.util.Arrays.stream(servers).map(Lab::ip).toList();
        client.stack().names().settings(ResolverSettings.NONE.with(addresses, List.of(search)));
    }

    private List<String> lines(String command) {
        server = lab.exec(0, web, SERVER);
        Task task = lab.exec(1, client, command);
        lab.run(60 * SECOND);
        return task.lines();
    }

    @Test
    void pingFindsItsTargetAndSaysWhoAnswers() {
        assertThat(lines("ping -c 1 www"))
                .startsWith(
                        "PING web.lab (10.0.0.2) 56(84) bytes of data.",
                        "64 bytes from web.lab (10.0.0.2): icmp_seq=1 ttl=64 time=0.002 ms")
                .contains("--- web.lab ping statistics ---");
        assertThat(server.lines())
                .startsWith(
                        "dnsmasq: started, version 2.90 cachesize 150",
                        "dnsmasq: using only locally-known addresses for lab",
                        "dnsmasq: read /etc/hosts - 1 names",
                        "dnsmasq: query[A] www.lab from 10.0.0.1",
                        "dnsmasq: config www.lab is <CNAME>",
                        "dnsmasq: config web.lab is 10.0.0.2",
                        "dnsmasq: query[AAAA] www.lab from 10.0.0.1",
                        "dnsmasq: config www.lab is <CNAME>",
                        "dnsmasq: config web.lab is fd00::2",
                        "dnsmasq: query[PTR] 2.0.0.10.in-addr.arpa from 10.0.0.1",
                        "dnsmasq: config 10.0.0.2 is web.lab");
    }

    @Test
    void aNumberIsLookedUpByNobody() {
        assertThat(lines("ping -c 1 10.0.0.2")).element(1).asString().startsWith("64 bytes from 10.0.0.2: icmp_seq=1");
        assertThat(server.lines()).noneMatch(line -> line.contains("query"));
    }

    /** dnsmasq answers with an alias of its own even where its target has nothing of the type. */
    @Test
    void anAliasIsAnAnswerByItself() {
        assertThat(lines("dig www.lab MX +noall +answer"))
                .singleElement()
                .asString()
                .matches("www.lab.\\s+0\\s+IN\\s+CNAME\\s+web.lab.");
    }

    @Test
    void pingSaysWhyAnAddressCannotBeFound() {
        assertThat(lines("ping -c 1 nobody")).containsExactly("ping: nobody: Temporary failure in name resolution");
    }

    @Test
    void namesOfTheFileComeBeforeDns() {
        client.stack().names().host(NameService.HostsLine.parse("10.0.0.2 printer.lab printer"));
        assertThat(lines("ping -c 1 printer"))
                .startsWith("PING printer.lab (10.0.0.2) 56(84) bytes of data.")
                .element(1)
                .asString()
                .startsWith("64 bytes from printer.lab (10.0.0.2): icmp_seq=1");
        assertThat(lab.exec(0, client, "cat /etc/hosts").lines()).isEmpty();
    }

    /** As dig 9.18 printed it of dnsmasq 2.90, but for the number, the time and the address. */
    @Test
    void digShowsAllOfAnAnswer() {
        assertThat(lines("dig @10.0.0.2 www.lab +qid=11739"))
                .containsExactly(
                        "",
                        "; <<>> DiG 9.18.49-1~deb12u3-Debian <<>> @10.0.0.2 www.lab +qid=11739",
                        "; (1 server found)",
                        ";; global options: +cmd",
                        ";; Got answer:",
                        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 11739",
                        ";; flags: qr aa rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1",
                        "",
                        ";; OPT PSEUDOSECTION:",
                        "; EDNS: version: 0, flags:; udp: 1232",
                        ";; QUESTION SECTION:",
                        ";www.lab.\t\t\tIN\tA",
                        "",
                        ";; ANSWER SECTION:",
                        "www.lab.\t\t0\tIN\tCNAME\tweb.lab.",
                        "web.lab.\t\t0\tIN\tA\t10.0.0.2",
                        "",
                        ";; Query time: 0 msec",
                        ";; SERVER: 10.0.0.2#53(10.0.0.2) (UDP)",
                        ";; WHEN: Thu Jan 01 00:00:00 UTC 1970",
                        ";; MSG SIZE  rcvd: 73",
                        "");
    }

    @Test
    void digShowsWhatItIsToldTo() {
        Task srv = lab.exec(1, client, "dig _http._tcp.lab SRV +noall +answer +add");
        Task brief = lab.exec(1, client, "dig +short web.lab -t AAAA -x 10.0.0.2 lab TXT");
        Task none = lab.exec(1, client, "dig nobody.lab +short");
        Task searched = lab.exec(1, client, "dig web +search +short");
        assertThat(lines("dig web.lab +nocomments +nostats +nocmd"))
                .containsExactly(";web.lab.\t\t\tIN\tA", "web.lab.\t\t0\tIN\tA\t10.0.0.2");
        assertThat(srv.lines())
                .containsExactly(
                        "_http._tcp.lab.\t\t0\tIN\tSRV\t0 0 80 web.lab.",
                        "web.lab.\t\t0\tIN\tA\t10.0.0.2",
                        "web.lab.\t\t0\tIN\tAAAA\tfd00::2");
        assertThat(brief.lines()).containsExactly("fd00::2", "web.lab.", "\"hello\"");
        assertThat(none.lines()).isEmpty();
        assertThat(none.exit()).isZero();
        assertThat(searched.lines()).containsExactly("10.0.0.2");
    }

    @Test
    void digSaysThatNobodyAnswers() {
        Task refused = lab.exec(1, client, "dig @10.0.0.2 -p 54 web.lab +tries=2");
        assertThat(lines("dig @10.0.0.9 web.lab +tries=2 +time=1"))
                .containsExactly(
                        ";; communications error to 10.0.0.9#53: timed out",
                        ";; communications error to 10.0.0.9#53: timed out",
                        "",
                        "; <<>> DiG 9.18.49-1~deb12u3-Debian <<>> @10.0.0.9 web.lab +tries=2 +time=1",
                        "; (1 server found)",
                        ";; global options: +cmd",
                        ";; no servers could be reached");
        assertThat(refused.lines())
                .startsWith(
                        ";; communications error to 10.0.0.2#54: connection refused",
                        ";; communications error to 10.0.0.2#54: connection refused");
        assertThat(refused.exit()).isEqualTo(9);
    }

    @Test
    void nslookupAndHostPrintAsBindsDo() {
        Task reverse = lab.exec(1, client, "nslookup 10.0.0.2");
        Task nobody = lab.exec(1, client, "nslookup nobody.lab");
        Task txt = lab.exec(1, client, "nslookup -type=txt lab");
        Task soa = lab.exec(1, client, "host -t soa lab");
        Task host = lab.exec(1, client, "host www.lab 10.0.0.2");
        Task missing = lab.exec(1, client, "host nobody.lab");
        assertThat(lines("nslookup www"))
                .containsExactly(
                        "Server:\t\t10.0.0.2",
                        "Address:\t10.0.0.2#53",
                        "",
                        "www.lab\tcanonical name = web.lab.",
                        "Name:\tweb.lab",
                        "Address: 10.0.0.2",
                        "Name:\tweb.lab",
                        "Address: fd00::2",
                        "");
        assertThat(reverse.lines()).containsExactly("2.0.0.10.in-addr.arpa\tname = web.lab.", "");
        assertThat(nobody.lines()).contains("** server can't find nobody.lab: NXDOMAIN");
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(txt.lines()).contains("lab\ttext = \"hello\"");
        assertThat(soa.lines()).containsExactly("lab has no SOA record");
        assertThat(host.lines())
                .containsExactly(
                        "Using domain server:",
                        "Name: 10.0.0.2",
                        "Address: 10.0.0.2#53",
                        "Aliases: ",
                        "",
                        "www.lab is an alias for web.lab.",
                        "web.lab has address 10.0.0.2",
                        "web.lab has IPv6 address fd00::2");
        assertThat(missing.lines()).containsExactly("Host nobody.lab not found: 3(NXDOMAIN)");
    }

    @Test
    void aLeaseSaysWhomToAskAndGivesTheClientAName() {
        Host pc = new Host(lab.network.node("pc"), "");
        NetInterface eth0 = pc.addInterface("eth0", 0x02d0_0000_0009L);
        LinuxBridge bridge = new LinuxBridge(lab.network.node("br"), "");
        lab.cable(eth0.port(), bridge.attach("p1"));
        Host dhcp = lab.host("d", "10.7.0.1/24");
        lab.cable(dhcp.port("eth0"), bridge.attach("p2"));
        lab.exec(0, dhcp, "dnsmasq --no-ping --dhcp-range=10.7.0.100,10.7.0.150,2m --domain=lab --local=/lab/");
        lab.exec(1, pc, "udhcpc -q -x hostname:pc");
        Task resolv = lab.exec(SECOND, pc, "cat /etc/resolv.conf");
        Task self = lab.exec(SECOND, pc, "dig +short +search pc");
        lab.run(2 * SECOND);
        assertThat(resolv.lines()).containsExactly("search lab", "nameserver 10.7.0.1");
        assertThat(self.lines()).containsExactly("10.7.0.113");
    }

    @Test
    void serversStopAndTheirPortsAreFree() {
        Task stop = lab.exec(SECOND, web, "killall dnsmasq");
        Task again = lab.exec(2 * SECOND, web, SERVER);
        Task twice = lab.exec(3 * SECOND, web, "dnsmasq --port=53");
        assertThat(lines("ping -c 1 web")).isNotEmpty();
        assertThat(stop.exit()).isZero();
        assertThat(again.exit()).isEqualTo(-1);
        assertThat(twice.exit()).isEqualTo(2);
        assertThat(web.stack().endpoints()).hasSize(1);
        assertThat(client.stack().endpoints()).isEmpty();
    }

    @Test
    void wrongWordsAreRefusedInTheWordsOfTheTools() {
        Task option = lab.exec(0, client, "dig +sort web.lab");
        Task type = lab.exec(0, client, "host -t bogus lab");
        Task server = lab.exec(0, client, "dig @nobody.lab. lab");
        Task record = lab.exec(0, web, "dnsmasq --host-record=web.lab");
        Task address = lab.exec(0, web, "dnsmasq --address=10.0.0.1");
        Task query = lab.exec(0, client, "nslookup -type=bogus lab");
        lab.run(60 * SECOND);
        assertThat(option.lines().get(0)).isEqualTo("Invalid option: +sort (did you mean short?)");
        assertThat(type.lines()).containsExactly("host: invalid type: bogus");
        assertThat(server.lines()).containsExactly("dig: couldn't get address for 'nobody.lab.': not found");
        assertThat(record.lines()).containsExactly("dnsmasq: bad host-record at 'web.lab'");
        assertThat(address.lines()).containsExactly("dnsmasq: bad address at '10.0.0.1'");
        assertThat(query.lines()).containsExactly("unknown query type: bogus");
    }
}
