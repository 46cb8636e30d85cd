package io.hopscope.protocols.openflow;

import java.util.List;

/** Ports numbered from 1 in the order of their names. */
record TestPorts(List<String> names) implements PortNames {
    static TestPorts of(String... names) {
        return new TestPorts(List.of(names));
    }

    @Override
    public int number(String name) {
        int index = names.indexOf(name);
        return index < 0 ? -1 : index + 1;
    }

    @Override
    public String name(int number) {
        return number > 0 && number <= names.size() ? names.get(number - 1) : null;
    }
}
