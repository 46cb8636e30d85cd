package io.hopscope.devices.programs;

import io.hopscope.devices.HostFiles;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.http.HttpHead;
import java.util.List;

/** SimpleHTTPRequestHandler of Python 3.11: GET and HEAD of files, its headers in their order, its error page, its log. */
final class PythonSite implements HttpSite {
    private static final String PAGE = """
            <!DOCTYPE HTML>
            <html lang="en">
                <head>
                    <meta charset="utf-8">
                    <title>Error response</title>
                </head>
                <body>
                    <h1>Error response</h1>
                    <p>Error code: %d</p>
                    <p>Message: %s.</p>
                    <p>Error code explanation: %d - %s.</p>
                </body>
            </html>
            """;

    private static final String LISTING = """
            <!DOCTYPE HTML>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Directory listing for %s</title>
            </head>
            <body>
            <h1>Directory listing for %s</h1>
            <hr>
            <ul>
            %s</ul>
            <hr>
            </body>
            </html>
            """;

    private final FileSite files;
    private final Task task;
    private final String version;

    /**
     * @param version {@code 1.0}, after whose answers the connection ends, or {@code 1.1}
     */
    PythonSite(FileSite files, Task task, String version) {
        this.files = files;
        this.task = task;
        this.version = version;
    }

    @Override
    public Answer answer(HttpHead request, long received, int client, long now) {
        boolean head = request.method().equals("HEAD");
        String path = FileSite.path(request.target());
        if (!head && !request.method().equals("GET")) {
            String message = "Unsupported method ('" + request.method() + "')";
            return error(request.first(), 501, message, "Server does not support this operation", false, client, now);
        }
        boolean closes = version.equals("1.0") || !request.keepsAlive();
        HostFiles.Content file = files.find(path.endsWith("/") ? path + "index.html" : path);
        if (file != null) {
            String type = FileSite.type(path.endsWith("/") ? "index.html" : path);
            return file(request.first(), type, file, closes, head, client, now);
        }
        if (!files.folder(path)) {
            return error(request.first(), 404, "File not found", "Nothing matches the given URI", head, client, now);
        } else if (!path.endsWith("/")) {
            log(client, request.first(), 301, now);
            HttpHead moved = status(301, "Moved Permanently", now)
                    .add("Location", path + "/")
                    .add("Content-Length", "0");
            return new Answer(moved, null, 0, closes);
        }
        HostFiles.Content listing = HostFiles.Content.of(listing(path));
        log(client, request.first(), 200, now);
        HttpHead made = status(200, "OK", now)
                .add("Content-type", "text/html; charset=utf-8")
                .add("Content-Length", String.valueOf(listing.size()));
        return new Answer(made, head ? null : listing, listing.size(), closes);
    }

    private Answer file(
            String request, String type, HostFiles.Content file, boolean closes, boolean head, int client, long now) {
        log(client, request, 200, now);
        HttpHead made = status(200, "OK", now)
                .add("Content-type", type)
                .add("Content-Length", String.valueOf(file.size()))
                .add("Last-Modified", Calendar.http(0));
        return new Answer(made, head ? null : file, file.size(), closes);
    }

    private String listing(String folder) {
        StringBuilder items = new StringBuilder();
        for (String each : files.names(folder)) {
            items.append("<li><a href=\"")
                    .append(each)
                    .append("\">")
                    .append(each)
                    .append("</a></li>\n");
        }
        return String.format(java.util.Locale.ROOT, LISTING, folder, folder, items);
    }

    @Override
    public Answer refusal(String why, int client, long now) {
        return error("-", 400, why, "Bad request syntax or unsupported method", false, client, now);
    }

    private Answer error(String request, int code, String message, String meaning, boolean head, int client, long now) {
        log(client, now, "code " + code + ", message " + message);
        log(client, request, code, now);
        HostFiles.Content page =
                HostFiles.Content.of(String.format(java.util.Locale.ROOT, PAGE, code, message, code, meaning));
        HttpHead made = status(code, message, now)
                .add("Connection", "close")
                .add("Content-Type", "text/html;charset=utf-8")
                .add("Content-Length", String.valueOf(page.size()));
        return new Answer(made, head ? null : page, page.size(), true);
    }

    private HttpHead status(int code, String reason, long now) {
        return new HttpHead("HTTP/" + version + " " + code + " " + reason)
                .add("Server", "SimpleHTTP/0.6 Python/3.11.7")
                .add("Date", Calendar.http(now));
    }

    private void log(int client, String request, int code, long now) {
        log(client, now, "\"" + request + "\" " + code + " -");
    }

    private void log(int client, long now, String text) {
        if (!task.ended()) {
            task.line(Ipv4Address.text(client) + " - - [" + Calendar.log(now) + "] " + text);
        }
    }

    @Override
    public long patience() {
        return Long.MAX_VALUE;
    }

    /** What it says when it begins. */
    static List<String> greeting(int address, int port) {
        String at = Ipv4Address.text(address);
        return List.of("Serving HTTP on " + at + " port " + port + " (http://" + at + ":" + port + "/) ...");
    }
}
