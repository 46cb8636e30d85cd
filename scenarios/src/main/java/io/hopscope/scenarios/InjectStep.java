package io.hopscope.scenarios;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.traces.CaptureFormatException;
import io.hopscope.traces.CaptureReader;
import io.hopscope.traces.Hop;
import io.hopscope.traces.PacketFilter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A step that sends what a capture has out of a port. */
final class InjectStep {
    static final Type SPEED = Type.parsed("a factor such as 2 or 0.5, or line-rate", null, InjectStep::speed);

    private static final List<String> KEYS = List.of("port", "speed", "loop", "filter", "from");
    private static final String LINE_RATE = "line-rate";
    /** More are kept in memory by nobody. */
    private static final int MOST = 2_000_000;

    /** Two VLAN tags. */
    private static final int TAGS = 8;

    private final Lab lab;
    private final Value step;
    private final Problems problems;
    private final List<Hop> packets = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final Set<String> interfaces = new LinkedHashSet<>();
    private long count;

    private InjectStep(Lab lab, Value step, Problems problems) {
        this.lab = lab;
        this.step = step;
        this.problems = problems;
    }

    /** Whether a step is one; says so where its words are those of one and it is none. */
    static boolean is(Value step, Problems problems) {
        for (String key : KEYS) {
            if (step.has(key) && !step.has("inject")) {
                problems.add(step.where(key), "'" + key + "' without 'inject'", "'inject: FILE' beside it");
                return true;
            }
        }
        return step.has("inject");
    }

    static void schedule(Lab lab, Value step, Problems problems) {
        new InjectStep(lab, step, problems).schedule();
    }

    static double speed(String text) {
        double factor = text.equals(LINE_RATE) ? 0 : Double.parseDouble(text);
        if (!text.equals(LINE_RATE) && !(factor >= 1e-6 && factor <= 1e9)) {
            throw new IllegalArgumentException(text);
        }
        return factor;
    }

    private void schedule() {
        for (String key : List.of("node", "exec", "link", "state", "migrate", "to")) {
            if (step.has(key)) {
                problems.add(
                        step.where(key),
                        "'" + key + "' beside 'inject'",
                        "inject, port, at, speed, loop, filter, from");
                return;
            }
        }
        Port port = port();
        boolean readable = read();
        if (port == null || !readable) {
            return;
        }
        double speed = step.has("speed") ? speed(step.text("speed")) : 1;
        if (speed == 0 && port.rate() == 0) {
            problems.add(
                    step.where("speed"),
                    "the line rate of " + port + ", which has none",
                    "a factor, or a port with a cable");
        } else if (fits(port)) {
            start(port, speed);
        }
    }

    private Port port() {
        if (!step.has("port")) {
            problems.add(step.where("inject"), "'inject' without 'port'", "the port it goes out of, node:port");
            return null;
        }
        String name = String.valueOf(step.text("port"));
        Port port = lab.port(name);
        if (port == null && !lab.doubtful(name)) {
            problems.unknown(step.get("port").where(), "port", name, lab.ports());
        }
        return port;
    }

    /** Beside the scenario's file unless the path says all. */
    private Path file() {
        Path scenario = Path.of(step.get("inject").where().file());
        return scenario.resolveSibling(String.valueOf(step.text("inject")));
    }

    private boolean read() {
        Path file = file();
        Where where = step.get("inject").where();
        if (!Files.isRegularFile(file)) {
            problems.add(
                    where, "no file '" + step.text("inject") + "'", "a pcapng or pcap file, beside the scenario's");
            return false;
        }
        PacketFilter filter = step.has("filter") ? PacketFilter.parse(step.text("filter")) : null;
        String from = step.text("from");
        boolean whole;
        try {
            whole = CaptureReader.read(file, hop -> take(hop, filter, from));
        } catch (CaptureFormatException | UncheckedIOException e) {
            problems.add(
                    where,
                    "'" + step.text("inject") + "': " + e.getMessage(),
                    "a whole pcapng or pcap file of Ethernet");
            return false;
        }
        if (!whole) {
            problems.add(where, "'" + step.text("inject") + "', which ends inside a packet", "a whole file");
        } else if (from != null && !interfaces.contains(from)) {
            problems.unknown(step.get("from").where(), "interface of the capture", from, List.copyOf(interfaces));
        } else if (packets.isEmpty()) {
            problems.add(where, "no packet in '" + step.text("inject") + "'" + chosen(), "at least one");
        } else if (packets.size() > MOST) {
            problems.add(where, "more than " + MOST + " packets", "a 'filter' that leaves fewer");
        } else {
            return true;
        }
        return false;
    }

    private String chosen() {
        return step.has("filter") || step.has("from") ? " that was asked for" : "";
    }

    private void take(Hop hop, PacketFilter filter, String from) {
        count++;
        interfaces.add(hop.port());
        boolean wanted = (from == null || from.equals(hop.port())) && (filter == null || filter.matches(hop));
        if (wanted && packets.size() <= MOST) {
            packets.add(hop);
            numbers.add(count);
        }
    }

    private boolean fits(Port port) {
        int most = port.mtu() + Ethernet.LENGTH + TAGS;
        for (int i = 0; i < packets.size(); i++) {
            Hop hop = packets.get(i);
            int length = hop.bytes().length;
            String fault = null;
            if (length != hop.originalLength()) {
                fault = "of " + hop.originalLength() + " bytes, of which the capture has " + length;
            } else if (length < Ethernet.LENGTH) {
                fault = "of " + length + " bytes, which is no Ethernet frame";
            } else if (length > most) {
                fault = "of " + length + " bytes, more than the MTU of " + port + " takes, " + port.mtu();
            }
            if (fault != null) {
                problems.add(
                        step.get("inject").where(),
                        "packet " + numbers.get(i) + " of '" + step.text("inject") + "' " + fault,
                        "whole frames of 14 to " + most + " bytes, or a 'filter' that leaves it out");
                return false;
            }
        }
        return true;
    }

    /** In order of time, which that of a file need not be. */
    private void start(Port port, double speed) {
        List<Injection.Packet> all = new ArrayList<>();
        long first = packets.stream().mapToLong(Hop::picos).min().orElse(0);
        for (int i = 0; i < packets.size(); i++) {
            Hop hop = packets.get(i);
            all.add(new Injection.Packet(numbers.get(i), hop.picos() - first, hop.bytes()));
        }
        all.sort(Comparator.comparingLong(Injection.Packet::at));
        long loops = step.number("loop", 1);
        if (loops > 0) {
            new Injection(port, all, String.valueOf(step.text("inject")), speed, loops).begin(Runner.at(step));
        }
    }
}
