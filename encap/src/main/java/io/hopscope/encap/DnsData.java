package io.hopscope.encap;

/** What records of DNS carry: whether it is what its type demands, and how zone files write it (RFC 1035 section 5.1). */
public final class DnsData {
    /** Behind the name: type, class, TTL, length. */
    static final int FIXED = 10;

    private static final String[] RCODES = {
        "NOERROR",
        "FORMERR",
        "SERVFAIL",
        "NXDOMAIN",
        "NOTIMP",
        "REFUSED",
        "YXDOMAIN",
        "YXRRSET",
        "NXRRSET",
        "NOTAUTH",
        "NOTZONE"
    };

    private DnsData() {}

    /** Where the record that begins at {@code from} ends; -1 for what is none. */
    static int end(byte[] b, int message, int from, int end) {
        int fixed = DnsName.end(b, message, from, end);
        if (fixed < 0 || fixed + FIXED > end) return -1;
        int data = fixed + FIXED;
        int after = data + View.get16(b, data - 2);
        if (after > end) return -1;
        int type = View.get16(b, fixed);
        if (type == Dns.OPT) return fixed == from + 1 && options(b, data, after) ? after : -1;
        return !known(type, View.get16(b, fixed + 2)) || good(b, message, type, data, after) ? after : -1;
    }

    /** Other classes than Internet's have data of their own, and an update has records without any. */
    static boolean known(int type, int kind) {
        return kind == Dns.IN || kind == Dns.CHAOS && type == Dns.TXT;
    }

    private static boolean good(byte[] b, int message, int type, int at, int end) {
        return switch (type) {
            case Dns.A -> end - at == 4;
            case Dns.AAAA -> end - at == 16;
            case Dns.NS, Dns.CNAME, Dns.PTR -> DnsName.end(b, message, at, end) == end;
            case Dns.MX -> end - at > 2 && DnsName.end(b, message, at + 2, end) == end;
            case Dns.SRV -> end - at > 6 && DnsName.end(b, message, at + 6, end) == end;
            case Dns.SOA -> {
                int second = DnsName.end(b, message, at, end);
                int numbers = second < 0 ? -1 : DnsName.end(b, message, second, end);
                yield numbers >= 0 && numbers + 20 == end;
            }
            case Dns.TXT -> strings(b, at, end);
            default -> true;
        };
    }

    private static boolean strings(byte[] b, int at, int end) {
        int next = at;
        while (next < end) next += 1 + (b[next] & 0xff);
        return next == end && end > at;
    }

    private static boolean options(byte[] b, int at, int end) {
        int next = at;
        while (next + 4 <= end) next += 4 + View.get16(b, next + 2);
        return next == end;
    }

    /** The data of a record that {@code fits} has passed, as a zone file has it; names have a dot at their end. */
    public static String text(byte[] b, int message, int type, int at, int end) {
        return switch (type) {
            case Dns.A -> Ipv4Address.text(View.get32(b, at));
            case Dns.AAAA -> ipv6(b, at);
            case Dns.NS, Dns.CNAME, Dns.PTR -> name(b, message, at);
            case Dns.MX -> View.get16(b, at) + " " + name(b, message, at + 2);
            case Dns.SRV ->
                View.get16(b, at) + " " + View.get16(b, at + 2) + " " + View.get16(b, at + 4) + " "
                        + name(b, message, at + 6);
            case Dns.SOA -> {
                int second = DnsName.end(b, message, at, end);
                int numbers = DnsName.end(b, message, second, end);
                StringBuilder out =
                        new StringBuilder(name(b, message, at)).append(' ').append(name(b, message, second));
                for (int i = 0; i < 20; i += 4) out.append(' ').append(View.get32(b, numbers + i) & 0xffff_ffffL);
                yield out.toString();
            }
            case Dns.TXT -> quoted(b, at, end);
            default -> unknown(b, at, end);
        };
    }

    private static String name(byte[] b, int message, int at) {
        return DnsName.text(b, message, at) + ".";
    }

    private static String quoted(byte[] b, int at, int end) {
        StringBuilder out = new StringBuilder();
        for (int next = at; next < end; next += 1 + (b[next] & 0xff)) {
            out.append(next == at ? "\"" : " \"");
            for (int i = 1; i <= (b[next] & 0xff); i++) {
                int c = b[next + i] & 0xff;
                if (c < ' ' || c > '~') {
                    out.append('\\').append((char) ('0' + c / 100));
                    out.append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
                } else {
                    out.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
                }
            }
            out.append('"');
        }
        return out.toString();
    }

    /** RFC 3597, section 5. */
    private static String unknown(byte[] b, int at, int end) {
        StringBuilder out = new StringBuilder("\\# ").append(end - at).append(end > at ? " " : "");
        for (int i = at; i < end; i++) {
            out.append(Character.toUpperCase(Character.forDigit(b[i] >> 4 & 15, 16)));
            out.append(Character.toUpperCase(Character.forDigit(b[i] & 15, 16)));
        }
        return out.toString();
    }

    /** RFC 5952: the longest run of zeros as two colons. */
    static String ipv6(byte[] b, int at) {
        int best = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && View.get16(b, at + 2 * (i + run)) == 0) run++;
            if (run > longest) {
                best = i;
                longest = run;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                out.append("::");
                i += longest - 1;
            } else {
                out.append(i > 0 && out.charAt(out.length() - 1) != ':' ? ":" : "");
                out.append(Integer.toHexString(View.get16(b, at + 2 * i)));
            }
        }
        return out.toString();
    }

    /**
     * The bytes of an IPv6 address.
     *
     * @throws IllegalArgumentException for what is none
     */
    public static byte[] ipv6(String text) {
        int gap = text.indexOf("::");
        String[] front = (gap < 0 ? text : text.substring(0, gap)).split(":", -1);
        String[] back = gap < 0 ? new String[0] : text.substring(gap + 2).split(":", -1);
        int first = gap == 0 ? 0 : front.length;
        int last = back.length == 1 && back[0].isEmpty() ? 0 : back.length;
        if (gap < 0 ? first != 8 : first + last > 7) throw new IllegalArgumentException(text);
        byte[] bytes = new byte[16];
        for (int i = 0; i < first; i++) View.put16(bytes, 2 * i, group(front[i], text));
        for (int i = 0; i < last; i++) View.put16(bytes, 16 - 2 * (last - i), group(back[i], text));
        return bytes;
    }

    private static int group(String text, String whole) {
        if (!text.matches("[0-9A-Fa-f]{1,4}")) throw new IllegalArgumentException(whole);
        return Integer.parseInt(text, 16);
    }

    /** {@code A}, {@code MX}, or {@code TYPE99}. */
    public static String typeName(int type) {
        return switch (type) {
            case Dns.A -> "A";
            case Dns.NS -> "NS";
            case Dns.CNAME -> "CNAME";
            case Dns.SOA -> "SOA";
            case Dns.PTR -> "PTR";
            case Dns.MX -> "MX";
            case Dns.TXT -> "TXT";
            case Dns.AAAA -> "AAAA";
            case Dns.SRV -> "SRV";
            case Dns.OPT -> "OPT";
            case Dns.ANY -> "ANY";
            default -> "TYPE" + type;
        };
    }

    /** The number of a type's name; -1 for what is none. */
    public static int type(String name) {
        String upper = name.toUpperCase(java.util.Locale.ROOT);
        for (int type = 1; type <= Dns.ANY; type++) {
            if (typeName(type).equals(upper)) return type;
        }
        return -1;
    }

    /** {@code IN}, {@code CH}, or {@code CLASS9}. */
    public static String className(int number) {
        return number == Dns.IN ? "IN" : number == Dns.CHAOS ? "CH" : "CLASS" + number;
    }

    /** In dig's words. */
    public static String rcodeName(int rcode) {
        return rcode < RCODES.length ? RCODES[rcode] : "RESERVED" + rcode;
    }
}
