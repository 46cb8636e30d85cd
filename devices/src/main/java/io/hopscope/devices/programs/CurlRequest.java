package io.hopscope.devices.programs;

import io.hopscope.devices.HostFiles;
import io.hopscope.protocols.http.HttpHead;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The head of a request, its fields in curl's order. */
final class CurlRequest {
    /** Above that the server is asked first. */
    private static final long EXPECTS = 1 << 20;

    private CurlRequest() {}

    /**
     * @param body null for none
     */
    static HttpHead head(CurlPlan plan, CurlUrl url, String method, HostFiles.Content body) {
        Map<String, String> own = new LinkedHashMap<>();
        own.put("Host", url.authority());
        own.put("User-Agent", plan.agent.isEmpty() ? null : plan.agent);
        own.put("Accept", "*/*");
        own.put("Referer", plan.referer);
        Map<String, String> given = new LinkedHashMap<>();
        for (String each : plan.headers) {
            int colon = each.indexOf(':');
            String name = colon < 0 ? each.replace(";", "") : each.substring(0, colon);
            String value = colon < 0 ? "" : each.substring(colon + 1).strip();
            // 'Name:' leaves it out, 'Name;' sends it empty.
            given.put(name.strip(), colon >= 0 && value.isEmpty() ? null : value);
        }
        Map<String, String> last = new LinkedHashMap<>();
        if (body != null) {
            last.put("Content-Length", String.valueOf(body.size()));
            last.put("Content-Type", plan.upload == null ? "application/x-www-form-urlencoded" : null);
            last.put("Expect", body.size() > EXPECTS ? "100-continue" : null);
        }
        HttpHead head = new HttpHead(method + " " + url.target() + " HTTP/" + (plan.on("http1.0") ? "1.0" : "1.1"));
        put(head, own, given);
        Map<String, String> rest = new LinkedHashMap<>(given);
        rest.keySet().removeIf(each -> known(own, each) || known(last, each));
        put(head, rest, Map.of());
        put(head, last, given);
        return head;
    }

    private static boolean known(Map<String, String> fields, String name) {
        return fields.keySet().stream().anyMatch(name::equalsIgnoreCase);
    }

    private static void put(HttpHead head, Map<String, String> fields, Map<String, String> instead) {
        fields.forEach((name, value) -> {
            String key = instead.keySet().stream()
                    .filter(each -> each.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(null);
            String said = key == null ? value : instead.get(key);
            if (said != null) {
                head.add(key == null ? name : key, said);
            }
        });
    }
}
