package io.hopscope.protocols.openflow;

import java.util.List;

/** The ports of a bridge as ovs-ofctl knows them: OpenFlow numbers 1 to 65279 and names. */
public interface PortNames {
    /** A bridge whose ports have numbers only. */
    PortNames NUMBERS = new PortNames() {
        @Override
        public int number(String name) {
            return -1;
        }

        @Override
        public String name(int number) {
            return null;
        }

        @Override
        public List<String> names() {
            return List.of();
        }
    };

    /** The number of a port, -1 when there is no port of this name. */
    int number(String name);

    /** The name of a port, null when it is not known. */
    String name(int number);

    /** All names, to suggest the nearest one. */
    List<String> names();
}
