package io.hopscope.devices.programs;

import java.util.List;
import java.util.Locale;

/** A command line of iperf 2.1. */
final class IperfPlan {
    private static final String USAGE = "Usage: iperf [-s|-c host] [options]\nTry `iperf --help' for more information.";
    private static final String ARGUMENTS = "cpitnblwMPfBSZ";
    /** What one of Linux's buffers may have. */
    private static final int MOST_WINDOW = 4_194_304;

    boolean server;
    boolean udp;
    boolean reverse;
    boolean noDelay;
    boolean daemon;
    /** Whom a client talks to; null for a server. */
    String host;

    int address;
    int port = 5001;
    long interval;
    long time = 10 * PingPlan.SECOND;
    /** -n: bytes to send; 0 where the time decides. */
    long amount;
    /** -b: bits a second; 0 for as many as go. */
    double rate;

    int length;
    int window;
    int segment;
    int streams = 1;
    char format = 'a';
    String bind;
    int tos;
    String congestion;

    /**
     * @throws Misuse says what is wrong
     */
    IperfPlan read(List<String> arguments) {
        Words words = new Words(arguments);
        for (char option = words.option(); option != 0; option = words.option()) {
            switch (option) {
                case 's' -> server = true;
                case 'u' -> udp = true;
                case 'R' -> reverse = true;
                case 'N' -> noDelay = true;
                case 'D' -> daemon = true;
                case '4' -> {}
                default -> valued(option, words);
            }
        }
        if (server == (host != null) || words.more()) {
            throw new Misuse(1, USAGE);
        }
        if (udp && rate == 0) {
            rate = 1 << 20;
        }
        if (length == 0) {
            length = udp ? 1470 : 131_072;
        }
        return this;
    }

    private void valued(char option, Words words) {
        if (ARGUMENTS.indexOf(option) < 0) {
            throw new Misuse(1, "iperf: invalid option -- " + option + "\n" + USAGE);
        }
        String value = words.argument();
        if (value == null) {
            throw new Misuse(1, "iperf: option requires an argument -- " + option + "\n" + USAGE);
        }
        switch (option) {
            case 'c' -> host = value;
            case 'p' -> port = number(option, value, 1, 65535);
            case 'P' -> streams = number(option, value, 1, 128);
            case 'i' -> interval = seconds(option, value);
            case 't' -> time = seconds(option, value);
            case 'n' -> amount = (long) size(option, value);
            case 'b' -> rate = rate(value);
            case 'l' -> length = number(option, size(option, value), 16, 1 << 20);
            case 'w' -> window = number(option, size(option, value), 1, MOST_WINDOW);
            case 'M' -> segment = number(option, size(option, value), 48, 65_495);
            case 'S' -> tos = tos(value);
            case 'Z' -> {
                if (!value.equals("cubic") && !value.equals("reno")) {
                    throw new Misuse(
                            1,
                            "Attempt to set '" + value + "' congestion control failed: No such file or directory",
                            value,
                            List.of("cubic", "reno"));
                }
                congestion = value;
            }
            case 'B' -> bind = value;
            default -> {
                if (value.length() != 1 || "kmgaKMGA".indexOf(value.charAt(0)) < 0) {
                    throw wrong(option, value);
                }
                format = value.charAt(0);
            }
        }
    }

    private static Misuse wrong(char option, String value) {
        return new Misuse(1, "ERROR: -" + option + " value of '" + value + "' not recognized");
    }

    private static long seconds(char option, String value) {
        if (!value.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") || Double.parseDouble(value) <= 0) {
            throw wrong(option, value);
        }
        return StrictMath.round(Double.parseDouble(value) * 1e12);
    }

    private static int number(char option, String value, int least, int most) {
        return number(option, value.matches("[0-9]{1,9}") ? Double.parseDouble(value) : -1, least, most);
    }

    private static int number(char option, double value, int least, int most) {
        if (value < least || value > most) {
            throw new Misuse(1, "ERROR: -" + option + " takes a number from " + least + " to " + most);
        }
        return (int) value;
    }

    /** Capitals count in 1,024s, small letters in thousands. */
    private static double size(char option, String value) {
        if (!value.matches("[0-9]{1,12}(\\.[0-9]{1,6})?[kmgtKMGT]?")) {
            throw wrong(option, value);
        }
        char unit = value.charAt(value.length() - 1);
        if (Character.isDigit(unit)) {
            return Double.parseDouble(value);
        }
        int power = "KMGT".indexOf(Character.toUpperCase(unit)) + 1;
        double scale = 1;
        for (int i = 0; i < power; i++) {
            scale *= Character.isUpperCase(unit) ? 1024 : 1000;
        }
        return Double.parseDouble(value.substring(0, value.length() - 1)) * scale;
    }

    private static double rate(String value) {
        double rate = size('b', value);
        if (rate < 1) {
            throw wrong('b', value);
        }
        return rate;
    }

    private static int tos(String value) {
        try {
            int number = Integer.decode(value.toLowerCase(Locale.ROOT));
            if (number >= 0 && number <= 255) {
                return number;
            }
        } catch (NumberFormatException e) {
            // It is said below.
        }
        throw wrong('S', value);
    }
}
