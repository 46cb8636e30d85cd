package io.hopscope.protocols.netfilter;

import io.hopscope.encap.MacAddress;
import java.util.List;

/** xt_mac: the MAC that a packet came from. */
final class MacMatch extends Match {
    private long mac = -1;
    private boolean inverted;

    @Override
    String name() {
        return "mac";
    }

    @Override
    List<String> options() {
        return List.of("--mac-source");
    }

    /** Nobody has sent what this host sends itself, and on the way out it is too late. */
    @Override
    List<String> hooks() {
        return List.of("PREROUTING", "INPUT", "FORWARD");
    }

    @Override
    void option(String option, boolean not, Words words) {
        inverted = not;
        mac = words.mac();
    }

    @Override
    void complete(Words words) {
        if (mac < 0) {
            throw words.missing("mac without an option", "--mac-source");
        }
    }

    @Override
    boolean matches(Packet p) {
        return p.mac >= 0 && (p.mac == mac) != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --mac-source ").append(MacAddress.text(mac));
    }

    @Override
    int needs() {
        return MAC;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" MAC").append(inverted ? " ! " : " ").append(MacAddress.text(mac));
    }
}
