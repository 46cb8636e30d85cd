package io.hopscope.devices.programs;

import java.util.List;

/** JSON as iproute2 writes it (lib/json_writer.c), on one line or set out for people. */
final class JsonText {
    private final StringBuilder text = new StringBuilder();
    private final boolean pretty;
    private int depth;
    private char separator;

    JsonText(boolean pretty) {
        this.pretty = pretty;
    }

    private void line() {
        if (pretty) {
            text.append('\n').append("    ".repeat(depth));
        }
    }

    private void next() {
        if (separator != 0) {
            text.append(separator);
        }
        separator = ',';
    }

    private void begin(char bracket) {
        next();
        text.append(bracket);
        depth++;
        separator = 0;
    }

    private void end(char bracket) {
        depth--;
        if (separator != 0) {
            line();
        }
        text.append(bracket);
        separator = ',';
    }

    JsonText name(String name) {
        next();
        line();
        separator = 0;
        quote(name);
        text.append(pretty ? ": " : ":");
        return this;
    }

    private void quote(String what) {
        text.append('"');
        for (int i = 0; i < what.length(); i++) {
            char c = what.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    JsonText object() {
        begin('{');
        return this;
    }

    JsonText object(String name) {
        return name(name).object();
    }

    JsonText endObject() {
        end('}');
        return this;
    }

    JsonText array() {
        begin('[');
        text.append(pretty ? " " : "");
        return this;
    }

    JsonText array(String name) {
        return name(name).array();
    }

    JsonText endArray() {
        text.append(pretty && separator != 0 ? " " : "");
        separator = 0;
        end(']');
        return this;
    }

    JsonText value(String value) {
        next();
        quote(value);
        return this;
    }

    JsonText put(String name, String value) {
        name(name);
        return value(value);
    }

    JsonText put(String name, long value) {
        name(name);
        next();
        text.append(value);
        return this;
    }

    JsonText put(String name, boolean value) {
        name(name);
        next();
        text.append(value);
        return this;
    }

    JsonText put(String name, List<String> values) {
        array(name);
        values.forEach(this::value);
        return endArray();
    }

    List<String> lines() {
        return text.toString().lines().toList();
    }
}
