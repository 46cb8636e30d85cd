package io.hopscope.devices.programs;

import io.hopscope.devices.Task;
import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsMessage;
import io.hopscope.protocols.dns.DnsQuestion;
import io.hopscope.protocols.dns.DnsRecord;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** A message of DNS as BIND's tools print it. */
final class DnsText {
    private static final int TAB = 8;
    private static final int TTL_COLUMN = 24;
    private static final int CLASS_COLUMN = 32;
    private static final int TYPE_COLUMN = 40;
    private static final int DATA_COLUMN = 48;
    private static final long MILLI = 1_000_000_000L;

    /** Of RFC 8914, those that are met here. */
    private static final int NOT_READY = 14;

    private final Task task;
    private final Predicate<String> shown;

    /**
     * @param shown whether a part named as dig's options name it is wanted
     */
    DnsText(Task task, Predicate<String> shown) {
        this.task = task;
        this.shown = shown;
    }

    void header(DnsMessage message) {
        if (!shown.test("comments")) {
            return;
        }
        String[] opcodes = {"QUERY", "IQUERY", "STATUS", "RESERVED3", "NOTIFY", "UPDATE"};
        int opcode = message.opcode();
        task.line(";; ->>HEADER<<- opcode: " + (opcode < opcodes.length ? opcodes[opcode] : "RESERVED" + opcode)
                + ", status: " + DnsData.rcodeName(message.rcode()) + ", id: " + message.id);
        int additional = message.additional.size() + (message.udpSize < 0 ? 0 : 1);
        task.line(";; flags:" + flags(message.flags) + "; QUERY: " + message.questions.size() + ", ANSWER: "
                + message.answers.size() + ", AUTHORITY: " + message.authority.size() + ", ADDITIONAL: " + additional);
        if (message.response()
                && (message.flags & (Dns.RECURSION_DESIRED | Dns.RECURSION_AVAILABLE)) == Dns.RECURSION_DESIRED) {
            task.line(";; WARNING: recursion requested but not available");
        }
        task.line("");
    }

    private static String flags(int flags) {
        String[] names = {"qr", "aa", "tc", "rd", "ra", "ad", "cd"};
        int[] bits = {
            Dns.RESPONSE,
            Dns.AUTHORITATIVE,
            Dns.TRUNCATED,
            Dns.RECURSION_DESIRED,
            Dns.RECURSION_AVAILABLE,
            Dns.AUTHENTIC,
            Dns.CHECKING_DISABLED
        };
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bits.length; i++) {
            text.append((flags & bits[i]) != 0 ? " " + names[i] : "");
        }
        return text.toString();
    }

    void sections(DnsMessage message) {
        if (message.udpSize >= 0 && shown.test("comments")) {
            options(message);
        }
        if (shown.test("question")) {
            title("QUESTION");
            message.questions.forEach(each -> task.line(";" + question(each)));
            gap();
        }
        section("answer", message.answers);
        section("authority", message.authority);
        section("additional", message.additional);
    }

    private void options(DnsMessage message) {
        task.line(";; OPT PSEUDOSECTION:");
        task.line("; EDNS: version: " + (message.extended >>> 16 & 0xff) + ", flags:"
                + ((message.extended & 0x8000) != 0 ? " do" : "") + "; udp: " + message.udpSize);
        byte[] cookie = message.option(10);
        if (cookie != null) {
            task.line("; COOKIE: " + HexFormat.of().formatHex(cookie));
        }
        byte[] error = message.option(15);
        if (error != null && error.length >= 2) {
            int code = (error[0] & 0xff) << 8 | error[1] & 0xff;
            task.line("; EDE: " + code + (code == NOT_READY ? " (Not Ready)" : ""));
        }
    }

    private void title(String name) {
        if (shown.test("comments")) {
            task.line(";; " + name + " SECTION:");
        }
    }

    private void gap() {
        if (shown.test("comments")) {
            task.line("");
        }
    }

    private void section(String name, List<DnsRecord> records) {
        if (shown.test(name) && !records.isEmpty()) {
            title(name.toUpperCase(Locale.ROOT));
            records.forEach(each -> task.line(record(each)));
            gap();
        }
    }

    private String question(DnsQuestion question) {
        StringBuilder line = new StringBuilder(question.name()).append('.');
        int column = pad(line, line.length(), CLASS_COLUMN);
        line.append(DnsData.className(question.kind()));
        pad(line, column + 2, TYPE_COLUMN);
        return line.append(DnsData.typeName(question.type())).toString();
    }

    private String record(DnsRecord record) {
        StringBuilder line = new StringBuilder(record.name()).append('.');
        int column = line.length();
        if (shown.test("ttlid")) {
            column = pad(line, column, TTL_COLUMN);
            line.append(record.ttl());
            column += String.valueOf(record.ttl()).length();
        }
        if (shown.test("class")) {
            column = pad(line, column, CLASS_COLUMN);
            line.append(DnsData.className(record.kind()));
            column += 2;
        }
        column = pad(line, column, TYPE_COLUMN);
        String type = DnsData.typeName(record.type());
        line.append(type);
        pad(line, column + type.length(), DATA_COLUMN);
        return line.append(record.text()).toString();
    }

    /** Tabs, and spaces where there is no room for them; returns the column. */
    private static int pad(StringBuilder line, int from, int to) {
        int goal = Math.max(to, from + 1);
        int tabs = goal / TAB - from / TAB;
        line.append("\t".repeat(tabs)).append(" ".repeat(goal - (tabs > 0 ? goal / TAB * TAB : from)));
        return goal;
    }

    void statistics(int server, int port, int size, long took, long now) {
        String address = Ipv4Address.text(server);
        task.line(";; Query time: " + took / MILLI + " msec");
        task.line(";; SERVER: " + address + "#" + port + "(" + address + ") (UDP)");
        task.line(";; WHEN: " + Calendar.date(now));
        task.line(";; MSG SIZE  rcvd: " + size);
        task.line("");
    }
}
