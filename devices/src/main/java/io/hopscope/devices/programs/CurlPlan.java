package io.hopscope.devices.programs;

import io.hopscope.devices.HostFiles;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Nearest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A command line of curl 7.88. */
final class CurlPlan {
    private static final String HINT = "\ncurl: try 'curl --help' or 'curl --manual' for more information";
    private static final Map<Character, String> LETTERS = Map.ofEntries(
            Map.entry('v', "verbose"),
            Map.entry('s', "silent"),
            Map.entry('S', "show-error"),
            Map.entry('o', "output"),
            Map.entry('O', "remote-name"),
            Map.entry('w', "write-out"),
            Map.entry('X', "request"),
            Map.entry('d', "data"),
            Map.entry('H', "header"),
            Map.entry('I', "head"),
            Map.entry('L', "location"),
            Map.entry('i', "include"),
            Map.entry('f', "fail"),
            Map.entry('A', "user-agent"),
            Map.entry('e', "referer"),
            Map.entry('m', "max-time"),
            Map.entry('4', "ipv4"),
            Map.entry('0', "http1.0"),
            Map.entry('T', "upload-file"),
            Map.entry('G', "get"),
            Map.entry('k', "insecure"));
    /** Options without a value. */
    private static final List<String> FLAGS = List.of(
            "verbose",
            "silent",
            "show-error",
            "remote-name",
            "head",
            "location",
            "include",
            "fail",
            "ipv4",
            "http1.0",
            "http1.1",
            "get",
            "insecure",
            "no-keepalive",
            "no-buffer");

    private static final List<String> VALUES = List.of(
            "output",
            "write-out",
            "request",
            "data",
            "data-binary",
            "header",
            "user-agent",
            "referer",
            "max-time",
            "connect-timeout",
            "max-redirs",
            "upload-file",
            "local-port",
            "interface",
            "resolve",
            "url");

    /** A -d or a --data-binary: a text, or the file that an @ names. */
    private record Data(String given, boolean binary) {
        boolean file() {
            return given.startsWith("@");
        }

        /** Null where the file is not there. */
        HostFiles.Content content(HostFiles files) {
            if (!file()) {
                return HostFiles.Content.of(given);
            }
            HostFiles.Content found = files.find(given.substring(1));
            return found == null || binary ? found : found.without("\r\n\0");
        }
    }

    final List<CurlUrl> urls = new ArrayList<>();
    /** Of the URLs in order; those without go to the terminal. */
    final List<String> outputs = new ArrayList<>();

    private final List<String> given = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private final List<Data> data = new ArrayList<>();
    final List<String> headers = new ArrayList<>();
    final List<String> resolves = new ArrayList<>();
    String method;
    String agent = "curl/7.88.1";
    String referer;
    String writeOut;
    String upload;
    long connectTimeout = 300 * PingPlan.SECOND;
    long maxTime = Long.MAX_VALUE;
    int maxRedirects = 50;
    int localPort;
    int source;

    boolean on(String flag) {
        return flags.contains(flag);
    }

    /**
     * @throws Misuse says what is wrong
     */
    CurlPlan read(List<String> arguments) {
        Deque<String> words = new ArrayDeque<>(arguments);
        while (!words.isEmpty()) {
            String word = words.poll();
            if (word.startsWith("--") && word.length() > 2) {
                option("--" + word.substring(2), full(word.substring(2)), words);
            } else if (word.startsWith("-") && word.length() > 1) {
                letters(word, words);
            } else {
                given.add(word);
            }
        }
        if (given.isEmpty()) {
            throw new Misuse(2, arguments.isEmpty() ? HINT.strip() : "curl: no URL specified!" + HINT);
        }
        for (String each : given) {
            CurlUrl url = CurlUrl.parse(each);
            if (url == null) {
                throw new Misuse(3, "curl: (3) URL using bad/illegal format or missing URL");
            }
            urls.add(on("get") && !data.isEmpty() ? with(url, joined()) : url);
        }
        return this;
    }

    private String joined() {
        return data.stream().map(Data::given).collect(Collectors.joining("&"));
    }

    private static CurlUrl with(CurlUrl url, String query) {
        char mark = url.target().indexOf('?') < 0 ? '?' : '&';
        return new CurlUrl(url.text() + mark + query, url.host(), url.port(), url.target() + mark + query);
    }

    private void letters(String word, Deque<String> words) {
        for (int i = 1; i < word.length(); i++) {
            String name = LETTERS.get(word.charAt(i));
            String shown = "-" + word.charAt(i);
            if (name == null) {
                throw new Misuse(2, "curl: option " + shown + ": is unknown" + HINT);
            } else if (VALUES.contains(name)) {
                if (i + 1 < word.length()) {
                    words.push(word.substring(i + 1));
                }
                option(shown, name, words);
                return;
            }
            option(shown, name, words);
        }
    }

    /** Long options may be cut short as long as they mean one. */
    private static String full(String name) {
        List<String> all = new ArrayList<>(FLAGS);
        all.addAll(VALUES);
        if (all.contains(name)) {
            return name;
        }
        List<String> meant = all.stream().filter(each -> each.startsWith(name)).toList();
        if (meant.size() > 1) {
            throw new Misuse(2, "curl: option --" + name + ": is ambiguous" + HINT);
        } else if (meant.isEmpty()) {
            throw new Misuse(2, "curl: option --" + name + ": is unknown" + Nearest.hint(name, all) + HINT);
        }
        return meant.get(0);
    }

    private void option(String shown, String name, Deque<String> words) {
        if (FLAGS.contains(name)) {
            flags.add(name);
            if (name.equals("remote-name")) {
                outputs.add("");
            }
            return;
        }
        String value = words.poll();
        if (value == null) {
            throw new Misuse(2, "curl: option " + shown + ": requires parameter" + HINT);
        }
        switch (name) {
            case "output" -> outputs.add(value);
            case "write-out" -> writeOut = CurlWriteOut.checked(value);
            case "request" -> method = value;
            case "data", "data-binary" -> data.add(new Data(value, name.equals("data-binary")));
            case "header" -> headers.add(value);
            case "user-agent" -> agent = value;
            case "referer" -> referer = value;
            case "max-time" -> maxTime = seconds(shown, value);
            case "connect-timeout" -> connectTimeout = seconds(shown, value);
            case "max-redirs" -> maxRedirects = number(shown, value, 1_000_000);
            case "local-port" -> localPort = number(shown, value, 65535);
            case "upload-file" -> upload = value;
            case "resolve" -> resolves.add(resolve(value));
            case "interface" -> source = address(shown, value);
            default -> given.add(value);
        }
    }

    private static int address(String shown, String value) {
        try {
            return Ipv4Address.bits(value);
        } catch (IllegalArgumentException e) {
            throw new Misuse(
                    45, "curl: (45) bind failed: " + shown + " takes an address of this host, and not " + value);
        }
    }

    /** {@code HOST:PORT:ADDRESS}. */
    private static String resolve(String value) {
        String[] parts = value.split(":");
        if (parts.length == 3 && parts[1].matches("[0-9]{1,5}")) {
            try {
                Ipv4Address.bits(parts[2]);
                return value;
            } catch (IllegalArgumentException e) {
                // It is said below, as for any other.
            }
        }
        throw new Misuse(49, "curl: (49) Couldn't parse CURLOPT_RESOLVE entry '" + value + "'");
    }

    /** What --resolve says of a host; null for nothing. */
    Integer resolved(CurlUrl url) {
        String prefix = url.host() + ":" + url.port() + ":";
        for (String each : resolves) {
            if (each.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return Ipv4Address.bits(each.substring(prefix.length()));
            }
        }
        return null;
    }

    private static long seconds(String shown, String text) {
        if (!text.matches("[0-9]{1,7}(\\.[0-9]{1,6})?")) {
            throw new Misuse(2, "curl: option " + shown + ": expected a proper numerical parameter" + HINT);
        }
        return StrictMath.round(Double.parseDouble(text) * 1e12);
    }

    private static int number(String shown, String text, int most) {
        if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) > most) {
            throw new Misuse(2, "curl: option " + shown + ": expected a proper numerical parameter" + HINT);
        }
        return Integer.parseInt(text);
    }

    /** Whether a body is sent. */
    boolean sends() {
        return upload != null || !data.isEmpty() && !on("get");
    }

    /** The body; null where a file of it is not there. */
    HostFiles.Content body(HostFiles files) {
        if (upload != null) {
            return files.find(upload);
        }
        List<HostFiles.Content> parts = new ArrayList<>();
        for (Data each : data) {
            HostFiles.Content part = each.content(files);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return HostFiles.Content.joined(parts, "&");
    }

    /** The file of the body that is not there; null if nothing is missing. */
    String missing(HostFiles files) {
        if (!sends()) {
            return null;
        } else if (upload != null) {
            return files.find(upload) == null ? upload : null;
        }
        return data.stream()
                .filter(each -> each.content(files) == null)
                .map(each -> each.given().substring(1))
                .findFirst()
                .orElse(null);
    }

    /** What is asked for, unless -X says it. */
    String method() {
        if (method != null) {
            return method;
        }
        return on("head") ? "HEAD" : upload != null ? "PUT" : sends() ? "POST" : "GET";
    }
}
