package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.HostFiles;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.http.HttpHead;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;

/** One curl under way: URL after URL, over connections that it keeps. */
final class CurlRun implements CurlLink.User {
    private static final long MILLI = 1_000_000_000L;
    /** A SYN and six repetitions of it take no longer. */
    private static final long GIVES_UP = 130 * PingPlan.SECOND;

    /** What a pointer looks like. */
    private static final String BUNDLE = "0x55d9f0a3ecb0";

    private final Host host;
    private final IpStack stack;
    private final Task task;
    private final CurlPlan plan;
    private final CurlScreen screen;
    private final List<CurlLink> pool = new ArrayList<>();
    private int next;
    private int links;
    private int exit;

    private CurlStats stats;
    private CurlUrl url;
    private String method;
    private boolean sends;
    private boolean toScreen;
    private boolean showsBody;
    private int redirects;
    private CurlLink link;
    private boolean reused;
    private boolean heard;
    private boolean keeps;
    private String location;
    private List<Integer> addresses = List.of();
    private int tried;

    CurlRun(Host host, Task task, CurlPlan plan) {
        this.host = host;
        this.task = task;
        this.plan = plan;
        stack = host.stack();
        screen = new CurlScreen(task, plan);
    }

    void begin(long now) {
        task.onInterrupt(this::interrupted);
        next(now);
    }

    private void next(long now) {
        if (next == plan.urls.size()) {
            end(exit, now);
            return;
        }
        toScreen = next >= plan.outputs.size();
        screen.begin(toScreen);
        redirects = 0;
        method = plan.method();
        sends = plan.sends();
        url = plan.urls.get(next++);
        stats = new CurlStats(url, now);
        CurlStats mine = stats;
        if (plan.maxTime != Long.MAX_VALUE) {
            stack.at(now + plan.maxTime, then -> {
                if (stats == mine && mine.over < 0 && !task.ended()) {
                    outOfTime(then);
                }
            });
        }
        transfer(now);
    }

    private void outOfTime(long now) {
        long millis = (now - stats.begun) / MILLI;
        if (link == null) {
            fail(28, "Resolving timed out after " + millis + " milliseconds", now);
        } else if (stats.connected < 0) {
            fail(28, "Connection timed out after " + millis + " milliseconds", now);
        } else {
            String of = stats.expected >= 0 ? " out of " + stats.expected : "";
            fail(
                    28,
                    "Operation timed out after " + millis + " milliseconds with " + stats.downloaded + of
                            + " bytes received",
                    now);
        }
    }

    /** One request: of a URL, or of where a redirection leads. */
    private void transfer(long now) {
        heard = false;
        location = null;
        stats.method = method;
        link = null;
        CurlLink kept = kept(now);
        if (kept != null) {
            reused = true;
            link = kept.user(this);
            screen.info("Found bundle for host: " + BUNDLE + " [serially]");
            screen.info("Can not multiplex, even if we wanted to");
            screen.info("Re-using existing connection #" + kept.number + " with host " + url.host());
            stats.found = Math.max(stats.found, now);
            stats.connected = now;
            send(now);
            return;
        }
        reused = false;
        Integer given = plan.resolved(url);
        if (given != null) {
            found(List.of(given), now);
            return;
        }
        CurlStats mine = stats;
        Lookup.findAll(
                host,
                task,
                url.host(),
                !plan.on("ipv4"),
                (all, canonical, then) -> {
                    if (stats == mine && mine.over < 0) {
                        found(all, then);
                    }
                },
                (why, then) -> {
                    if (stats == mine && mine.over < 0) {
                        fail(6, "Could not resolve host: " + url.host(), then);
                    }
                },
                now);
    }

    /** A connection to the same port that nobody uses; what the peer has closed goes. */
    private CurlLink kept(long now) {
        for (CurlLink each : List.copyOf(pool)) {
            if (each.url.host().equalsIgnoreCase(url.host()) && each.url.port() == url.port()) {
                if (!each.over()) {
                    return each;
                }
                screen.info("Connection " + each.number + " seems to be dead");
                drop(each, now);
            }
        }
        return null;
    }

    private void drop(CurlLink gone, long now) {
        screen.info("Closing connection " + gone.number);
        pool.remove(gone);
        gone.close(now);
    }

    private void found(List<Integer> all, long now) {
        stats.found = now;
        addresses = all;
        tried = 0;
        connect(now);
    }

    private void connect(long now) {
        int address = addresses.get(tried);
        screen.info("  Trying " + Ipv4Address.text(address) + ":" + url.port() + "...");
        TcpSocket socket = stack.tcp().socket();
        socket.noDelay(true, now);
        socket.keepAlive(!plan.on("no-keepalive"), now).keepAlive(60, 60);
        CurlLink made = new CurlLink(links, url, socket).user(this);
        link = made;
        TcpError error = stack.tcp().connect(socket, plan.source, plan.localPort, address, url.port(), now);
        if (error != null) {
            screen.info("Immediate connect fail for " + Ipv4Address.text(address) + ": " + error);
            another(TcpError.NET_UNREACHABLE, now);
            return;
        }
        CurlStats mine = stats;
        long left = plan.connectTimeout - (now - stats.begun);
        // As long as there is another address to try, it gets half of the time.
        long patience = tried + 1 < addresses.size() ? left / 2 : left;
        if (patience > GIVES_UP) {
            return; // TCP will have given up
        }
        stack.at(now + patience, then -> {
            if (stats == mine && link == made && socket.state() == TcpState.SYN_SENT && !task.ended()) {
                screen.info("ipv4 connect timeout after " + patience / MILLI + "ms, move on!");
                made.abort(then);
                another(TcpError.TIMED_OUT, then);
            }
        });
    }

    /** The next address, or the end of it. */
    private void another(TcpError why, long now) {
        if (++tried < addresses.size()) {
            connect(now);
            return;
        }
        boolean ours = why == TcpError.TIMED_OUT && now - stats.begun >= plan.connectTimeout;
        fail(
                why == TcpError.TIMED_OUT ? 28 : 7,
                "Failed to connect to " + url.host() + " port " + url.port() + " after " + (now - stats.begun) / MILLI
                        + " ms: " + (ours ? "Timeout was reached" : "Couldn't connect to server"),
                now);
    }

    @Override
    public void connected(CurlLink by, long now) {
        stats.connected = now;
        stats.connects++;
        links++;
        pool.add(by);
        screen.info("Connected to " + url.host() + " ("
                + Ipv4Address.text(by.socket().remote()) + ") port " + url.port() + " (#" + by.number + ")");
        send(now);
    }

    private void send(long now) {
        TcpSocket socket = link.socket();
        stats.localAddress = socket.local();
        stats.localPort = socket.localPort();
        stats.remoteAddress = socket.remote();
        stats.remotePort = socket.remotePort();
        HostFiles.Content body = sends ? plan.body(stack.files()) : null;
        HttpHead head = CurlRequest.head(plan, url, method, body);
        byte[] bytes = head.bytes();
        stats.sent = now;
        stats.requestBytes += bytes.length;
        stats.toUpload = body == null ? 0 : body.size();
        screen.head("> ", head);
        boolean headOnly = method.equals("HEAD");
        showsBody = toScreen;
        if (body != null) {
            screen.data('}', Math.min(body.size(), 65_536));
        }
        link.request(bytes, body, stats.toUpload, headOnly, showsBody, now);
    }

    @Override
    public void arrived(int bytes, long now) {
        heard = true;
        if (stats.answered < 0) {
            stats.answered = now;
        }
    }

    @Override
    public void head(HttpHead head, long now) {
        byte[] bytes = head.bytes();
        stats.headerBytes += bytes.length;
        stats.headers += head.fields().size();
        boolean old = "1.0".equals(head.version());
        if (old) {
            screen.info("HTTP 1.0, assume close after body");
        }
        screen.head("< ", head);
        if (toScreen && (plan.on("include") || plan.on("head"))) {
            screen.print(head);
        }
        if (head.status() < 200) {
            return;
        }
        stats.status = head.status();
        stats.version = head.version();
        stats.type = head.field("Content-Type") == null ? "" : head.field("Content-Type");
        String length = head.field("Content-Length");
        boolean bodiless = method.equals("HEAD");
        stats.expected = length == null || bodiless ? -1 : Long.parseLong(length);
        keeps = head.keepsAlive();
        String to = head.field("Location");
        boolean redirects = stats.status >= 300 && stats.status < 400 && to != null;
        stats.redirect = redirects && url.follow(to) != null ? url.follow(to).text() : "";
        location = redirects && plan.on("location") ? to : null;
        showsBody &= location == null;
        if (stats.status >= 400 && plan.on("fail")) {
            keeps = false;
            fail(22, "The requested URL returned error: " + stats.status, now);
        }
    }

    @Override
    public void body(byte[] bytes, int from, int length, long now) {
        stats.downloaded += location == null ? length : 0;
        screen.data('{', length);
        if (bytes != null && showsBody) {
            screen.print(bytes, from, length);
        }
    }

    @Override
    public void end(long now) {
        if (stats.status == 0) {
            return; // 100 Continue
        }
        stats.uploaded = link.sent();
        CurlLink used = link.user(null);
        link = null;
        if (location == null || redirects == plan.maxRedirects) {
            over(now);
        }
        if (keeps) {
            screen.info("Connection #" + used.number + " to host " + url.host() + " left intact");
        } else {
            drop(used, now);
        }
        if (location == null) {
            finish(0, null, now);
        } else if (redirects == plan.maxRedirects) {
            finish(47, "Maximum (" + plan.maxRedirects + ") redirects followed", now);
        } else {
            follow(now);
        }
    }

    private void follow(long now) {
        CurlUrl to = url.follow(location);
        if (to == null) {
            finish(3, "URL using bad/illegal format or missing URL", now);
            return;
        }
        screen.info("Issue another request to this URL: '" + to.text() + "'");
        boolean asks = stats.status == 303 || stats.status < 303 && method.equals("POST");
        if (asks && plan.method == null && !method.equals("HEAD")) {
            screen.info("Switch from " + method + " to GET");
            method = "GET";
            sends = false;
        }
        redirects++;
        CurlStats before = stats;
        stats = new CurlStats(to, before.begun);
        stats.redirects = redirects;
        stats.redirected = before.micros(now);
        stats.connects = before.connects;
        stats.headerBytes = before.headerBytes;
        stats.requestBytes = before.requestBytes;
        url = to;
        transfer(now);
    }

    @Override
    public void bad(long now) {
        fail(1, "Received HTTP/0.9 when not allowed", now);
    }

    @Override
    public void lost(CurlLink by, TcpError error, long now) {
        if (stats.connected < 0) {
            String address = Ipv4Address.text(addresses.get(tried));
            screen.info("connect to " + address + " port " + url.port() + " failed: " + error);
            by.user(null);
            another(error == null ? TcpError.REFUSED : error, now);
        } else if (reused && !heard) {
            screen.info("Connection died, retrying a fresh connect (retry count: 1)");
            pool.remove(by);
            by.close(now);
            transfer(now);
        } else if (error != null) {
            fail(56, "Recv failure: " + error, now);
        } else if (!heard) {
            fail(52, "Empty reply from server", now);
        } else {
            long left = stats.expected - stats.downloaded;
            fail(
                    18,
                    stats.expected >= 0
                            ? "transfer closed with " + left + " bytes remaining to read"
                            : "transfer closed with outstanding read data remaining",
                    now);
        }
    }

    private void fail(int code, String why, long now) {
        screen.info(why);
        over(now);
        if (link != null) {
            CurlLink failed = link;
            link = null;
            pool.remove(failed);
            screen.info("Closing connection " + failed.number);
            links = Math.max(links, failed.number + 1);
            failed.close(now);
        } else {
            screen.info("Closing connection " + links++);
        }
        finish(code, why, now);
    }

    /** The transfer is over; what comes of it is told when the connection has been seen to. */
    private void over(long now) {
        stats.over = now;
        screen.end(stats);
    }

    private void finish(int code, String why, long now) {
        if (stats.over < 0) {
            over(now);
        }
        stats.exit = code;
        exit = code;
        stats.error = why == null ? "" : why;
        if (why != null) {
            screen.error("curl: (" + code + ") " + why);
        }
        if (plan.writeOut != null) {
            screen.print(CurlWriteOut.text(plan.writeOut, stats));
        }
        next(now);
    }

    /** The run is over: nobody would carry what closing a connection says. */
    private void interrupted() {
        if (!task.ended()) {
            screen.flush();
            task.exit(130);
        }
    }

    private void end(int code, long now) {
        if (!task.ended()) {
            pool.forEach(each -> each.close(now));
            if (link != null) {
                link.close(now);
            }
            screen.flush();
            task.exit(code);
        }
    }
}
