package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what stands behind actions= (ovs-actions(7)). */
final class ActionParser {
    private static final List<String> NAMES = List.of(
            "output",
            "resubmit",
            "goto_table",
            "drop",
            "normal",
            "flood",
            "all",
            "local",
            "in_port",
            "controller",
            "mod_vlan_vid",
            "mod_vlan_pcp",
            "strip_vlan",
            "pop_vlan",
            "push_vlan",
            "set_field",
            "mod_dl_src",
            "mod_dl_dst",
            "mod_nw_src",
            "mod_nw_dst",
            "mod_nw_tos",
            "mod_nw_ttl",
            "mod_tp_src",
            "mod_tp_dst",
            "dec_ttl",
            "set_tunnel",
            "set_tunnel64",
            "load",
            "move");

    private final PortNames ports;
    private final int table;
    private final List<Action> list = new ArrayList<>();

    ActionParser(PortNames ports, int table) {
        this.ports = ports;
        this.table = table;
    }

    Actions parse(Cursor cursor) {
        Token drop = null;
        Token closed = null;
        int count = 0;
        while (cursor.next()) {
            Token token = cursor.piece();
            if (closed != null) throw token.wrong("nothing after goto_table");
            if (token.text().equalsIgnoreCase("drop")) {
                drop = token;
            } else {
                list.add(action(token));
                if (list.get(list.size() - 1).kind() == Action.Kind.GOTO_TABLE) closed = token;
            }
            count++;
        }
        if (drop != null && count > 1) throw drop.wrong("no other action next to drop");
        return new Actions(list);
    }

    private Action action(Token token) {
        int stop = 0;
        while (stop < token.text().length() && ":=(".indexOf(token.text().charAt(stop)) < 0) stop++;
        boolean bare = token.quoted() || stop == token.text().length();
        Token name = bare ? token : token.before(stop);
        return bare ? bare(name) : argument(name, token.from(stop));
    }

    private Action bare(Token name) {
        switch (name.text().toLowerCase(Locale.ROOT)) {
            case "strip_vlan", "pop_vlan":
                return Action.of(Action.Kind.POP_VLAN, name.text().toLowerCase(Locale.ROOT));
            case "dec_ttl":
                return Action.of(Action.Kind.DEC_TTL, "dec_ttl");
            default:
                int port = Ports.find(name, ports);
                if (port >= 0) return output(port);
                List<String> names = new ArrayList<>(NAMES);
                names.addAll(Ports.names(ports));
                String expected =
                        NAMES.contains(name.text()) ? "an argument after " + name.text() : "an action or a port";
                throw name.wrong(expected, names);
        }
    }

    private static Action output(int port) {
        return switch (port) {
            case Ports.IN_PORT -> Action.of(Action.Kind.IN_PORT, "IN_PORT");
            case Ports.NORMAL -> Action.of(Action.Kind.NORMAL, "NORMAL");
            case Ports.FLOOD -> Action.of(Action.Kind.FLOOD, "FLOOD");
            case Ports.ALL -> Action.of(Action.Kind.ALL, "ALL");
            case Ports.CONTROLLER -> Action.of(Action.Kind.CONTROLLER, "CONTROLLER:65535");
            case Ports.LOCAL -> Action.of(Action.Kind.LOCAL, "LOCAL");
            default -> Action.output(port);
        };
    }

    /** With what follows the name, from its delimiter on. */
    private Action argument(Token name, Token rest) {
        boolean parentheses = rest.text().startsWith("(");
        if (parentheses && !rest.text().endsWith(")")) throw rest.wrong("a closing parenthesis at the end");
        Token inner = parentheses ? rest.from(1).before(rest.text().length() - 2) : rest.from(1);
        String word = name.text().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "output" -> output(Ports.parse(parentheses ? named(inner, "port") : inner, ports));
            case "resubmit" -> resubmit(inner, parentheses);
            case "goto_table" -> gotoTable(inner);
            case "mod_vlan_vid" -> number(Action.Kind.MOD_VLAN_VID, word, inner, 12);
            case "mod_vlan_pcp" -> number(Action.Kind.MOD_VLAN_PCP, word, inner, 3);
            case "push_vlan" -> push(inner);
            case "mod_dl_src" -> mod(Field.ETH_SRC, word, inner);
            case "mod_dl_dst" -> mod(Field.ETH_DST, word, inner);
            case "mod_nw_src" -> mod(Field.IP_SRC, word, inner);
            case "mod_nw_dst" -> mod(Field.IP_DST, word, inner);
            case "mod_nw_tos" -> mod(Field.NW_TOS, word, inner);
            case "mod_nw_ttl" -> mod(Field.NW_TTL, word, inner);
            case "mod_tp_src" -> mod(Field.TP_SRC, word, inner);
            case "mod_tp_dst" -> mod(Field.TP_DST, word, inner);
            case "set_tunnel", "set_tunnel64" -> tunnel(inner);
            case "set_field" -> setField(inner);
            case "load" -> load(inner);
            case "move" -> move(inner);
            case "controller" -> Action.of(Action.Kind.CONTROLLER, "CONTROLLER:" + length(inner, parentheses));
            case "learn" ->
                throw name.wrong("an action that installs no flows: learn comes with VXLAN tenant networks");
            default -> throw name.wrong("an action", NAMES);
        };
    }

    private static long length(Token inner, boolean parentheses) {
        return parentheses ? 0xffff : inner.number(16, "a length");
    }

    /** The value of name=value. */
    private static Token named(Token inner, String name) {
        if (!inner.text().startsWith(name + "=")) throw inner.wrong(name + "=");
        return inner.from(name.length() + 1);
    }

    private Action resubmit(Token inner, boolean parentheses) {
        if (!parentheses) return Action.resubmit(resubmitPort(inner), Action.SAME);
        int comma = inner.text().lastIndexOf(',');
        Token port = comma < 0 ? inner : inner.before(comma);
        Token to = comma < 0 ? new Token("", inner.column()) : inner.from(comma + 1);
        int number = port.text().isEmpty() ? Action.SAME : resubmitPort(port);
        if (number == Action.SAME && to.text().isEmpty()) throw inner.wrong("port,table or ,table");
        return Action.resubmit(number, to.text().isEmpty() ? Action.SAME : FlowParser.table(to));
    }

    private int resubmitPort(Token token) {
        int port = Ports.parse(token, ports);
        if (port == Ports.IN_PORT) return Action.SAME;
        if (port > Ports.MOST && port != Ports.LOCAL) throw token.wrong("a port a frame can come from");
        return port;
    }

    private Action gotoTable(Token inner) {
        int to = FlowParser.table(inner);
        if (to > table) return Action.gotoTable(to);
        throw inner.wrong("a table behind " + table + ": goto_table goes forward only, resubmit(,N) anywhere");
    }

    private static Action number(Action.Kind kind, String word, Token inner, int bits) {
        long value = inner.number(bits, "the argument of " + word);
        return Action.of(kind, value, word + ":" + value);
    }

    private static Action push(Token inner) {
        long type = inner.number(16, "an Ethernet type");
        if (type != Ethernet.VLAN) throw inner.wrong("0x8100, the only tag this bridge pushes");
        return Action.of(Action.Kind.PUSH_VLAN, "push_vlan:0x8100");
    }

    private static Action mod(Field field, String word, Token inner) {
        long value = field.value(inner);
        if (field == Field.NW_TOS) {
            if ((value & 3) != 0) throw inner.wrong("a type of service that leaves the two ECN bits 0");
            return Action.set(field, 2, 6, value >> 2, word + ":" + value);
        }
        return Action.set(field, 0, field.bits, value, word + ":" + field.text(value));
    }

    private static Action tunnel(Token inner) {
        long id = inner.number(64, "a tunnel id");
        String word = id >>> 32 == 0 ? "set_tunnel:0x" : "set_tunnel64:0x";
        return Action.set(Field.TUN_ID, 0, 64, id, word + Long.toHexString(id));
    }

    private static Token[] arrow(Token inner) {
        int arrow = inner.text().indexOf("->");
        if (arrow < 0) throw inner.wrong("value->field");
        return new Token[] {inner.before(arrow), inner.from(arrow + 2)};
    }

    private static Action setField(Token inner) {
        Token[] sides = arrow(inner);
        Field field = Field.named(sides[1].text());
        if (field == null) throw sides[1].wrong("a field", Field.allNames());
        requireWritable(field, sides[1]);
        String text = sides[0].text();
        int slash = text.indexOf('/');
        if (slash < 0) {
            long value = field.value(sides[0]);
            if (field == Field.VLAN_VID && value >> 12 != 1) {
                throw sides[0].wrong((value | FlowKey.TAGGED) + ", VLAN " + (value & Vlan.VID)
                        + " with the bit 0x1000 that says there is a tag");
            }
            return Action.set(field, 0, field.bits, value, "set_field:" + field.text(value) + "->" + field.label);
        }
        long value = field.value(sides[0].before(slash));
        long mask = field.mask(sides[0].from(slash + 1));
        int shift = Long.numberOfTrailingZeros(mask);
        int bits = Long.bitCount(mask);
        if (mask == 0 || mask != Field.ones(bits) << shift)
            throw sides[0].from(slash + 1).wrong("a mask of adjacent bits");
        String shown = field.text(value & mask, mask);
        return Action.set(field, shift, bits, (value & mask) >>> shift, "set_field:" + shown + "->" + field.label);
    }

    private static void requireWritable(Field field, Token place) {
        if (!field.writable()) throw place.wrong("a field that actions may change");
    }

    private static Action load(Token inner) {
        Token[] sides = arrow(inner);
        BitRange to = BitRange.parse(sides[1]);
        requireWritable(to.field(), sides[1]);
        boolean mac = sides[0].text().indexOf(':') >= 0;
        long value = mac
                ? MacAddress.bits(checkedMac(sides[0]))
                : sides[0].number(to.bits(), "a value for " + sides[1].text());
        String text = "load:0x" + Long.toHexString(value) + "->" + to;
        return Action.set(to.field(), to.shift(), to.bits(), value, text);
    }

    private static String checkedMac(Token token) {
        token.mac();
        return token.text();
    }

    private static Action move(Token inner) {
        Token[] sides = arrow(inner);
        BitRange from = BitRange.parse(sides[0]);
        BitRange to = BitRange.parse(sides[1]);
        requireWritable(to.field(), sides[1]);
        if (from.bits() != to.bits()) {
            throw sides[1].wrong("as many bits as in " + from + ", that is " + from.bits());
        }
        return Action.move(from.field(), from.shift(), to.field(), to.shift(), to.bits(), "move:" + from + "->" + to);
    }
}
