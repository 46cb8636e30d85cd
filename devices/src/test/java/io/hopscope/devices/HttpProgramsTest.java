package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What curl 7.88 and Python 3.11 print, of runs with them side by side, but for times and addresses. */
class HttpProgramsTest {
    private static final long SECOND = 1000 * Lab.MILLI;

    private final Lab lab = new Lab();
    private final Host client = lab.host("c", "10.0.0.1/24");
    private final Host server = lab.host("s", "10.0.0.2/24");

    @BeforeEach
    void cable() {
        lab.cable(client.port("eth0"), server.port("eth0"));
        server.stack().files().put("/hello.txt", HostFiles.Content.of("hello\nworld\n"));
        server.stack().files().put("/f.txt", HostFiles.Content.of(8000, 'f'));
        server.stack().files().put("/big.bin", HostFiles.Content.of(3_000_000, 'b'));
        server.stack().files().put("/d/index.html", HostFiles.Content.of("<p>hi"));
    }

    /** Words are taken as they are: formats have blanks in them. */
    private Task exec(long at, Host host, String... words) {
        Task task = new Task(List.of(words), name -> null);
        for (Program program : ServiceLoader.load(Program.class)) {
            if (program.name().equals(words[0])) {
                host.node().at(at, now -> program.start(host.node(), host, task, now));
            }
        }
        return task;
    }

    private Task python(String... more) {
        List<String> words = new ArrayList<>(List.of("python3", "-m", "http.server", "80"));
        words.addAll(Arrays.asList(more));
        return exec(0, server, words.toArray(String[]::new));
    }

    private Task curl(String... words) {
        return curl(1, words);
    }

    private Task curl(long at, String... words) {
        List<String> all = new ArrayList<>(List.of("curl"));
        all.addAll(Arrays.asList(words));
        return exec(at, client, all.toArray(String[]::new));
    }

    /** As curl 7.88.1 sends them: without their ends of line, unless they are binary; each of several for itself. */
    @Test
    void dataOfFilesIsPutTogetherAsCurlDoes() {
        exec(0, server, "httpd");
        client.stack().files().put("/f", HostFiles.Content.of("one\ntwo\r\n"));
        String url = "http://10.0.0.2/";
        List<Task> posts = List.of(
                curl(1, "-d", "@/f", url),
                curl(2, "--data-binary", "@/f", url),
                curl(3, "-d", "@/f", "-d", "b", "--data-binary", "@/f", url));
        Task missing = curl(4, "-d", "b", "-d", "@/g", url);
        lab.run(60 * SECOND);
        assertThat(posts)
                .extracting(each -> each.lines().get(0))
                .containsExactly("received 6 bytes", "received 9 bytes", "received 18 bytes");
        assertThat(missing.lines()).last().asString().contains("/g");
    }

    /** SO_KEEPALIVE, TCP_KEEPIDLE and TCP_KEEPINTVL of 60 s. */
    @Test
    void aServerThatIsSilentIsAskedOnceAMinuteWhetherItIsThere() {
        exec(0, server, "nc", "-l", "80");
        curl("http://10.0.0.2/");
        lab.run(200 * SECOND);
        List<String> out = lab.at("c:eth0").stream()
                .filter(line -> line.startsWith("out") && line.contains("Flags [.]"))
                .toList();
        // The handshake's, and three.
        assertThat(out).hasSize(4);
    }

    @Test
    void withoutKeepAliveNobodyIsAsked() {
        exec(0, server, "nc", "-l", "80");
        curl("--no-keepalive", "http://10.0.0.2/");
        lab.run(200 * SECOND);
        assertThat(lab.at("c:eth0").stream().filter(line -> line.startsWith("out") && line.contains("Flags [.]")))
                .hasSize(1);
    }

    @Test
    void verboseShowsBothHeads() {
        Task python = python("--protocol", "HTTP/1.1");
        Task curl = curl("-v", "http://10.0.0.2/hello.txt");
        lab.run(60 * SECOND);
        assertThat(curl.lines())
                .containsExactly(
                        "*   Trying 10.0.0.2:80...",
                        "* Connected to 10.0.0.2 (10.0.0.2) port 80 (#0)",
                        "> GET /hello.txt HTTP/1.1",
                        "> Host: 10.0.0.2",
                        "> User-Agent: curl/7.88.1",
                        "> Accept: */*",
                        "> ",
                        "< HTTP/1.1 200 OK",
                        "< Server: SimpleHTTP/0.6 Python/3.11.7",
                        "< Date: Thu, 01 Jan 1970 00:00:00 GMT",
                        "< Content-type: text/plain",
                        "< Content-Length: 12",
                        "< Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT",
                        "< ",
                        "hello",
                        "world",
                        "* Connection #0 to host 10.0.0.2 left intact");
        assertThat(curl.exit()).isZero();
        assertThat(python.lines())
                .containsExactly(
                        "Serving HTTP on 0.0.0.0 port 80 (http://0.0.0.0:80/) ...",
                        "10.0.0.1 - - [01/Jan/1970 00:00:00] \"GET /hello.txt HTTP/1.1\" 200 -");
        assertThat(client.stack().tcp().table().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void intoAFileThereAreAMarkAndAMeter() {
        python();
        Task curl = curl("-v", "-o", "/dev/null", "http://10.0.0.2/f.txt");
        lab.run(60 * SECOND);
        assertThat(curl.lines())
                .contains(
                        "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current",
                        "* HTTP 1.0, assume close after body", "* Closing connection 0")
                .anyMatch(line -> line.matches("\\{ \\[\\d+ bytes data]"))
                .anyMatch(
                        line -> line.matches(
                                "100  8000  100  8000    0     0  [ 0-9.]{4}[kMG]     0 --:--:-- --:--:-- --:--:-- [ 0-9.]{4}[kMG]"));
    }

    @Test
    void aConnectionIsKeptForTheNextUrl() {
        python("--protocol", "HTTP/1.1");
        Task curl = curl(
                "-sv",
                "-w",
                "%{num_connects} %{http_code}\\n",
                "-o",
                "a",
                "-o",
                "b",
                "10.0.0.2/f.txt",
                "10.0.0.2/f.txt");
        Task closing = curl(
                SECOND,
                "-s",
                "-w",
                "%{num_connects}",
                "-H",
                "Connection: close",
                "-o",
                "a",
                "-o",
                "b",
                "10.0.0.2/f.txt",
                "10.0.0.2/f.txt");
        lab.run(60 * SECOND);
        assertThat(curl.lines())
                .contains(
                        "1 200",
                        "* Can not multiplex, even if we wanted to",
                        "* Re-using existing connection #0 with host 10.0.0.2",
                        "0 200");
        assertThat(closing.lines()).containsExactly("11");
    }

    @Test
    void headsAloneAreAskedForWithHead() {
        Task python = python();
        Task curl = curl("-I", "http://10.0.0.2/f.txt");
        lab.run(60 * SECOND);
        assertThat(curl.lines())
                .containsExactly(
                        "HTTP/1.0 200 OK",
                        "Server: SimpleHTTP/0.6 Python/3.11.7",
                        "Date: Thu, 01 Jan 1970 00:00:00 GMT",
                        "Content-type: text/plain",
                        "Content-Length: 8000",
                        "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT",
                        "");
        assertThat(python.lines()).last().asString().contains("\"HEAD /f.txt HTTP/1.1\" 200 -");
    }

    @Test
    void whatIsNotThereHasAPageOfItsOwn() {
        Task python = python();
        Task curl = curl("-s", "-w", "%{http_code} %{size_download} %{content_type}\\n", "http://10.0.0.2/nothere");
        Task fails = curl(SECOND, "-sSf", "http://10.0.0.2/nothere");
        Task post = curl(2 * SECOND, "-s", "-o", "x", "-w", "%{http_code}", "-d", "a=b", "http://10.0.0.2/");
        lab.run(60 * SECOND);
        assertThat(curl.lines())
                .startsWith("<!DOCTYPE HTML>", "<html lang=\"en\">")
                .contains("        <p>Error code explanation: 404 - Nothing matches the given URI.</p>")
                .endsWith("</html>", "404 335 text/html;charset=utf-8");
        assertThat(fails.lines()).containsExactly("curl: (22) The requested URL returned error: 404");
        assertThat(fails.exit()).isEqualTo(22);
        assertThat(post.lines()).containsExactly("501");
        assertThat(python.lines())
                .contains(
                        "10.0.0.1 - - [01/Jan/1970 00:00:00] code 404, message File not found",
                        "10.0.0.1 - - [01/Jan/1970 00:00:00] \"GET /nothere HTTP/1.1\" 404 -");
    }

    @Test
    void foldersAreListedAndRedirectedTo() {
        python();
        Task list = curl("-s", "http://10.0.0.2/");
        Task moved = curl("-s", "-w", "%{http_code} %{redirect_url}", "http://10.0.0.2/d");
        Task followed =
                curl("-s", "-L", "-w", "\\n%{num_redirects} %{url_effective} %{num_connects}\\n", "http://10.0.0.2/d");
        lab.run(60 * SECOND);
        assertThat(list.lines())
                .contains(
                        "<title>Directory listing for /</title>",
                        "<li><a href=\"d/\">d/</a></li>",
                        "<li><a href=\"f.txt\">f.txt</a></li>");
        assertThat(moved.lines()).containsExactly("301 http://10.0.0.2/d/");
        assertThat(followed.lines()).containsExactly("<p>hi", "1 http://10.0.0.2/d/ 2");
    }

    @Test
    void bodiesAreSent() {
        exec(0, server, "httpd");
        client.stack().files().put("/up", HostFiles.Content.of(2_000_000, 'u'));
        Task post = curl("-v", "-d", "a=b", "-d", "c=d", "http://10.0.0.2/p");
        Task put = curl(
                SECOND, "-sv", "-o", "x", "-T", "/up", "-w", "%{size_upload} %{http_code}\\n", "http://10.0.0.2/up");
        Task get = curl(2 * SECOND, "-s", "-G", "-d", "a=b", "-w", "%{url}\\n", "http://10.0.0.2/hello.txt?x");
        lab.run(60 * SECOND);
        assertThat(post.lines())
                .containsSubsequence(
                        "> POST /p HTTP/1.1",
                        "> Accept: */*",
                        "> Content-Length: 7",
                        "> Content-Type: application/x-www-form-urlencoded",
                        "> ",
                        "< HTTP/1.1 200 OK",
                        "received 7 bytes");
        assertThat(put.lines())
                .contains("> PUT /up HTTP/1.1", "> Content-Length: 2000000", "> Expect: 100-continue")
                .contains("< HTTP/1.1 100 Continue", "2000000 200");
        assertThat(get.lines()).containsExactly("hello", "world", "http://10.0.0.2/hello.txt?x&a=b");
    }

    @Test
    void idleConnectionsEndAndAreMadeAgain() {
        exec(0, server, "httpd", "-p", "8080", "-t", "5");
        Task curl = curl("-s", "http://10.0.0.2:8080/hello.txt");
        lab.run(10 * SECOND);
        assertThat(curl.lines()).containsExactly("hello", "world");
        assertThat(server.stack().tcp().table().size()).isZero();
    }

    @Test
    void theReasonWhyThereIsNoConnectionIsSaid() {
        Task refused = curl("-v", "http://10.0.0.2:81/");
        Task dead = curl("-sS", "http://10.0.0.9/");
        Task route = curl("-sSv", "http://192.0.2.1/");
        Task name = curl("-sS", "http://nobody.example/");
        lab.run(60 * SECOND);
        assertThat(refused.lines())
                .containsExactly(
                        "*   Trying 10.0.0.2:81...",
                        "* connect to 10.0.0.2 port 81 failed: Connection refused",
                        "* Failed to connect to 10.0.0.2 port 81 after 0 ms: Couldn't connect to server",
                        "* Closing connection 0",
                        "curl: (7) Failed to connect to 10.0.0.2 port 81 after 0 ms: Couldn't connect to server");
        assertThat(refused.exit()).isEqualTo(7);
        assertThat(dead.lines())
                .singleElement()
                .asString()
                .matches(
                        "curl: \\(7\\) Failed to connect to 10.0.0.9 port 80 after 3\\d\\d\\d ms: Couldn't connect to server");
        assertThat(route.lines())
                .contains("* Immediate connect fail for 192.0.2.1: Network is unreachable")
                .endsWith("curl: (7) Failed to connect to 192.0.2.1 port 80 after 0 ms: Couldn't connect to server");
        assertThat(name.lines()).containsExactly("curl: (6) Could not resolve host: nobody.example");
    }

    @Test
    void timeRunsOutWhileItConnectsAndWhileItWaits() {
        server.stack().filter((in, out, ingress, frame, ip, now) -> false);
        client.stack().permanent(client.stack().find("eth0"), Lab.ip("10.0.0.9"), 0x0200_0000_0099L);
        Task connect = curl("-sSv", "--connect-timeout", "1", "http://10.0.0.9/");
        Task whole = curl("-sS", "-m", "1.5", "http://10.0.0.9/");
        Task never = curl("-sS", "http://10.0.0.9/");
        exec(0, server, "nc", "-l", "-k", "7");
        Task silent = curl("-sS", "-m", "2", "http://10.0.0.2:7/");
        lab.run(400 * SECOND);
        assertThat(connect.lines())
                .containsExactly(
                        "*   Trying 10.0.0.9:80...",
                        "* ipv4 connect timeout after 1000ms, move on!",
                        "* Failed to connect to 10.0.0.9 port 80 after 1000 ms: Timeout was reached",
                        "* Closing connection 0",
                        "curl: (28) Failed to connect to 10.0.0.9 port 80 after 1000 ms: Timeout was reached");
        assertThat(whole.lines()).containsExactly("curl: (28) Connection timed out after 1500 milliseconds");
        assertThat(silent.lines())
                .containsExactly("curl: (28) Operation timed out after 2000 milliseconds with 0 bytes received");
        assertThat(never.lines())
                .singleElement()
                .asString()
                .matches(
                        "curl: \\(28\\) Failed to connect to 10.0.0.9 port 80 after \\d+ ms: Couldn't connect to server");
        assertThat(List.of(connect, whole, silent, never)).allMatch(task -> task.exit() == 28);
    }

    @Test
    void namesAreFoundByDns() {
        lab.exec(0, server, "dnsmasq --no-resolv --host-record=web.lab,10.0.0.2 --local=/lab/");
        client.stack().names().settings(client.stack().names().settings().with(List.of(Lab.ip("10.0.0.2")), List.of()));
        python();
        Task curl = curl("-sv", "-o", "x", "http://web.lab/f.txt");
        Task pinned = curl("-s", "-o", "x", "-w", "%{remote_ip}", "--resolve", "a.b:80:10.0.0.2", "http://a.b/f.txt");
        lab.run(60 * SECOND);
        assertThat(curl.lines())
                .startsWith("*   Trying 10.0.0.2:80...", "* Connected to web.lab (10.0.0.2) port 80 (#0)")
                .contains("> Host: web.lab");
        assertThat(pinned.lines()).containsExactly("10.0.0.2");
    }

    @Test
    void timesAndSizesAreMeasured() {
        python("--protocol", "HTTP/1.1");
        Task curl = curl(
                "-s",
                "-o",
                "x",
                "-w",
                "%{size_download} %{size_request} %{http_version} %{method} %{remote_ip}:%{remote_port} "
                        + "%{num_headers}%% %{time_namelookup} %{time_connect} %{time_total}\\n",
                "http://10.0.0.2/big.bin");
        lab.run(60 * SECOND);
        String[] words = curl.lines().get(0).split(" ");
        assertThat(Arrays.asList(words).subList(0, 6))
                .containsExactly("3000000", "79", "1.1", "GET", "10.0.0.2:80", "5%");
        double connect = Double.parseDouble(words[7]);
        double total = Double.parseDouble(words[8]);
        // 3 MB take 2.5 ms at 10 Gb/s, with headers.
        assertThat(connect).isLessThan(0.0001);
        assertThat(total).isBetween(0.0025, 0.01);
    }

    @Test
    void serversAreStoppedByKillallAndAtTheEnd() {
        Task python = python();
        Task again = exec(1, server, "python3", "-m", "http.server", "80");
        Task killed = exec(SECOND, server, "killall", "python3");
        Task refused = curl(2 * SECOND, "-sS", "http://10.0.0.2/");
        lab.run(60 * SECOND);
        assertThat(again.lines()).containsExactly("OSError: [Errno 98] Address already in use");
        assertThat(killed.exit()).isZero();
        assertThat(python.exit()).isEqualTo(143);
        assertThat(refused.exit()).isEqualTo(7);
    }

    @Test
    void wrongWordsAreRefused() {
        List<Task> all = List.of(
                curl(),
                curl("--bogus", "x"),
                curl("-m", "x", "y"),
                curl("-o"),
                curl("https://x/"),
                curl("-w", "%{http_cod}", "x"),
                curl("-T", "/none", "http://10.0.0.2/"),
                exec(0, server, "python3", "x.py"),
                exec(0, server, "python3", "-m", "http.server", "x"),
                exec(0, server, "httpd", "-x"),
                exec(0, server, "httpd", "-p", "x"));
        lab.run(SECOND);
        assertThat(all.stream().map(task -> task.lines().get(0)))
                .containsExactly(
                        "curl: try 'curl --help' or 'curl --manual' for more information",
                        "curl: option --bogus: is unknown",
                        "curl: option -m: expected a proper numerical parameter",
                        "curl: option -o: requires parameter",
                        "curl: (1) Protocol \"https\" not supported or disabled in libcurl",
                        "curl: unknown --write-out variable: 'http_cod' (did you mean http_code?)",
                        "curl: (26) Failed to open/read local data from file/application: /none",
                        "python3: nothing but -m http.server is here",
                        "usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]",
                        "httpd: invalid option -- 'x'",
                        "httpd: bad address 'x'");
        assertThat(all).allMatch(task -> task.exit() > 0);
    }
}
