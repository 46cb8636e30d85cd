package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The words of one line and where each stands; quotes hold words with blanks together, as in iptables-restore. */
final class Words {
    /** A word and the column of its first character. */
    record Word(String text, int column) {}

    private final List<Word> words = new ArrayList<>();
    private final int line;
    private int next;
    private int end;

    /**
     * @param line its number in the text, for complaints
     */
    Words(String text, int line) {
        this.line = line;
        split(text);
    }

    /** Words that somebody else has split: those of a command. */
    Words(List<String> all) {
        line = 1;
        int column = 1;
        for (String each : all) {
            words.add(new Word(each, column));
            column += each.length() + 1;
        }
        end = column;
    }

    private void split(String text) {
        int at = 0;
        end = text.length() + 1;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            int begin = at;
            StringBuilder word = new StringBuilder();
            char quote = 0;
            for (; at < text.length() && (quote != 0 || !Character.isWhitespace(text.charAt(at))); at++) {
                char c = text.charAt(at);
                if (c == '\\' && at + 1 < text.length() && quote != '\'') {
                    word.append(text.charAt(++at));
                } else if (c == quote) {
                    quote = 0;
                } else if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
            if (quote != 0) {
                throw new RuleSyntaxException(line, begin + 1, "an open quote", "a closing one", null);
            }
            words.add(new Word(word.toString(), begin + 1));
        }
    }

    private Words(Words other, int at, String instead) {
        line = other.line;
        end = other.end;
        next = other.next;
        words.addAll(other.words);
        words.set(at, new Word(instead, other.words.get(at).column));
    }

    /** These words once for each address of lists behind {@code -s} and {@code -d}. */
    List<Words> eachAddress() {
        for (int i = next; i + 1 < words.size(); i++) {
            if (words.get(i).text.matches("-[sd]|--source|--src|--destination|--dst")
                    && words.get(i + 1).text.indexOf(',') > 0) {
                if (i > next && words.get(i - 1).text.equals("!")) {
                    // Two rules, each of which takes what the other leaves, would take everything.
                    throw new RuleSyntaxException(
                            line,
                            words.get(i + 1).column,
                            "'" + words.get(i + 1).text + "' behind '!'",
                            "a single address or network there",
                            null);
                }
                List<Words> all = new ArrayList<>();
                for (String each : words.get(i + 1).text.split(",", -1)) {
                    all.addAll(new Words(this, i + 1, each).eachAddress());
                }
                return all;
            }
        }
        return List.of(this);
    }

    /** Of the next word. */
    int column() {
        return empty() ? end : words.get(next).column;
    }

    boolean empty() {
        return next >= words.size();
    }

    /** Empty at the end. */
    String peek() {
        return empty() ? "" : words.get(next).text;
    }

    /** The word after the next one. */
    String second() {
        return next + 1 >= words.size() ? "" : words.get(next + 1).text;
    }

    String take(String expected) {
        if (empty()) {
            throw new RuleSyntaxException(line, end, "the end of the line", expected, null);
        }
        return words.get(next++).text;
    }

    /** Whether the next word is this one; it is taken then. */
    boolean accept(String word) {
        if (empty() || !peek().equals(word)) {
            return false;
        }
        next++;
        return true;
    }

    int line() {
        return line;
    }

    /** Complains about the word taken last. */
    RuleSyntaxException wrong(String expected) {
        return wrong(expected, List.of());
    }

    RuleSyntaxException wrong(String expected, Collection<String> valid) {
        Word word = words.get(Math.max(0, next - 1));
        return new RuleSyntaxException(
                line, word.column, "'" + word.text + "'", expected, Nearest.of(word.text, valid));
    }

    /** Complains about the whole line, or about what does not follow. */
    RuleSyntaxException missing(String found, String expected) {
        return new RuleSyntaxException(line, empty() ? end : words.get(next).column, found, expected, null);
    }

    long number(String what, long least, long most) {
        String text = take(what);
        long value = parse(text);
        if (value < least || value > most) {
            throw wrong(what + " from " + least + " to " + most);
        }
        return value;
    }

    /** -1 for what is no number; hexadecimal ones begin with 0x. */
    static long parse(String text) {
        try {
            return Long.decode(text.matches("0[0-9]+") ? text.replaceFirst("^0+(?=.)", "") : text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** {@code 10.0.0.0/8}, {@code 10.0.0.0/255.0.0.0} or an address; bits behind the prefix are cleared. */
    Prefix prefix() {
        String text = take("an address or a network");
        int slash = text.indexOf('/');
        try {
            int address = Ipv4Address.bits(slash < 0 ? text : text.substring(0, slash));
            String mask = slash < 0 ? "32" : text.substring(slash + 1);
            int length = mask.indexOf('.') < 0 ? Integer.parseInt(mask) : lengthOf(Ipv4Address.bits(mask));
            return new Prefix(address, length);
        } catch (IllegalArgumentException e) {
            throw wrong("an address or a network such as 10.0.0.0/8");
        }
    }

    private static int lengthOf(int mask) {
        int length = Integer.bitCount(mask);
        if (Prefix.mask(length) != mask) {
            throw new IllegalArgumentException();
        }
        return length;
    }

    int address() {
        String text = take("an address");
        try {
            return Ipv4Address.bits(text);
        } catch (IllegalArgumentException e) {
            throw wrong("an address such as 10.0.0.1");
        }
    }

    long mac() {
        String text = take("a MAC address");
        try {
            return MacAddress.bits(text);
        } catch (IllegalArgumentException e) {
            throw wrong("a MAC address such as 02:00:00:00:00:01");
        }
    }

    /** {@code VALUE} or {@code VALUE/MASK}: value in the upper half of the result, mask in the lower. */
    long valueAndMask() {
        String text = take("a value, or value/mask");
        int slash = text.indexOf('/');
        long value = parse(slash < 0 ? text : text.substring(0, slash));
        long mask = slash < 0 ? 0xffff_ffffL : parse(text.substring(slash + 1));
        if (value < 0 || value > 0xffff_ffffL || mask < 0 || mask > 0xffff_ffffL) {
            throw wrong("a value of 32 bits such as 0x10, or value/mask");
        }
        return value << 32 | mask;
    }

    /** {@code PORT}, {@code FROM:TO}, {@code :TO} or {@code FROM:}: first in the upper half, last in the lower. */
    int ports() {
        take("a port, or from:to");
        return ports(words.get(next - 1).text);
    }

    int ports(String text) {
        int colon = text.indexOf(':');
        int from = colon == 0 ? 0 : port(colon < 0 ? text : text.substring(0, colon));
        int to = colon < 0 ? from : colon == text.length() - 1 ? 0xffff : port(text.substring(colon + 1));
        if (from > to) {
            throw wrong("a range of ports, the lower one first");
        }
        return from << 16 | to;
    }

    int port(String text) {
        Integer named = Services.port(text);
        long number = named != null ? named : parse(text);
        if (number < 0 || number > 0xffff) {
            throw wrong("a port from 0 to 65535, or a service such as http", Services.names());
        }
        return (int) number;
    }

    /** The only one of several that begins so; the word itself if it is one, or none does or several. */
    static String whole(String word, Collection<String> all) {
        List<String> found =
                all.stream().filter(each -> each.startsWith(word)).distinct().toList();
        return found.size() == 1 && !all.contains(word) ? found.get(0) : word;
    }

    /** One of several names, by its index. */
    int choice(String what, List<String> valid) {
        String text = take(what);
        int found = valid.indexOf(text);
        if (found < 0) {
            throw wrong(what + ": " + String.join(", ", valid), valid);
        }
        return found;
    }

    void finish() {
        if (!empty()) {
            take("");
            throw wrong("the end of the line");
        }
    }
}
