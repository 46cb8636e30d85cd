package io.hopscope.scenarios;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A piece of a scenario, with its place: a text, a list or a map. Getters give null or nothing where the piece has
 * another shape, so that the search for mistakes can go on.
 */
public final class Value {
    /** Letters of a text that a message shows. */
    private static final int LONGEST = 80;

    private final Where where;
    private final String text;
    private final List<Value> items;
    private final Map<String, Value> entries;
    private final Map<String, Where> keys;
    /** Columns from where it stands to its first letter; -1 where its letters do not stand in a row as they are. */
    private final int lead;
    /** Where a text of several lines begins; null for one whose lines do not stand as they are. */
    private Where body;

    private Value(Where where, String text, List<Value> items, Map<String, Value> entries, Map<String, Where> keys) {
        this(where, text, items, entries, keys, -1);
    }

    private Value(
            Where where,
            String text,
            List<Value> items,
            Map<String, Value> entries,
            Map<String, Where> keys,
            int lead) {
        this.lead = lead;
        this.where = where;
        this.text = text;
        this.items = items;
        this.entries = entries;
        this.keys = keys;
    }

    static Value text(Where where, String text) {
        return new Value(where, text, null, null, Map.of());
    }

    /**
     * A text that stands line by line as it is.
     *
     * @param body where its first line begins
     */
    static Value literal(Where where, String text, Where body) {
        Value value = text(where, text);
        value.body = body;
        return value;
    }

    /**
     * A text that stands in the file letter by letter.
     *
     * @param lead columns before the first: a quote
     */
    static Value text(Where where, String text, int lead) {
        return new Value(where, text, null, null, Map.of(), lead);
    }

    static Value list(Where where, List<Value> items) {
        return new Value(where, null, items, null, Map.of());
    }

    static Value map(Where where, Map<String, Value> entries, Map<String, Where> keys) {
        return new Value(where, null, null, entries, keys);
    }

    /** Made by a program, of texts, numbers, booleans, collections and maps; everything stands at one place. */
    public static Value of(Object object, Where where) {
        if (object instanceof Value value) {
            return value;
        } else if (object instanceof Map<?, ?> map) {
            Map<String, Value> entries = new LinkedHashMap<>();
            map.forEach((key, value) -> entries.put(key.toString(), of(value, where)));
            return map(where, entries, Map.of());
        } else if (object instanceof Collection<?> collection) {
            List<Value> items = new ArrayList<>();
            collection.forEach(item -> items.add(of(item, where)));
            return list(where, items);
        }
        return text(where, object == null ? "" : object.toString());
    }

    public Where where() {
        return where;
    }

    /** Where a place within the text stands, as far as that is known. */
    Where within(int line, int column) {
        if (body != null) {
            return new Where(body.file(), body.line() + line - 1, body.column() + column - 1);
        }
        return line > 1 ? where : where(column - 1);
    }

    /**
     * Where one of its letters stands, as far as that can be said.
     *
     * @param offset from 0
     */
    Where where(int offset) {
        return lead < 0 ? where : new Where(where.file(), where.line(), where.column() + lead + offset);
    }

    /** Where the key stands, or the value if it is not known. */
    public Where where(String key) {
        Where known = keys.get(key);
        Value value = get(key);
        return known != null ? known : value != null ? value.where : where;
    }

    public boolean isText() {
        return text != null;
    }

    public boolean isList() {
        return items != null;
    }

    public boolean isMap() {
        return entries != null;
    }

    /** Null if it is no text. */
    public String text() {
        return text;
    }

    /** The list; a text or a map is a list of one. */
    public List<Value> items() {
        if (items != null) {
            return items;
        }
        return entries != null || !text.isEmpty() ? List.of(this) : List.of();
    }

    public Map<String, Value> entries() {
        return entries != null ? entries : Map.of();
    }

    /** Null if there is none. */
    public Value get(String key) {
        return entries == null ? null : entries.get(key);
    }

    public boolean has(String key) {
        return entries != null && entries.containsKey(key);
    }

    /** The text at a key; null if there is none. */
    public String text(String key) {
        Value value = get(key);
        return value == null ? null : value.text;
    }

    public String text(String key, String otherwise) {
        String found = text(key);
        return found == null ? otherwise : found;
    }

    /** The list at a key; empty if there is none. */
    public List<Value> items(String key) {
        Value value = get(key);
        return value == null ? List.of() : value.items();
    }

    public Map<String, Value> entries(String key) {
        Value value = get(key);
        return value == null ? Map.of() : value.entries();
    }

    /** A number at a key; the other if there is none or it is no number. */
    public long number(String key, long otherwise) {
        String found = text(key);
        try {
            return found == null ? otherwise : Long.decode(found.replace("_", ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    public boolean flag(String key, boolean otherwise) {
        String found = text(key);
        return found == null ? otherwise : found.matches("true|yes|on|1");
    }

    /** This map on top of another: what both have is merged if it is a map, else this one's. */
    Value over(Value base) {
        if (base == null || !isMap() || !base.isMap()) {
            return this;
        }
        Map<String, Value> merged = new LinkedHashMap<>(base.entries);
        Map<String, Where> places = new LinkedHashMap<>(base.keys);
        entries.forEach((key, value) -> merged.merge(key, value, (below, above) -> above.over(below)));
        places.putAll(keys);
        return map(where, merged, places);
    }

    /** How it is said in a message: {@code 'text'}, {@code a list}, {@code a map}. */
    String kind() {
        return text != null ? text.isEmpty() ? "nothing" : "'" + brief(text) + "'" : items != null ? "a list" : "a map";
    }

    /** One line of a message: whoever gives a wrong file need not see it all. */
    static String brief(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }

    /** As plain texts, lists and maps. */
    Object plain() {
        if (text != null) {
            return text;
        }
        if (items != null) {
            return items.stream().map(Value::plain).toList();
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        entries.forEach((key, value) -> plain.put(key, value.plain()));
        return plain;
    }

    @Override
    public String toString() {
        return plain().toString();
    }
}
