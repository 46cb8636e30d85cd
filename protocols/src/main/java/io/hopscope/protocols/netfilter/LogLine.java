package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.View;
import java.util.Locale;

/** A packet in the kernel's log, as nf_log_syslog writes it. */
final class LogLine {
    private static final int SEQUENCE = 1;
    private static final int TCP_OPTIONS = 2;
    private static final int IP_OPTIONS = 4;
    private static final int UID = 8;
    private static final int MAC = 32;

    private LogLine() {}

    static String of(Packet p, String prefix, int flags) {
        StringBuilder line = new StringBuilder(prefix);
        line.append("IN=").append(p.in == null ? "" : p.in);
        line.append(" OUT=").append(p.out == null ? "" : p.out).append(' ');
        if (p.bridged) {
            line.append(p.bridgeIn == null ? "" : "PHYSIN=" + p.bridgeIn + " ");
            line.append(p.bridgeOut == null ? "" : "PHYSOUT=" + p.bridgeOut + " ");
        }
        if (p.in != null && p.mac >= 0) {
            mac(line, p.bytes, p.at - Ethernet.LENGTH, (flags & MAC) != 0);
        }
        packet(line, p.bytes, p.at, p.end, flags, true);
        // Commands run as root.
        line.append((flags & UID) != 0 && p.socketed ? "UID=0 GID=0 " : "");
        if (p.mark != 0) {
            line.append("MARK=0x").append(Integer.toHexString(p.mark)).append(' ');
        }
        return line.toString();
    }

    private static void mac(StringBuilder line, byte[] b, int at, boolean decoded) {
        if (decoded) {
            line.append("MACSRC=").append(MacAddress.text(View.get64(b, at + 6) >>> 16));
            line.append(" MACDST=").append(MacAddress.text(View.get64(b, at) >>> 16));
            line.append(String.format(Locale.ROOT, " MACPROTO=%04x ", View.get16(b, at + 12)));
            return;
        }
        line.append("MAC=");
        for (int i = 0; i < Ethernet.LENGTH; i++) {
            line.append(String.format(Locale.ROOT, i == 0 ? "%02x" : ":%02x", b[at + i]));
        }
        line.append(' ');
    }

    private static void options(StringBuilder line, byte[] b, int from, int to) {
        if (to > from) {
            line.append("OPT (");
            for (int i = from; i < to; i++) {
                line.append(String.format(Locale.ROOT, "%02X", b[i]));
            }
            line.append(") ");
        }
    }

    private static void packet(StringBuilder line, byte[] b, int at, int end, int flags, boolean outermost) {
        if (end - at < Ipv4.LENGTH) {
            line.append("TRUNCATED");
            return;
        }
        int tos = b[at + 1] & 0xff;
        int fragment = View.get16(b, at + 6);
        line.append("SRC=").append(Ipv4Address.text(View.get32(b, at + 12)));
        line.append(" DST=").append(Ipv4Address.text(View.get32(b, at + 16)));
        line.append(String.format(
                Locale.ROOT,
                " LEN=%d TOS=0x%02X PREC=0x%02X TTL=%d ID=%d ",
                View.get16(b, at + 2),
                tos & 0x1e,
                tos & 0xe0,
                b[at + 8] & 0xff,
                View.get16(b, at + 4)));
        line.append((fragment & 0x8000) != 0 ? "CE " : "").append((fragment & 0x4000) != 0 ? "DF " : "");
        line.append((fragment & 0x2000) != 0 ? "MF " : "");
        if ((fragment & 0x1fff) != 0) {
            line.append("FRAG:").append(fragment & 0x1fff).append(' ');
        }
        int payload = at + ((b[at] & 0xf) << 2);
        if ((flags & IP_OPTIONS) != 0) {
            options(line, b, at + Ipv4.LENGTH, Math.min(payload, end));
        }
        int protocol = b[at + 9] & 0xff;
        boolean first = (fragment & 0x1fff) == 0;
        switch (protocol) {
            case Ipv4.TCP -> tcp(line.append("PROTO=TCP "), b, payload, first ? end : payload, flags);
            case Ipv4.UDP -> udp(line.append("PROTO=UDP "), b, payload, first ? end : payload);
            case Ipv4.ICMP -> icmp(line.append("PROTO=ICMP "), b, payload, first ? end : payload, flags, outermost);
            default -> line.append("PROTO=").append(protocol).append(' ');
        }
    }

    private static boolean cut(StringBuilder line, int at, int end, int least) {
        if (end - at < least) {
            line.append(end == at ? "" : "INCOMPLETE [" + (end - at) + " bytes] ");
            return true;
        }
        return false;
    }

    private static void tcp(StringBuilder line, byte[] b, int at, int end, int flags) {
        if (cut(line, at, end, 20)) {
            return;
        }
        line.append("SPT=")
                .append(View.get16(b, at))
                .append(" DPT=")
                .append(View.get16(b, at + 2))
                .append(' ');
        if ((flags & SEQUENCE) != 0) {
            line.append("SEQ=").append(View.get32(b, at + 4) & 0xffff_ffffL);
            line.append(" ACK=").append(View.get32(b, at + 8) & 0xffff_ffffL).append(' ');
        }
        line.append("WINDOW=").append(View.get16(b, at + 14));
        line.append(String.format(Locale.ROOT, " RES=0x%02x ", (b[at + 12] & 0xf) << 2));
        int bits = b[at + 13] & 0xff;
        String[] names = {"CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"};
        for (int i = 0; i < names.length; i++) {
            line.append((bits & 0x80 >> i) != 0 ? names[i] + " " : "");
        }
        line.append("URGP=").append(View.get16(b, at + 18)).append(' ');
        if ((flags & TCP_OPTIONS) != 0) {
            options(line, b, at + 20, Math.min(end, at + ((b[at + 12] & 0xf0) >> 2)));
        }
    }

    private static void udp(StringBuilder line, byte[] b, int at, int end) {
        if (!cut(line, at, end, 8)) {
            line.append("SPT=").append(View.get16(b, at)).append(" DPT=").append(View.get16(b, at + 2));
            line.append(" LEN=").append(View.get16(b, at + 4)).append(' ');
        }
    }

    private static void icmp(StringBuilder line, byte[] b, int at, int end, int flags, boolean outermost) {
        if (cut(line, at, end, 8)) {
            return;
        }
        int type = b[at] & 0xff;
        line.append("TYPE=")
                .append(type)
                .append(" CODE=")
                .append(b[at + 1] & 0xff)
                .append(' ');
        if (type == 0 || type == 8) {
            line.append("ID=")
                    .append(View.get16(b, at + 4))
                    .append(" SEQ=")
                    .append(View.get16(b, at + 6))
                    .append(' ');
        } else if (outermost && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12)) {
            line.append(type == 5 ? "GATEWAY=" + Ipv4Address.text(View.get32(b, at + 4)) + " " : "");
            line.append('[');
            packet(line, b, at + 8, end, flags, false);
            line.append("] ");
            line.append(type == 3 && b[at + 1] == 4 ? "MTU=" + View.get16(b, at + 6) + " " : "");
        }
    }
}
