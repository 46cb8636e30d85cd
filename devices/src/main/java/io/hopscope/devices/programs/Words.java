package io.hopscope.devices.programs;

import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A command line taken apart as getopt does: {@code -c 3}, {@code -c3}, {@code -nq}, operands among them. */
final class Words {
    private final Deque<String> left;
    private final Deque<String> operands = new ArrayDeque<>();
    private String rest = "";
    private String argument;

    Words(List<String> words) {
        left = new ArrayDeque<>(words);
    }

    /** The next option's letter, also from behind operands; 0 when there is none. */
    char option() {
        while (rest.isEmpty()) {
            String next = left.poll();
            if (next == null) {
                return 0;
            } else if (next.equals("--")) {
                operands.addAll(left);
                left.clear();
            } else if (next.length() < 2 || next.charAt(0) != '-') {
                operands.add(next);
            } else {
                rest = next.substring(1);
            }
        }
        char letter = rest.charAt(0);
        rest = rest.substring(1);
        return letter;
    }

    /** The argument of the option just read; null if there is none. */
    String argument() {
        argument = rest.isEmpty() ? left.poll() : rest;
        rest = "";
        return argument;
    }

    /** The argument read last; empty if there was none. */
    String read() {
        return argument == null ? "" : argument;
    }

    /** What iputils says of the number read last: it is none, or it is out of range. */
    String fault(String range) {
        String number = read();
        return "invalid argument: '" + number + "'" + (number.matches("-?\\d+") ? ": out of range: " + range : "");
    }

    /** The next operand, or null; options come first. */
    String next() {
        return operands.poll();
    }

    boolean more() {
        return !operands.isEmpty();
    }

    /** A whole number from the option's argument within bounds; null if it is none. */
    Long number(long least, long most) {
        String text = argument();
        try {
            long value = text == null ? -1 : Long.parseLong(text);
            return text == null || value < least || value > most ? null : (Long) value;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Seconds, with a fraction, in picoseconds; null if it is no such number or over a day. */
    Long seconds() {
        String text = argument();
        try {
            double value = text == null ? -1 : Double.parseDouble(text);
            return value >= 0 && value <= 86400 ? (Long) StrictMath.round(value * 1e12) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The address that a word means, by itself or by name; null if it means none. */
    static Integer address(Task task, String word) {
        try {
            return Ipv4Address.bits(word);
        } catch (IllegalArgumentException e) {
            return task.resolve(word);
        }
    }
}
