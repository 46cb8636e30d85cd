package io.hopscope.protocols.openflow;

import java.util.ArrayList;
import java.util.List;

/** Some bits of a field as load and move name them, {@code NXM_OF_VLAN_TCI[0..11]}. */
record BitRange(Field field, int shift, int bits) {
    static BitRange parse(Token token) {
        int open = token.text().indexOf('[');
        Token name = open < 0 ? token : token.before(open);
        Field field = named(name);
        if (open < 0) return new BitRange(field, 0, field.bits);
        if (!token.text().endsWith("]")) throw token.wrong("a closing bracket");
        Token range = token.from(open + 1).before(token.text().length() - open - 2);
        if (range.text().isEmpty()) return new BitRange(field, 0, field.bits);
        int dots = range.text().indexOf("..");
        int first = bit(dots < 0 ? range : range.before(dots), field);
        int last = dots < 0 ? first : bit(range.from(dots + 2), field);
        if (last < first) throw range.wrong("the lower bit first");
        return new BitRange(field, first, last - first + 1);
    }

    private static int bit(Token token, Field field) {
        long bit = token.number(6, "a bit of " + field.nxm);
        if (bit >= field.bits) throw token.wrong("a bit from 0 to " + (field.bits - 1));
        return (int) bit;
    }

    private static Field named(Token name) {
        List<String> names = new ArrayList<>();
        for (Field field : Field.values()) {
            if (!field.nxm.isEmpty() && field.nxm.equals(name.text())) return field;
            if (field.names.contains(name.text())) return field;
            if (!field.nxm.isEmpty()) names.add(field.nxm);
        }
        throw name.wrong("a field such as NXM_OF_ETH_SRC[]", names);
    }

    /** The form of ovs-ofctl. */
    @Override
    public String toString() {
        String name = field.nxm.isEmpty() ? field.label : field.nxm;
        if (bits == field.bits) return name + "[]";
        return name + "[" + shift + (bits == 1 ? "" : ".." + (shift + bits - 1)) + "]";
    }
}
