package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays a script of segments against a host: what is injected, what must come back, and when. Numbers of the script are
 * relative to the first of each side; its README says what the lines mean. The same files can be played against the Linux
 * kernel (src/test/linux/exchange.py).
 */
final class Exchange {
    static final int HOST = 0x0a000001;
    static final int PEER = 0x0a000002;
    private static final int PEER_ISN = 0x7fff_ff00;
    private static final Pattern LINE = Pattern.compile("\\+(\\d+(?:\\.\\d+)?)(us|ms|s)?\\s+(\\S+)\\s*(.*)");
    private static final Pattern SEGMENT = Pattern.compile(
            "([SFRP.]+)(?:\\s+(-?\\d+):(-?\\d+)\\((\\d+)\\))?(?:\\s+ack (-?\\d+))?(?:\\s+win (\\d+))?(?:\\s+<(.*)>)?");

    /** One case of a file. */
    record Script(String name, List<String> lines) {}

    private record Sent(long at, Segment segment, byte[] data) {}

    private final TcpSettings settings = new TcpSettings();
    private final Deque<Sent> sent = new ArrayDeque<>();
    private final List<String> events = new ArrayList<>();
    private TcpTable table;
    private TcpSocket socket;
    private TcpListener listener;
    private int mtu = 1500;
    private long now;
    private int hostIsn;
    private boolean hostKnown;
    private int hostPort = 8080;
    private int peerPort = 40000;
    private long written;
    private long read;
    private boolean accepts = true;
    private final List<TcpSocket> waiting = new ArrayList<>();
    private String line;
    /** Timestamps by the milliseconds of the script that they were sent in: what is echoed is what was sent. */
    private final Map<Long, Integer> stamps = new LinkedHashMap<>();

    /** Splits a file at lines that begin with {@code case}. */
    static List<Script> parse(String text) {
        List<Script> all = new ArrayList<>();
        for (String raw : text.lines().toList()) {
            String stripped = raw.replaceFirst("#.*", "").strip();
            if (stripped.startsWith("case ")) {
                all.add(new Script(stripped.substring(5), new ArrayList<>()));
            } else if (!stripped.isEmpty()) {
                all.get(all.size() - 1).lines().add(stripped);
            }
        }
        return all;
    }

    void play(Script script) {
        for (String each : script.lines()) {
            line = each;
            if (each.startsWith("set ")) {
                set(each.split("\\s+")[1], each.split("\\s+")[2]);
                continue;
            }
            Matcher m = LINE.matcher(each);
            check(m.matches(), "a line such as '+40ms > . 1:1(0) ack 1'");
            step(span(m.group(1), m.group(2)), m.group(3), m.group(4).strip());
        }
        line = "the end";
        check(sent.isEmpty(), "nothing more, but there was " + (sent.isEmpty() ? "" : show(sent.peek())));
    }

    private static long span(String number, String unit) {
        double scale = unit == null || unit.equals("s") ? 1e12 : unit.equals("ms") ? 1e9 : 1e6;
        return StrictMath.round(Double.parseDouble(number) * scale);
    }

    private void set(String key, String value) {
        switch (key) {
            case "sack" -> settings.sack = value.equals("1");
            case "timestamps" -> settings.timestamps = value.equals("1");
            case "wscale" -> settings.windowScaling = value.equals("1");
            case "congestion" -> settings.congestion = value;
            case "retries2" -> settings.retries2 = Integer.parseInt(value);
            case "syn_retries" -> settings.synRetries = Integer.parseInt(value);
            case "synack_retries" -> settings.synAckRetries = Integer.parseInt(value);
            case "early_retrans" -> settings.earlyRetransmit = Integer.parseInt(value);
            case "frto" -> settings.frto = Integer.parseInt(value);
            case "keepalive_time" -> settings.keepAliveTime = Long.parseLong(value) * Time.SECOND;
            case "keepalive_intvl" -> settings.keepAliveInterval = Long.parseLong(value) * Time.SECOND;
            case "keepalive_probes" -> settings.keepAliveProbes = Integer.parseInt(value);
            case "fin_timeout" -> settings.finTimeout = Long.parseLong(value) * Time.SECOND;
            case "slow_start_after_idle" -> settings.slowStartAfterIdle = value.equals("1");
            case "initcwnd" -> settings.initialWindow = Integer.parseInt(value);
            case "abort_on_overflow" -> settings.abortOnOverflow = value.equals("1");
            case "syncookies" -> settings.synCookies = Integer.parseInt(value);
            case "max_syn_backlog" -> settings.maxSynBacklog = Integer.parseInt(value);
            case "dsack" -> settings.dsack = value.equals("1");
            default -> check(false, "a setting that is known");
        }
    }

    private void step(long wait, String verb, String rest) {
        begin();
        long target = now + wait;
        boolean listens = verb.equals(">") || verb.equals("quiet");
        advance(target);
        if (!listens && !verb.equals("is")) {
            check(sent.isEmpty(), "nothing before this, but there was " + (sent.isEmpty() ? "" : show(sent.peek())));
        }
        switch (verb) {
            case "<" -> inject(rest);
            case ">" -> expect(rest, target);
            case "quiet" ->
                check(sent.isEmpty(), "silence, but there was " + (sent.isEmpty() ? "" : show(sent.peek())));
            case "is" -> examine(rest.split("\\s+", 2));
            default -> call(verb, rest.isEmpty() ? new String[0] : rest.split("\\s+"));
        }
    }

    private void begin() {
        if (table != null) {
            return;
        }
        Link.Random random = new Link.Random(42);
        table = new TcpTable(settings, new Recorder(), random::next);
    }

    private final class Recorder implements Wire {
        @Override
        public boolean send(Endpoint from, Segment segment, long at) {
            Segment copy = new Segment();
            int header = Tcp.LENGTH + TcpOptions.length(segment);
            byte[] bytes = new byte[header + segment.length];
            new Tcp()
                    .wrap(bytes, 0)
                    .sourcePort(from.localPort())
                    .destinationPort(from.remotePort())
                    .seq(segment.seq)
                    .ack(segment.ack)
                    .headerLength(header)
                    .flags(segment.flags)
                    .window(segment.window);
            TcpOptions.write(bytes, Tcp.LENGTH, segment);
            if (segment.length > 0) {
                from.copy(segment.seq, bytes, header, segment.length);
            }
            copy.read(new Tcp().wrap(bytes, 0), bytes, bytes.length);
            sent.add(new Sent(at, copy, Arrays.copyOfRange(bytes, header, bytes.length)));
            return true;
        }

        @Override
        public int mtu(int local, int remote) {
            return mtu;
        }

        @Override
        public void rearm() {}
    }

    private final class Application implements TcpUser {
        @Override
        public void connected(TcpSocket at, long instant) {
            events.add("connected");
        }

        @Override
        public void readable(TcpSocket at, long instant) {
            if (autoRead) {
                take(at.available(), instant);
            }
        }

        @Override
        public void finished(TcpSocket at, long instant) {
            events.add("finished");
        }

        @Override
        public void closed(TcpSocket at, TcpError error, long instant) {
            events.add(error == null ? "closed" : error.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    private boolean autoRead;

    private void take(int bytes, long instant) {
        byte[] into = new byte[bytes];
        int taken = socket.read(into, 0, bytes, instant);
        byte[] wanted = new byte[taken];
        Link.PATTERN.copy(read, wanted, 0, taken);
        check(Arrays.equals(wanted, Arrays.copyOf(into, taken)), "the bytes that were sent");
        read += taken;
    }

    private void advance(long target) {
        while (table.nextDeadline() <= target) {
            now = Math.max(now, table.nextDeadline());
            table.wake(now);
        }
        now = target;
    }

    private void call(String verb, String[] words) {
        switch (verb) {
            case "listen" -> {
                listener =
                        table.listen(0, hostPort, words.length > 0 ? Integer.parseInt(words[0]) : 10, this::accepted);
                if (!accepts) {
                    listener.pause();
                }
            }
            case "pause" -> accepts = false;
            case "accept" -> listener.resume(now);
            case "connect" -> {
                hostPort = 50000;
                peerPort = 8080;
                socket = socket == null ? table.socket() : socket;
                socket.handler(new Application());
                TcpError error = table.connect(socket, HOST, hostPort, PEER, peerPort, now);
                check(error == null, "a connection, but " + error);
            }
            case "socket" -> socket = table.socket();
            case "write" -> {
                int length = Integer.parseInt(words[0]);
                int taken = socket.write(Link.PATTERN, written, length, now);
                written += taken;
                check(taken == length, "room for all, but " + taken);
            }
            case "read" -> take(Integer.parseInt(words[0]), now);
            case "drain" -> {
                autoRead = true;
                take(socket.available(), now);
            }
            case "shutdown" -> socket.shutdown(now);
            case "close" -> socket.close(now);
            case "abort" -> socket.abort(now);
            case "unlisten" -> listener.close(now);
            case "nodelay" -> options().noDelay(true, now);
            case "cork" -> options().cork(words[0].equals("1"), now);
            case "linger" -> options().linger(Integer.parseInt(words[0]));
            case "keepalive" -> options().keepAlive(true, now);
            case "rcvbuf" -> options().receiveBuffer(Integer.parseInt(words[0]));
            case "sndbuf" -> options().sendBuffer(Integer.parseInt(words[0]));
            case "mss" -> options().maxSegment(Integer.parseInt(words[0]));
            case "route" -> mtu = Integer.parseInt(words[0]);
            case "mtu" -> {
                mtu = Integer.parseInt(words[0]);
                int seq = hostIsn + Integer.parseInt(words[1]);
                table.unreachable(HOST, PEER, hostPort, peerPort, seq, 3, 4, now);
            }
            case "icmp" -> {
                int seq = hostIsn + Integer.parseInt(words[2]);
                int type = Integer.parseInt(words[0]);
                table.unreachable(HOST, PEER, hostPort, peerPort, seq, type, Integer.parseInt(words[1]), now);
            }
            default -> check(false, "a call that is known");
        }
    }

    private TcpSocket options() {
        return socket != null ? socket : listener.options();
    }

    private void accepted(TcpSocket accepted, long instant) {
        waiting.add(accepted);
        if (socket == null) {
            socket = accepted.handler(new Application());
        }
        events.add("accepted");
    }

    private void examine(String[] words) {
        String what = words[0];
        String wanted = words.length > 1 ? words[1] : "";
        Object found = value(what);
        check(String.valueOf(found).equals(wanted), what + " " + wanted + ", but it is " + found);
    }

    private Object value(String what) {
        TcpInfo info = socket == null ? null : socket.info(now);
        return switch (what) {
            case "state" -> table.size() > 0 ? table.endpoints().get(0).state() : TcpState.CLOSED;
            case "events" -> String.join(" ", events);
            case "cwnd" -> info.cwnd();
            case "ssthresh" -> info.ssthresh();
            case "ca" -> info.caState();
            case "unread" -> socket.available();
            case "retrans" -> info.retransmitsTotal();
            case "mss" -> info.mss();
            case "rto" -> info.rto() / 1000;
            case "rtt" -> info.rtt() / 1000;
            case "unacked" -> info.unacknowledged();
            case "sacked" -> info.sacked();
            case "lost" -> info.lost();
            case "size" -> table.size();
            case "waiting" -> listener.waiting();
            default -> {
                for (TcpCounter each : TcpCounter.values()) {
                    if (each.toString().equals(what)) {
                        yield table.counter(each);
                    }
                }
                throw new AssertionError(line + ": nothing known of " + what);
            }
        };
    }

    // Segments.

    private Segment read(String text, boolean fromHost) {
        Matcher m = SEGMENT.matcher(text);
        check(m.matches(), "a segment such as 'P. 1:101(100) ack 1 win 512 <ts 100 0>'");
        int ours = fromHost ? hostIsn : PEER_ISN;
        int theirs = fromHost ? PEER_ISN : hostIsn;
        Segment s = new Segment().clear();
        s.flags = flags(m.group(1));
        s.seq = ours + (m.group(2) == null ? 0 : (int) Long.parseLong(m.group(2)));
        s.length = m.group(4) == null ? 0 : Integer.parseInt(m.group(4));
        if (m.group(5) != null) {
            s.ack = theirs + (int) Long.parseLong(m.group(5));
        }
        s.window = m.group(6) == null ? fromHost ? -1 : 65535 : Integer.parseInt(m.group(6));
        if (m.group(7) != null) {
            for (String option : m.group(7).split(",")) {
                option(s, option.strip().split("\\s+"), fromHost, theirs);
            }
        }
        return s;
    }

    private static int flags(String letters) {
        Map<Character, Integer> bits = new LinkedHashMap<>();
        bits.put('S', Tcp.SYN);
        bits.put('F', Tcp.FIN);
        bits.put('R', Tcp.RST);
        bits.put('P', Tcp.PSH);
        bits.put('.', Tcp.ACK);
        int flags = 0;
        for (char letter : letters.toCharArray()) {
            flags |= bits.get(letter);
        }
        return flags;
    }

    private int hostStamp(long value) {
        return (int) value + table.stampOffset(HOST, PEER);
    }

    private void option(Segment s, String[] words, boolean fromHost, int theirs) {
        switch (words[0]) {
            case "mss" -> s.mss = Integer.parseInt(words[1]);
            case "ws" -> s.windowScale = Integer.parseInt(words[1]);
            case "sackOK" -> s.sackPermitted = true;
            case "ts" -> {
                s.timestamps = true;
                s.value = fromHost ? hostStamp(Long.parseLong(words[1])) : (int) Long.parseLong(words[1]);
                long echo = Long.parseLong(words[2]);
                s.echo = fromHost || s.flags == Tcp.SYN ? (int) echo : stamps.getOrDefault(echo, hostStamp(echo));
            }
            case "sack" -> {
                for (int i = 1; i < words.length; i++) {
                    String[] block = words[i].split(":");
                    s.left[s.blocks] = theirs + Integer.parseInt(block[0]);
                    s.right[s.blocks++] = theirs + Integer.parseInt(block[1]);
                }
            }
            case "nop" -> {}
            default -> check(false, "an option that is known");
        }
    }

    private void inject(String text) {
        Segment s = read(text, false);
        int header = Tcp.LENGTH + TcpOptions.length(s);
        byte[] bytes = new byte[header + s.length];
        new Tcp()
                .wrap(bytes, 0)
                .seq(s.seq)
                .ack(s.ack)
                .headerLength(header)
                .flags(s.flags)
                .window(s.window);
        TcpOptions.write(bytes, Tcp.LENGTH, s);
        Link.PATTERN.copy(s.seq - PEER_ISN - 1 & 0xffff_ffffL, bytes, header, s.length);
        Segment in = new Segment().read(new Tcp().wrap(bytes, 0), bytes, bytes.length);
        table.receive(HOST, PEER, in, hostPort, peerPort, now);
    }

    private void expect(String text, long target) {
        check(!sent.isEmpty(), "a segment, but there was none");
        Sent first = sent.poll();
        Segment is = first.segment;
        if (!hostKnown && is.has(Tcp.SYN)) {
            hostIsn = is.seq;
            hostKnown = true;
        }
        if (is.timestamps) {
            stamps.put(target / Time.MILLI, is.value);
        }
        Segment want = read(text, true);
        boolean right = is.flags == want.flags
                && is.length == want.length
                && (is.seq == want.seq || want.has(Tcp.RST) && !text.contains(":"))
                && (!want.has(Tcp.ACK) || is.ack == want.ack)
                && (want.window < 0 || is.window == want.window);
        if (text.contains("<")) {
            right &= TcpOptions.length(is) == TcpOptions.length(want) && sameOptions(is, want);
        } else {
            right &= is.blocks == 0;
        }
        check(right, "found " + show(first));
        check(Math.abs(first.at - target) < Time.MICRO, "at another instant: found " + show(first));
        byte[] data = new byte[is.length];
        Link.PATTERN.copy(is.seq - hostIsn - 1 & 0xffff_ffffL, data, 0, data.length);
        check(Arrays.equals(data, first.data), "the bytes that were written");
    }

    private static boolean sameOptions(Segment is, Segment want) {
        boolean same = is.mss == want.mss
                && is.windowScale == want.windowScale
                && is.sackPermitted == want.sackPermitted
                && is.timestamps == want.timestamps
                && is.blocks == want.blocks;
        for (int i = 0; same && i < is.blocks; i++) {
            same = is.left[i] == want.left[i] && is.right[i] == want.right[i];
        }
        return same && (!is.timestamps || is.value == want.value && is.echo == want.echo);
    }

    private String show(Sent one) {
        Segment s = one.segment;
        StringBuilder text = new StringBuilder();
        text.append('+').append(one.at / 1000 / 1000.0).append("us ");
        text.append(s.has(Tcp.SYN) ? "S" : "").append(s.has(Tcp.FIN) ? "F" : "").append(s.has(Tcp.RST) ? "R" : "");
        text.append(s.has(Tcp.PSH) ? "P" : "").append(s.has(Tcp.ACK) ? "." : "").append(' ');
        text.append(s.seq - hostIsn).append(':').append(s.seq - hostIsn + s.length);
        text.append('(')
                .append(s.length)
                .append(") ack ")
                .append(s.ack - PEER_ISN)
                .append(" win ")
                .append(s.window);
        text.append(" <");
        text.append(s.mss > 0 ? "mss " + s.mss + "," : "").append(s.sackPermitted ? "sackOK," : "");
        text.append(
                s.timestamps ? "ts " + (s.value - table.stampOffset(HOST, PEER)) + " " + (s.echo & 0xffff_ffffL) : "");
        text.append(s.windowScale >= 0 ? ",ws " + s.windowScale : "");
        for (int i = 0; i < s.blocks; i++) {
            text.append(i == 0 ? ",sack " : " ")
                    .append(s.left[i] - PEER_ISN)
                    .append(':')
                    .append(s.right[i] - PEER_ISN);
        }
        return text.append(">").toString();
    }

    private void check(boolean holds, String expected) {
        if (!holds) {
            throw new AssertionError(line + "\n  at " + now / 1000 / 1000.0 + "us: expected " + expected);
        }
    }
}
