package io.hopscope.encap;

/** The part of {@link Printer} that reads DNS; it takes messages that fit only. */
final class DnsPrinter {
    private static final String[] OPCODES = {"", " inv_q", " stat", " op3", " notify", " update"};
    private static final String[] RCODES = {
        "",
        " FormErr",
        " ServFail",
        " NXDomain",
        " NotImp",
        " Refused",
        " YXDomain",
        " YXRRSet",
        " NXRRSet",
        " NotAuth",
        " NotZone"
    };
    /** Bits that a query has no business with. */
    private static final int ODD = 0x6cf;

    private final byte[] b;
    private final int at;
    private final int end;
    private final StringBuilder out;
    private int next;

    DnsPrinter(byte[] b, int at, int end, StringBuilder out) {
        this.b = b;
        this.at = at;
        this.end = end;
        this.out = out;
        next = at + Dns.LENGTH;
    }

    void print() {
        Dns dns = new Dns().wrap(b, at);
        out.append(dns.id()).append(dns.opcode() < 6 ? OPCODES[dns.opcode()] : " op" + dns.opcode());
        if (dns.response()) response(dns);
        else query(dns);
        out.append(" (").append(end - at).append(')');
    }

    private void query(Dns dns) {
        flag(dns, Dns.RECURSION_DESIRED, "+");
        flag(dns, Dns.CHECKING_DISABLED, "%");
        if ((dns.flags() & ODD) != 0) {
            out.append(" [b2&3=0x").append(Integer.toHexString(dns.flags())).append(']');
        }
        count(dns.answers(), "a");
        if (dns.questions() != 1) out.append(" [").append(dns.questions()).append("q]");
        count(dns.authority(), "n");
        count(dns.additional(), "au");
        for (int i = 0; i < dns.questions(); i++) {
            int type = DnsName.end(b, at, next, end);
            int kind = View.get16(b, type + 2);
            out.append(' ').append(typeName(View.get16(b, type)));
            out.append(kind == Dns.IN ? "?" : " " + className(kind) + "?");
            out.append(' ').append(DnsName.text(b, at, next)).append('.');
            next = type + 4;
        }
    }

    private void count(int records, String what) {
        if (records > 0) out.append(" [").append(records).append(what).append(']');
    }

    private void flag(Dns dns, int bit, String mark) {
        if ((dns.flags() & bit) != 0) out.append(mark);
    }

    private void response(Dns dns) {
        out.append(dns.rcode() < RCODES.length ? RCODES[dns.rcode()] : " Resp" + dns.rcode());
        flag(dns, Dns.AUTHORITATIVE, "*");
        if ((dns.flags() & Dns.RECURSION_AVAILABLE) == 0) out.append('-');
        flag(dns, Dns.TRUNCATED, "|");
        flag(dns, Dns.AUTHENTIC, "$");
        if (dns.questions() != 1) out.append(" [").append(dns.questions()).append("q]");
        for (int i = 0; i < dns.questions(); i++) next = DnsName.end(b, at, next, end) + 4;
        out.append(' ').append(dns.answers()).append('/').append(dns.authority());
        out.append('/').append(dns.additional());
        for (int i = 0; i < dns.answers(); i++) {
            if (i > 0) out.append(',');
            record();
        }
    }

    private void record() {
        int fixed = DnsName.end(b, at, next, end);
        int type = View.get16(b, fixed);
        int data = fixed + DnsData.FIXED;
        int kind = View.get16(b, fixed + 2);
        if (kind != Dns.IN && type != Dns.OPT) out.append(' ').append(className(kind));
        out.append(' ').append(typeName(type));
        next = data + View.get16(b, data - 2);
        if (!DnsData.known(type, kind) || type == Dns.SOA) return;
        switch (type) {
            case Dns.MX -> name(data + 2).append(' ').append(View.get16(b, data));
            case Dns.SRV ->
                name(data + 6)
                        .append(':')
                        .append(View.get16(b, data + 4))
                        .append(' ')
                        .append(View.get16(b, data))
                        .append(' ')
                        .append(View.get16(b, data + 2));
            case Dns.A, Dns.AAAA, Dns.NS, Dns.CNAME, Dns.PTR, Dns.TXT ->
                out.append(' ').append(DnsData.text(b, at, type, data, next));
            default -> {}
        }
    }

    private StringBuilder name(int from) {
        return out.append(' ').append(DnsName.text(b, at, from)).append('.');
    }

    private static String typeName(int type) {
        String name = DnsData.typeName(type);
        return name.startsWith("TYPE") ? "Type" + type : name;
    }

    private static String className(int number) {
        return number == Dns.CHAOS ? "CHAOS" : number == 255 ? "ANY" : "(Class " + number + ")";
    }

    /** {@code DNS query A web.lab}, {@code DNS answer A web.lab 10.0.0.2}, {@code DNS NXDOMAIN A web.lab}. */
    static String title(byte[] b, int at, int end) {
        Dns dns = new Dns().wrap(b, at);
        if (dns.questions() == 0) return dns.response() ? "DNS response" : "DNS query";
        int name = at + Dns.LENGTH;
        int type = DnsName.end(b, at, name, end);
        String what = DnsData.typeName(View.get16(b, type)) + " " + DnsName.text(b, at, name);
        if (!dns.response()) return "DNS query " + what;
        if (dns.rcode() != Dns.NOERROR) return "DNS " + DnsData.rcodeName(dns.rcode()) + " " + what;
        return dns.answers() == 0 ? "DNS no data " + what : "DNS answer " + what;
    }
}
