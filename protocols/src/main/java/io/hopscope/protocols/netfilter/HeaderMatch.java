package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Prefix;
import java.util.List;
import java.util.Map;

/** What every rule can say itself: addresses, interfaces, protocol, fragments. */
final class HeaderMatch {
    private static final List<String> LETTERS = List.of("-s", "-d", "-i", "-o", "-p", "-f");
    private static final Map<String, String> ALIASES = Map.of(
            "--source", "-s",
            "--src", "-s",
            "--destination", "-d",
            "--dst", "-d",
            "--in-interface", "-i",
            "--out-interface", "-o",
            "--protocol", "-p",
            "--fragments", "-f");

    private int source;
    private int sourceMask;
    private boolean sourceInverted;
    private int destination;
    private int destinationMask;
    private boolean destinationInverted;
    private InterfaceName in;
    private boolean inInverted;
    private InterfaceName out;
    private boolean outInverted;
    private int protocol;
    private boolean protocolInverted;
    private int fragment;
    /** Options it has been given already, a letter each. */
    private String given = "";

    /** The number of a protocol: a name, or a number. */
    static int protocol(Words words) {
        String text = words.take("a protocol");
        Integer named = Services.protocol(text.toLowerCase(java.util.Locale.ROOT));
        long number = named != null ? named : Words.parse(text);
        if (number < 0 || number > 255) {
            throw words.wrong("a protocol: a name such as tcp, or a number", Services.protocols());
        }
        return (int) number;
    }

    /** Whether the option is one of these; it is taken then. */
    boolean option(String option, boolean not, Words words) {
        String letter = ALIASES.getOrDefault(option, option);
        if (!LETTERS.contains(letter)) {
            return false;
        } else if (given.contains(letter)) {
            throw words.wrong("one " + letter + " a rule");
        }
        given += letter;
        switch (letter) {
            case "-s" -> {
                Prefix prefix = words.prefix();
                source = prefix.address();
                sourceMask = prefix.mask();
                sourceInverted = not;
            }
            case "-d" -> {
                Prefix prefix = words.prefix();
                destination = prefix.address();
                destinationMask = prefix.mask();
                destinationInverted = not;
            }
            case "-i" -> {
                in = InterfaceName.read(words);
                inInverted = not;
            }
            case "-o" -> {
                out = InterfaceName.read(words);
                outInverted = not;
            }
            case "-p" -> {
                protocol = protocol(words);
                protocolInverted = not;
                if (not && protocol == 0) {
                    throw words.wrong("a protocol: '! all' would never match");
                }
            }
            default -> fragment = not ? -1 : 1;
        }
        return true;
    }

    int protocol() {
        return protocolInverted ? 0 : protocol;
    }

    boolean usesIn() {
        return in != null;
    }

    boolean usesOut() {
        return out != null;
    }

    boolean matches(Packet p) {
        return ((p.source & sourceMask) == source) != sourceInverted
                && ((p.destination & destinationMask) == destination) != destinationInverted
                && (in == null || in.matches(p.in) != inInverted)
                && (out == null || out.matches(p.out) != outInverted)
                && (protocol == 0 || (p.protocol == protocol) != protocolInverted)
                && (fragment == 0 || (p.fragment > 0) == (fragment > 0));
    }

    int needs() {
        return (sourceMask != 0 || destinationMask != 0 ? Match.ADDRESSES : 0)
                | (protocol != 0 ? Match.PROTOCOL : 0)
                | (fragment != 0 ? Match.VOLATILE : 0);
    }

    private static void prefix(StringBuilder to, String option, int address, int mask, boolean inverted) {
        if (mask != 0 || inverted) {
            Match.not(to, inverted);
            to.append(' ').append(option).append(' ').append(new Prefix(address, Integer.bitCount(mask)));
        }
    }

    private static void interfaceName(StringBuilder to, String option, InterfaceName name, boolean inverted) {
        if (name != null) {
            Match.not(to, inverted);
            to.append(' ').append(option).append(' ').append(name);
        }
    }

    void print(StringBuilder to) {
        prefix(to, "-s", source, sourceMask, sourceInverted);
        prefix(to, "-d", destination, destinationMask, destinationInverted);
        interfaceName(to, "-i", in, inInverted);
        interfaceName(to, "-o", out, outInverted);
        if (protocol != 0) {
            Match.not(to, protocolInverted);
            to.append(" -p ").append(Services.protocolText(protocol));
        }
        if (fragment != 0) {
            to.append(fragment < 0 ? " ! -f" : " -f");
        }
    }

    private static String listPrefix(int address, int mask, boolean inverted, boolean numeric) {
        if (mask == 0 && !numeric) {
            return (inverted ? "!" : "") + "anywhere";
        }
        int length = Integer.bitCount(mask);
        String text =
                length == 32 ? io.hopscope.encap.Ipv4Address.text(address) : new Prefix(address, length).toString();
        return (inverted ? "!" : "") + text;
    }

    private static String listName(InterfaceName name, boolean inverted) {
        return name == null ? "*" : (inverted ? "!" : "") + name;
    }

    /**
     * The columns of {@code iptables -L}: prot, opt, in, out, source, destination.
     *
     * @param numeric whether protocols are numbers, as with -n
     */
    String[] columns(boolean numeric) {
        return new String[] {
            (protocolInverted ? "!" : "") + (numeric ? Integer.toString(protocol) : Services.protocolText(protocol)),
            fragment == 0 ? "--" : fragment > 0 ? "-f" : "!f",
            listName(in, inInverted),
            listName(out, outInverted),
            listPrefix(source, sourceMask, sourceInverted, numeric),
            listPrefix(destination, destinationMask, destinationInverted, numeric)
        };
    }
}
