package io.hopscope.protocols.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowSyntaxTest {
    private static final TestPorts PORTS = TestPorts.of("int-br-bond", "tap1", "qvovm1", "patch-tun");
    private static final Path GOLDEN = Path.of("../../../shared/golden/openstack-provider/veth/state");

    /** Lines of dump-flows by Open vSwitch 2.17 and the Neutron flows, in canonical form. */
    private static final List<String> CANONICAL = List.of(
            "priority=4,in_port=7,dl_vlan=1 actions=mod_vlan_vid:101,NORMAL",
            "priority=2,in_port=7 actions=drop",
            "priority=10,arp,in_port=9 actions=resubmit(,24)",
            "priority=2,arp,in_port=9,arp_spa=10.0.1.11 actions=resubmit(,25)",
            "priority=2,in_port=9,dl_src=fa:16:3e:00:00:01 actions=resubmit(,60)",
            "priority=0 actions=NORMAL",
            "actions=drop",
            "priority=3,in_port=\"int-br-bond\",vlan_tci=0x0000 actions=mod_vlan_vid:2,NORMAL",
            "priority=3,in_port=tap1,vlan_tci=0x0000/0x1fff actions=push_vlan:0x8100,set_field:4097->vlan_vid,goto_table:60",
            "priority=10,icmp6,in_port=9,icmp_type=136 actions=resubmit(,24)",
            "priority=0,dl_dst=00:00:00:00:00:00/01:00:00:00:00:00 actions=resubmit(,20)",
            "priority=1,tun_id=0x64 actions=mod_vlan_vid:3,resubmit(,10)",
            "priority=2,dl_vlan=3,dl_dst=fa:16:3e:00:00:02 actions=strip_vlan,set_tunnel:0x64,output:12",
            "priority=1,vlan_tci=0x0003/0x0fff,dl_dst=fa:16:3e:00:00:02 actions=load:0->NXM_OF_VLAN_TCI[],load:0x64->NXM_NX_TUN_ID[],output:\"patch-tun\"",
            "priority=1,arp,dl_vlan=3,arp_tpa=10.0.0.5 actions=move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],mod_dl_src:fa:16:3e:00:00:05,load:0x2->NXM_OF_ARP_OP[],move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[],load:0xfa163e000005->NXM_NX_ARP_SHA[],load:0xa000005->NXM_OF_ARP_SPA[],IN_PORT",
            "priority=90,dl_vlan=644,dl_dst=fa:16:3e:00:00:02 actions=load:0x1->NXM_NX_REG5[],load:0x284->NXM_NX_REG6[],resubmit(,81)",
            "priority=65,ip,reg5=0x1,reg6=0x1/0xff,metadata=0x7,in_port=9,dl_src=fa:16:3e:00:00:02,nw_src=10.0.0.0/8,nw_dst=10.0.0.1/255.0.0.255 actions=dec_ttl,mod_nw_dst:1.2.3.4,FLOOD",
            "priority=80,udp,tp_src=68,tp_dst=67 actions=CONTROLLER:65535",
            "tcp,nw_tos=16,nw_ecn=1,nw_ttl=64,tp_dst=0x100/0xff00 actions=ALL,LOCAL,resubmit(9,5),resubmit:9",
            "icmp,icmp_type=8,icmp_code=0 actions=set_field:00:00:00:00:00:01->eth_src,set_field:0x1/0xf->reg0",
            "ip,nw_proto=89 actions=move:NXM_NX_REG0[0..11]->NXM_OF_VLAN_TCI[0..11],load:0x1->NXM_OF_VLAN_TCI[12]",
            "dl_type=0x88cc actions=pop_vlan,mod_vlan_pcp:3,set_tunnel64:0x100000000",
            "arp,dl_vlan=5,dl_vlan_pcp=2,arp_op=1,arp_sha=00:00:00:00:00:01,arp_tha=00:00:00:00:00:02 actions=tap1"
                    .replace("=tap1", "=output:tap1"),
            "dl_vlan_pcp=2 actions=output:LOCAL".replace("output:", ""));

    @Test
    void printsCanonicalFlowsAsTheyWereRead() {
        for (String line : CANONICAL) {
            assertThat(FlowParser.parse(line, PORTS).rule(PORTS)).isEqualTo(line.replace("load:0-", "load:0x0-"));
        }
    }

    @Test
    void readsItsOwnDumpBack() {
        Pipeline pipeline = new Pipeline(PORTS);
        for (String line : CANONICAL) pipeline.add(FlowParser.parse("cookie=0xab,idle_timeout=3," + line, PORTS), 0);
        Pipeline again = new Pipeline(PORTS);
        for (String line : pipeline.dump(1234 * Pipeline.SECOND / 1000)) again.add(FlowParser.parse(line, PORTS), 0);
        assertThat(again.flows()).isEqualTo(pipeline.flows()).hasSize(CANONICAL.size());
        assertThat(pipeline.dump(1234 * Pipeline.SECOND / 1000).get(0))
                .startsWith(" cookie=0xab, duration=1.234s, table=0, n_packets=0, n_bytes=0, idle_timeout=3, ");
    }

    @Test
    void printsEveryLineOfTheGoldenDumpsAsOpenVSwitchDid() throws IOException {
        int lines = 0;
        for (String line : golden("-dump-flows.txt")) {
            if (!line.startsWith(" cookie")) continue;
            Pipeline pipeline = new Pipeline(PortNames.NUMBERS);
            pipeline.add(FlowParser.parse(line, PortNames.NUMBERS), 0);
            String comparable = line.replaceAll(" idle_age=\\d+,", "")
                    .replaceAll("duration=[0-9.]+s, ", "duration=0.000s, ")
                    .replaceAll("n_(packets|bytes)=\\d+", "n_$1=0");
            assertThat(pipeline.dump(0)).containsExactly(comparable);
            lines++;
        }
        assertThat(lines).isGreaterThan(30);
    }

    @Test
    void readsTheGoldenAddFlowFiles() throws IOException {
        for (String line : golden(".flows")) {
            Flow flow = FlowParser.parse(line, PortNames.NUMBERS);
            assertThat(FlowParser.parse(flow.toString(), PortNames.NUMBERS)).isEqualTo(flow);
            String rest = line.substring(line.indexOf("priority=")).replace(",actions", " actions");
            assertThat(flow.rule(PortNames.NUMBERS)).isEqualTo(rest);
        }
    }

    private static List<String> golden(String suffix) throws IOException {
        Path folder = Files.isDirectory(GOLDEN) ? GOLDEN : Path.of("../" + GOLDEN);
        Assumptions.assumeTrue(Files.isDirectory(folder), "no golden captures here");
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(suffix)) lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(lines).isNotEmpty();
        return lines;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dl_vlan=0xffff,actions=drop|vlan_tci=0x0000 actions=drop",
                "vlan_vid=0x1065,actions=drop|dl_vlan=101 actions=drop",
                "vlan_vid=0,actions=drop|vlan_tci=0x0000/0x1fff actions=drop",
                "eth_type=0x0800,ip_proto=6,tcp_dst=80 actions=tap1|tcp,tp_dst=80 actions=output:tap1",
                "actions=\"int-br-bond\",4|actions=output:\"int-br-bond\",output:\"patch-tun\"",
                "actions=output:\"patch-tun\",normal|actions=output:\"patch-tun\",NORMAL",
                "nw_src=10.1.2.3/16,ip actions=output(port=2)|ip,nw_src=10.1.0.0/16 actions=output:tap1",
                "arp,nw_proto=2,nw_dst=1.2.3.4 actions=|arp,arp_tpa=1.2.3.4,arp_op=2 actions=drop",
                "in_port=LOCAL actions=resubmit(in_port,3)|in_port=LOCAL actions=resubmit(,3)",
                "udp udp_src=0x35 actions=drop|udp,tp_src=53 actions=drop",
                "actions=65531|actions=FLOOD"
            })
    void readsWhatPeopleWriteAndPrintsTheCanonicalForm(String written, String canonical) {
        assertThat(FlowParser.parse(written, PORTS).rule(PORTS)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in_prot=1,actions=drop|1|in_prot|in_port",
                "in_port=int-br-bnd,actions=drop|9|int-br-bnd|int-br-bond",
                "ip,nw_src=10.0.0,actions=drop|11|10.0.0|",
                "dl_vlan=4097,actions=drop|9|4097|",
                "priority=70000,actions=drop|10|70000|",
                "table=255,actions=drop|7|255|",
                "table=5,actions=goto_table:5|28|5|",
                "actions=ouput:1|9|ouput|output",
                "actions=output:tap2|16|tap2|tap1",
                "actions=NORMLA|9|NORMLA|NORMAL",
                "actions=output|9|output|output",
                "nw_src=10.0.0.1,actions=drop|1|nw_src|",
                "tcp_dst=80,actions=drop|1|tcp_dst|",
                "actions=set_field:1->vlan_vid|19|1|",
                "actions=set_field:1->reg9|22|reg9|reg0",
                "actions=learn(table=20,hard_timeout=300)|9|learn|",
                "actions=drop,NORMAL|9|drop|",
                "actions=move:NXM_OF_ETH_SRC[]->NXM_NX_REG0[]|32|NXM_NX_REG0[]|",
                "actions=load:0x1->NXM_NX_REG0[0..32]|34|32|",
                "dl_src=fa:16:3e:00:00,actions=drop|8|fa:16:3e:00:00|",
                "ipp,actions=drop|1|ipp|ip",
                "dl_vlan,actions=drop|1|dl_vlan|dl_vlan",
                "nw_tos=1,ip,actions=drop|8|1|",
                "tun_id=010,actions=drop|8|010|",
                "cookie=1/2,actions=drop|8|1/2|",
                "priority=5|11||"
            })
    void saysWhereWhatWasFoundAndWhatIsNear(String line, int column, String found, String nearest) {
        FlowSyntaxException e = catchThrowableOfType(FlowSyntaxException.class, () -> FlowParser.parse(line, PORTS));
        assertThat(e).as(line).isNotNull();
        assertThat(e.column()).as(e.getMessage()).isEqualTo(column);
        assertThat(e.found()).isEqualTo(found == null ? "" : found);
        assertThat(e.nearest()).isEqualTo(nearest);
        assertThat(e).hasMessageContaining("column " + column).hasMessageContaining("expected " + e.expected());
    }

    @Test
    void saysThatLearningComesWithTenantNetworks() {
        FlowSyntaxException e = catchThrowableOfType(
                FlowSyntaxException.class, () -> FlowParser.parse("actions=learn(table=20),output:1", PORTS));
        assertThat(e).hasMessageContaining("learn comes with VXLAN tenant networks");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void refusesBrokenLinesWithNothingButASyntaxException(long seed) {
        Random random = new Random(seed);
        String alphabet = "=,:()[]->\"/ .0123456789xabcdefinoprtuvw_ABNXM%\u00e9\u0664";
        int accepted = 0;
        for (int i = 0; i < 40_000; i++) {
            StringBuilder line = new StringBuilder(CANONICAL.get(random.nextInt(CANONICAL.size())));
            for (int edits = 1 + random.nextInt(3); edits > 0 && line.length() > 0; edits--) {
                int at = random.nextInt(line.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> line.setCharAt(at, c);
                    case 1 -> line.insert(at, c);
                    case 2 -> line.deleteCharAt(at);
                    default -> line.delete(at, Math.min(line.length(), at + random.nextInt(20)));
                }
            }
            String text = line.toString();
            try {
                Flow flow = FlowParser.parse(text, PORTS);
                assertThat(FlowParser.parse(flow.text(PORTS), PORTS)).as(text).isEqualTo(flow);
                accepted++;
            } catch (FlowSyntaxException e) {
                assertThat(e.column()).as(text).isBetween(1, text.length() + 1);
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }
}
