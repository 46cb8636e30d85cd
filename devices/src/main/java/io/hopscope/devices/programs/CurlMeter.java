package io.hopscope.devices.programs;

import java.util.List;
import java.util.Locale;

/** curl's progress meter, as it stands when a transfer is over. */
final class CurlMeter {
    private static final long KILO = 1024;
    private static final long MEGA = KILO * KILO;
    private static final long GIGA = KILO * MEGA;

    static final List<String> HEAD = List.of(
            "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current",
            "                                 Dload  Upload   Total   Spent    Left  Speed");

    private CurlMeter() {}

    static String line(CurlStats stats) {
        long micros = stats.total();
        long expected =
                (stats.expected >= 0 ? stats.expected : stats.downloaded) + Math.max(stats.toUpload, stats.uploaded);
        long done = stats.downloaded + stats.uploaded;
        long down = stats.downloadSpeed();
        long up = stats.uploadSpeed();
        long estimate = Math.max(
                stats.expected > 0 && down > 0 ? stats.expected / down : 0,
                stats.toUpload > 0 && up > 0 ? stats.toUpload / up : 0);
        long spent = micros / 1_000_000;
        return String.format(
                Locale.ROOT,
                "%3d %s  %3d %s  %3d %s  %s %s %s %s %s %s",
                percent(done, expected),
                bytes(expected),
                stats.expected > 0 ? percent(stats.downloaded, stats.expected) : 0,
                bytes(stats.downloaded),
                stats.toUpload > 0 ? percent(stats.uploaded, stats.toUpload) : 0,
                bytes(stats.uploaded),
                bytes(down),
                bytes(up),
                time(estimate),
                time(spent),
                time(estimate > 0 ? estimate - spent : 0),
                bytes(down + up));
    }

    private static long percent(long part, long whole) {
        return whole > 0 ? part * 100 / whole : 0;
    }

    /** Five characters (max5data). */
    private static String bytes(long number) {
        if (number < 100_000) {
            return String.format(Locale.ROOT, "%5d", number);
        } else if (number < 10_000 * KILO) {
            return String.format(Locale.ROOT, "%4dk", number / KILO);
        } else if (number < 100 * MEGA) {
            return String.format(Locale.ROOT, "%2d.%dM", number / MEGA, number % MEGA / (MEGA / 10));
        } else if (number < 10_000 * MEGA) {
            return String.format(Locale.ROOT, "%4dM", number / MEGA);
        } else if (number < 100 * GIGA) {
            return String.format(Locale.ROOT, "%2d.%dG", number / GIGA, number % GIGA / (GIGA / 10));
        }
        return String.format(Locale.ROOT, "%4dG", number / GIGA);
    }

    private static String time(long seconds) {
        return seconds <= 0
                ? "--:--:--"
                : String.format(Locale.ROOT, "%2d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
