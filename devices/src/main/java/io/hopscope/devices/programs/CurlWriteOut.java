package io.hopscope.devices.programs;

import io.hopscope.encap.Ipv4Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The format of {@code curl -w}. */
final class CurlWriteOut {
    private static final Map<String, Function<CurlStats, Object>> VARIABLES = variables();

    private CurlWriteOut() {}

    private static Map<String, Function<CurlStats, Object>> variables() {
        Map<String, Function<CurlStats, Object>> all = new LinkedHashMap<>();
        all.put("content_type", each -> each.type);
        all.put("errormsg", each -> each.error);
        all.put("exitcode", each -> each.exit);
        all.put("http_code", each -> String.format(Locale.ROOT, "%03d", each.status));
        all.put("http_connect", each -> "000");
        all.put("http_version", each -> each.version);
        all.put("local_ip", each -> each.localAddress == 0 ? "" : Ipv4Address.text(each.localAddress));
        all.put("local_port", each -> each.localPort);
        all.put("method", each -> each.method);
        all.put("num_connects", each -> each.connects);
        all.put("num_headers", each -> each.headers);
        all.put("num_redirects", each -> each.redirects);
        all.put("redirect_url", each -> each.redirect);
        all.put("remote_ip", each -> each.remoteAddress == 0 ? "" : Ipv4Address.text(each.remoteAddress));
        all.put("remote_port", each -> each.remotePort);
        all.put("response_code", each -> String.format(Locale.ROOT, "%03d", each.status));
        all.put("scheme", each -> "HTTP");
        all.put("size_download", each -> each.downloaded);
        all.put("size_header", each -> each.headerBytes);
        all.put("size_request", each -> each.requestBytes);
        all.put("size_upload", each -> each.uploaded);
        all.put("speed_download", CurlStats::downloadSpeed);
        all.put("speed_upload", CurlStats::uploadSpeed);
        all.put("ssl_verify_result", each -> 0);
        all.put("time_appconnect", each -> time(0));
        all.put("time_connect", each -> time(each.micros(each.connected)));
        all.put("time_namelookup", each -> time(each.micros(each.found)));
        all.put("time_pretransfer", each -> time(each.micros(each.sent)));
        all.put("time_redirect", each -> time(each.redirected));
        all.put("time_starttransfer", each -> time(each.micros(each.answered)));
        all.put("time_total", each -> time(each.total()));
        all.put("url", each -> each.url.text());
        all.put("url_effective", each -> each.url.text());
        return all;
    }

    private static String time(long micros) {
        return String.format(Locale.ROOT, "%d.%06d", micros / 1_000_000, micros % 1_000_000);
    }

    /**
     * @throws Misuse for a variable that there is not
     */
    static String checked(String format) {
        for (int at = format.indexOf("%{"); at >= 0; at = format.indexOf("%{", at + 2)) {
            int end = format.indexOf('}', at);
            String name = end < 0 ? "" : format.substring(at + 2, end);
            if (end >= 0 && !VARIABLES.containsKey(name)) {
                throw new Misuse(
                        2, "curl: unknown --write-out variable: '" + name + "'", name, List.copyOf(VARIABLES.keySet()));
            }
        }
        return format;
    }

    static String text(String format, CurlStats stats) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            char next = i + 1 < format.length() ? format.charAt(i + 1) : 0;
            int end = c == '%' && next == '{' ? format.indexOf('}', i) : -1;
            if (end >= 0) {
                out.append(VARIABLES.get(format.substring(i + 2, end)).apply(stats));
                i = end;
            } else if (c == '%' && next == '%') {
                out.append('%');
                i++;
            } else if (c == '\\' && "nrt".indexOf(next) >= 0 && next != 0) {
                out.append(next == 'n' ? '\n' : next == 'r' ? '\r' : '\t');
                i++;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
