package io.hopscope.devices.programs;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Virtual time as a date: a run begins where Unix time does. The names of days and months are no locale's. */
final class Calendar {
    private static final long SECOND = 1_000_000_000_000L;
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private Calendar() {}

    private static LocalDateTime at(long now) {
        return LocalDateTime.ofEpochSecond(now / SECOND, 0, ZoneOffset.UTC);
    }

    private static String day(LocalDateTime time) {
        return DAYS[time.getDayOfWeek().getValue() - 1];
    }

    private static String month(LocalDateTime time) {
        return MONTHS[time.getMonthValue() - 1];
    }

    private static String clock(LocalDateTime time) {
        return String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    }

    /** {@code Thu Jan 01 00:00:00 UTC 1970}. */
    static String date(long now) {
        LocalDateTime time = at(now);
        return String.format(
                Locale.ROOT,
                "%s %s %02d %s UTC %d",
                day(time),
                month(time),
                time.getDayOfMonth(),
                clock(time),
                time.getYear());
    }

    /** {@code 01/Jan/1970 00:00:00}. */
    static String log(long now) {
        LocalDateTime time = at(now);
        return String.format(
                Locale.ROOT, "%02d/%s/%d %s", time.getDayOfMonth(), month(time), time.getYear(), clock(time));
    }

    /** {@code Thu, 01 Jan 1970 00:00:00 GMT} (RFC 9110, section 5.6.7). */
    static String http(long now) {
        LocalDateTime time = at(now);
        return String.format(
                Locale.ROOT,
                "%s, %02d %s %d %s GMT",
                day(time),
                time.getDayOfMonth(),
                month(time),
                time.getYear(),
                clock(time));
    }
}
