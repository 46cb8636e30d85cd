package io.hopscope.devices.programs;

import java.util.Locale;

/**
 * A URL as curl takes it.
 *
 * @param text as it is told: with its scheme, and a slash for a path
 * @param target what is asked for
 */
record CurlUrl(String text, String host, int port, String target) {
    private static final int HTTP = 80;

    /** Null for what is none. */
    static CurlUrl parse(String given) {
        String text = given.matches("(?i)[a-z][a-z0-9+.-]*://.*") ? given : "http://" + given;
        String scheme = text.substring(0, text.indexOf("://")).toLowerCase(Locale.ROOT);
        String rest = text.substring(text.indexOf("://") + 3);
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(0, end);
        int colon = authority.lastIndexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String number = colon < 0 ? "" : authority.substring(colon + 1);
        boolean ported = number.matches("[0-9]{1,5}") && Integer.parseInt(number) <= 65535;
        if (!host.matches("[A-Za-z0-9_.-]+") || colon >= 0 && !number.isEmpty() && !ported) {
            return null;
        }
        String path = rest.substring(end).split("#", 2)[0];
        String target = path.startsWith("/") ? path : "/" + path;
        if (!scheme.equals("http")) {
            throw new Misuse(1, "curl: (1) Protocol \"" + scheme + "\" not supported or disabled in libcurl");
        }
        String shown = "http://" + authority + target;
        return new CurlUrl(shown, host, ported ? Integer.parseInt(number) : HTTP, target);
    }

    /** As the Host header has it. */
    String authority() {
        return port == HTTP ? host : host + ":" + port;
    }

    /** Where a Location header of it leads to; null for nowhere. */
    CurlUrl follow(String location) {
        if (location.matches("(?i)[a-z][a-z0-9+.-]*://.*")) {
            return parse(location);
        } else if (location.startsWith("//")) {
            return parse("http:" + location);
        } else if (location.startsWith("/")) {
            return parse("http://" + authority() + location);
        }
        String folder = target.split("\\?", 2)[0];
        return parse("http://" + authority() + folder.substring(0, folder.lastIndexOf('/') + 1) + location);
    }
}
