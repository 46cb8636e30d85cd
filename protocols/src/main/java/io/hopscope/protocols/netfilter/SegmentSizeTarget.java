package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import java.util.List;

/** TCPMSS: makes the largest segment that a SYN allows smaller, never larger. A SYN without the option stays without. */
final class SegmentSizeTarget extends Target {
    private static final int CHECKSUM = 16;
    private static final int HEADERS = Ipv4.LENGTH + Tcp.LENGTH;
    private static final int CLAMP = 0;

    private int size = -1;

    @Override
    String name() {
        return "TCPMSS";
    }

    @Override
    List<String> options() {
        return List.of("--set-mss", "--clamp-mss-to-pmtu");
    }

    @Override
    void option(String option, Words words) {
        if (size >= 0) {
            throw words.missing(option + " beside another", "one of --set-mss and --clamp-mss-to-pmtu");
        }
        size = option.equals("--set-mss") ? (int) words.number("bytes of a segment", 1, 65_535 - HEADERS) : CLAMP;
    }

    @Override
    void complete(Words words, String table) {
        if (size < 0) {
            throw words.missing("TCPMSS without an option", "--set-mss or --clamp-mss-to-pmtu");
        }
    }

    @Override
    List<String> hooks() {
        return size == CLAMP ? List.of("FORWARD", "OUTPUT", "POSTROUTING") : List.of();
    }

    @Override
    int apply(Packet p) {
        int at = SegmentSize.find(p);
        if (at < 0) {
            return CONTINUE;
        }
        int old = SegmentSize.of(p, at);
        int most = size == CLAMP ? p.surroundings.mtu(p.source, p.destination) - HEADERS : size;
        if (most > 0 && old > most) {
            View.put16(p.bytes, at, most);
            int sum = p.payload + CHECKSUM;
            // Behind an odd number of bytes the value lies across two words: the sum is that of its bytes turned round.
            boolean odd = (at - p.payload & 1) != 0;
            int before = odd ? Short.reverseBytes((short) old) & 0xffff : old;
            int after = odd ? Short.reverseBytes((short) most) & 0xffff : most;
            View.put16(p.bytes, sum, Checksum.update(View.get16(p.bytes, sum), before, after));
        }
        return CONTINUE;
    }

    @Override
    void print(StringBuilder out) {
        out.append(size == CLAMP ? " --clamp-mss-to-pmtu" : " --set-mss " + size);
    }

    @Override
    void list(StringBuilder out) {
        out.append(size == CLAMP ? " TCPMSS clamp to PMTU" : " TCPMSS set " + size);
    }

    /** Each segment is rewritten by itself. */
    @Override
    int needs() {
        return Match.VOLATILE;
    }
}
