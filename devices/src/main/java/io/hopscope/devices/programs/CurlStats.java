package io.hopscope.devices.programs;

/** What curl measures of one transfer: instants in picoseconds of virtual time, sizes in bytes. */
final class CurlStats {
    private static final long MICRO = 1_000_000L;

    final CurlUrl url;
    final long begun;
    String method;
    long found = -1;
    long connected = -1;
    long sent = -1;
    long answered = -1;
    long over = -1;
    long redirected;
    long downloaded;
    long uploaded;
    /** As the head says; -1 for nothing. */
    long expected = -1;

    long toUpload;
    long headerBytes;
    long requestBytes;
    int headers;
    int connects;
    int redirects;
    int status;
    String version = "0";
    String type = "";
    String redirect = "";
    int localAddress;
    int localPort;
    int remoteAddress;
    int remotePort;
    int exit;
    String error = "";

    CurlStats(CurlUrl url, long begun) {
        this.url = url;
        this.begun = begun;
    }

    /** Microseconds from the beginning; 0 where it has not come to it. */
    long micros(long instant) {
        return instant < 0 ? 0 : (instant - begun) / MICRO;
    }

    long total() {
        return micros(over);
    }

    /** Bytes a second over the whole time. */
    static long speed(long bytes, long micros) {
        return micros <= 0 ? bytes * 1_000_000L : (long) ((double) bytes * 1e6 / micros);
    }

    long downloadSpeed() {
        return speed(downloaded, total());
    }

    long uploadSpeed() {
        return speed(uploaded, total());
    }
}
