package io.hopscope.protocols.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HttpReaderTest implements HttpReader.Listener {
    private final List<String> heard = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private HttpHead head;

    @Override
    public void head(HttpHead message, long now) {
        head = message;
        heard.add(message.first());
    }

    @Override
    public void body(byte[] bytes, int from, int to, long now) {
        body.append(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }

    @Override
    public void end(long now) {
        heard.add("body '" + body + "'");
        body.setLength(0);
    }

    @Override
    public void bad(String why, long now) {
        heard.add("bad: " + why);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private HttpReader read(String text, int piece) {
        HttpReader reader = new HttpReader(this);
        byte[] all = bytes(text);
        for (int at = 0; at < all.length; at += piece) {
            reader.take(all, at, Math.min(all.length, at + piece), 0);
        }
        return reader;
    }

    @Test
    void requestsFollowOneAnotherHoweverTheyAreCut() {
        String text =
                "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello\r\nHEAD / HTTP/1.0\n\n";
        for (int piece = 1; piece < text.length(); piece++) {
            heard.clear();
            HttpReader reader = read(text, piece);
            assertThat(heard)
                    .containsExactly(
                            "GET /a HTTP/1.1",
                            "body ''",
                            "POST /b HTTP/1.1",
                            "body 'hello'",
                            "HEAD / HTTP/1.0",
                            "body ''");
            assertThat(reader.within()).isFalse();
        }
        assertThat(head.keepsAlive()).isFalse();
    }

    @Test
    void chunksArePutTogether() {
        read(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\n"
                        + "HTTP/1.1 204 No Content\r\n\r\n",
                3);
        assertThat(heard)
                .containsExactly("HTTP/1.1 200 OK", "body 'hello world'", "HTTP/1.1 204 No Content", "body ''");
    }

    @Test
    void aBodyWithoutLengthEndsWithTheConnection() {
        HttpReader reader = read("HTTP/1.0 200 OK\r\nServer: x\r\n\r\nall of", 7);
        assertThat(reader.remaining()).isEqualTo(Long.MAX_VALUE);
        reader.take(bytes(" it"), 0, 3, 0);
        assertThat(reader.closed(0)).isFalse();
        assertThat(heard).containsExactly("HTTP/1.0 200 OK", "body 'all of it'");
    }

    @Test
    void answersToHeadHaveNoBodyAndThoseThatOnlyPrepareNeither() {
        HttpReader reader = new HttpReader(this);
        reader.expectNoBody(true);
        byte[] all = bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        reader.take(all, 0, all.length, 0);
        assertThat(heard).containsExactly("HTTP/1.1 100 Continue", "body ''", "HTTP/1.1 200 OK", "body ''");
        assertThat(head.field("content-length")).isEqualTo("9");
    }

    @Test
    void whatNobodyWantsToSeeIsSkipped() {
        HttpReader reader = read("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n12345", 100);
        assertThat(reader.remaining()).isEqualTo(999_999_999_995L);
        reader.skip(999_999_999_994L, 0);
        assertThat(reader.within()).isTrue();
        reader.skip(1, 0);
        assertThat(heard).containsExactly("HTTP/1.1 200 OK", "body '12345'");
    }

    @Test
    void whatIsCutIsTold() {
        assertThat(read("GET / HT", 100).closed(0)).isTrue();
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 100).closed(0))
                .isTrue();
        assertThat(read("GET / HTTP/1.1\r\n\r\n", 100).closed(0)).isFalse();
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (String text : List.of(
                "hello\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
                "A: b\r\n".repeat(200),
                "x".repeat(70_000))) {
            heard.clear();
            HttpReader reader = read(text, 64);
            assertThat(heard).last().asString().startsWith("bad: ");
            int before = heard.size();
            reader.take(bytes("GET / HTTP/1.1\r\n\r\n"), 0, 18, 0);
            assertThat(heard).hasSize(before);
        }
    }

    @Test
    void headsAreWrittenAsTheyWereRead() {
        HttpHead made = new HttpHead("HTTP/1.1 404 File not found").add("Connection", "keep-alive, Close");
        assertThat(new String(made.bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 404 File not found\r\nConnection: keep-alive, Close\r\n\r\n");
        assertThat(made.status()).isEqualTo(404);
        assertThat(made.keepsAlive()).isFalse();
        assertThat(new HttpHead("GET /x?y HTTP/1.1").target()).isEqualTo("/x?y");
        assertThat(new HttpHead("GET").version()).isNull();
    }

    @Test
    @Tag("fuzz")
    void anyBytesAreReadWithoutAFault() {
        SplittableRandom random = new SplittableRandom(9112);
        String[] pieces = {
            "GET / HTTP/1.1\r\n",
            "HTTP/1.1 200 OK\r\n",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "\r\n",
            "5\r\n",
            "hello",
            "0\r\n",
            "Connection: close\r\n",
            "\n",
            ":",
            "ffffffffffffffff\r\n"
        };
        for (int i = 0; i < 200_000; i++) {
            HttpReader reader = new HttpReader(this);
            for (int n = 0; n < 8; n++) {
                byte[] piece = bytes(pieces[random.nextInt(pieces.length)]);
                if (random.nextInt(4) == 0) {
                    piece[random.nextInt(piece.length)] = (byte) random.nextInt();
                }
                reader.take(piece, 0, random.nextInt(piece.length + 1), 0);
                long left = reader.remaining();
                assertThat(left).isNotNegative();
                reader.skip(Math.min(left, 3), 0);
            }
            reader.closed(0);
            heard.clear();
            body.setLength(0);
        }
    }
}
