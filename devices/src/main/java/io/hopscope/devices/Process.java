package io.hopscope.devices;

import io.hopscope.protocols.tcp.OpenFile;
import java.util.BitSet;

/** A command that runs on a host, as the kernel knows it: its number, its name, its open files. */
public final class Process {
    /** Behind standard input, output and error. */
    private static final int FIRST_FILE = 3;

    private final int pid;
    private final String name;
    private final BitSet files = new BitSet();

    Process(int pid, String name) {
        this.pid = pid;
        this.name = name;
    }

    /** One of its open files. */
    public final class Descriptor implements OpenFile {
        private final int number;

        private Descriptor(int number) {
            this.number = number;
        }

        /** As {@code ss} tells it: {@code "nc",pid=101,fd=3}. */
        public String user() {
            return "\"" + name + "\",pid=" + pid + ",fd=" + number;
        }

        /** A number that no other open file of the host has. */
        public int inode() {
            return 1000 * pid + number;
        }

        @Override
        public void close() {
            files.clear(number - FIRST_FILE);
        }

        @Override
        public OpenFile another() {
            return open();
        }
    }

    /** The lowest number that is free. */
    public Descriptor open() {
        int place = files.nextClearBit(0);
        files.set(place);
        return new Descriptor(FIRST_FILE + place);
    }
}
