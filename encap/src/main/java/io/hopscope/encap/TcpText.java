package io.hopscope.encap;

/** The part of {@link Printer} for TCP: flags, absolute numbers, options. */
final class TcpText {
    private static final char[] FLAG_LETTERS = {'F', 'S', 'R', 'P', '.', 'U', 'E', 'W'};

    private TcpText() {}

    static String flags(int flags) {
        if (flags == 0) return "none";
        StringBuilder letters = new StringBuilder(8);
        for (int bit = 0; bit < 8; bit++) {
            if ((flags >> bit & 1) != 0) letters.append(FLAG_LETTERS[bit]);
        }
        return letters.toString();
    }

    static void print(Printer printer, int at, int end) {
        StringBuilder out = printer.out;
        byte[] b = printer.b;
        int flags = b[at + 13] & 0xff;
        int header = (b[at + 12] & 0xf0) >> 2;
        out.append("Flags [").append(flags(flags)).append(']');
        if (header < Tcp.LENGTH || header > end - at) {
            out.append(" [bad hdr length ")
                    .append(header)
                    .append(header < Tcp.LENGTH ? " - too short, < 20]" : " - too long]");
            return;
        }
        int length = end - at - header;
        long seq = View.get32(b, at + 4) & 0xffff_ffffL;
        if (length > 0 || (flags & (Tcp.SYN | Tcp.FIN | Tcp.RST)) != 0) {
            out.append(", seq ").append(seq);
            if (length > 0) out.append(':').append(seq + length & 0xffff_ffffL);
        }
        if ((flags & Tcp.ACK) != 0) out.append(", ack ").append(View.get32(b, at + 8) & 0xffff_ffffL);
        out.append(", win ").append(View.get16(b, at + 14));
        if ((flags & Tcp.URG) != 0) out.append(", urg ").append(View.get16(b, at + 18));
        if (header > Tcp.LENGTH) options(out, b, at + Tcp.LENGTH, at + header);
        out.append(", length ").append(length);
    }

    private static void options(StringBuilder out, byte[] b, int from, int end) {
        out.append(", options [");
        int i = from;
        while (i < end) {
            if (i > from) out.append(',');
            int kind = b[i];
            if (kind == 0) {
                out.append("eol");
                break;
            }
            if (kind == 1) {
                out.append("nop");
                i++;
                continue;
            }
            int length = i + 1 < end ? b[i + 1] & 0xff : 0;
            if (length < 2 || length > end - i) {
                out.append("[bad opt]");
                break;
            }
            option(out, b, i, kind, length);
            i += length;
        }
        out.append(']');
    }

    private static void option(StringBuilder out, byte[] b, int at, int kind, int length) {
        if (kind == 2 && length == 4) {
            out.append("mss ").append(View.get16(b, at + 2));
        } else if (kind == 3 && length == 3) {
            out.append("wscale ").append(b[at + 2] & 0xff);
        } else if (kind == 4 && length == 2) {
            out.append("sackOK");
        } else if (kind == 5 && length >= 10 && length % 8 == 2) {
            out.append("sack ").append(length / 8).append(' ');
            for (int i = at + 2; i < at + length; i += 8) {
                out.append('{').append(View.get32(b, i) & 0xffff_ffffL).append(':');
                out.append(View.get32(b, i + 4) & 0xffff_ffffL).append('}');
            }
        } else if (kind == 8 && length == 10) {
            out.append("TS val ").append(View.get32(b, at + 2) & 0xffff_ffffL);
            out.append(" ecr ").append(View.get32(b, at + 6) & 0xffff_ffffL);
        } else {
            out.append("unknown-").append(kind & 0xff);
        }
    }
}
