package io.hopscope.devices;

import io.hopscope.core.CableSpec;
import io.hopscope.core.CaptureRecord;
import io.hopscope.core.CaptureSink;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.devices.programs.RouteWords;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Printer;
import io.hopscope.encap.View;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** A small network for tests: built in a few lines, run in virtual time, read back as tcpdump would print it. */
final class Lab implements CaptureSink {
    static final long MILLI = 1_000_000_000L;

    final Network network = new Network(1, Costs.NONE);
    /** {@code port in|out line}, with the comment after a bar where there is one. */
    final List<String> seen = new ArrayList<>();

    /** {@code port in|out id N, LENGTH@OFFSET[+][ DF]} of what is UDP: as tcpdump prints fragments without a transport. */
    final List<String> pieces = new ArrayList<>();

    final List<Task> tasks = new ArrayList<>();

    /** A host alone in its node, with one interface. */
    Host host(String name, String address, String... routes) {
        return host(name, address, network.nodes().size() + 1, routes);
    }

    Host host(String name, String address, int mac, String... routes) {
        Host host = new Host(network.node(name), "");
        host.addInterface("eth0", 0x0200_0000_0000L + mac).address(InterfaceAddress.parse(address));
        for (String route : routes) {
            route(host, route);
        }
        return host;
    }

    void route(Host host, String words) {
        host.stack().route(RouteWords.parse(host.stack(), List.of(words.split(" "))));
    }

    /** A cable that leads to nobody: the interface has its carrier. */
    void plug(Port port) {
        cable(port, new Bare(network.node("beyond-" + port.name())).port());
    }

    void cable(Port a, Port b) {
        network.cable(a, b, CableSpec.DEFAULT);
    }

    /** Starts a command at an instant. */
    Task exec(long at, Node node, Host host, String command) {
        List<String> words = List.of(command.split(" "));
        Task task = new Task(words, name -> null);
        tasks.add(task);
        for (Program program : ServiceLoader.load(Program.class)) {
            if (program.name().equals(words.get(0))) {
                node.at(at, now -> program.start(node, host, task, now));
                return task;
            }
        }
        throw new IllegalArgumentException("no program " + words.get(0));
    }

    Task exec(long at, Host host, String command) {
        return exec(at, host.node(), host, command);
    }

    /** Runs to the end of all events. */
    Totals run() {
        return run(Long.MAX_VALUE);
    }

    Totals run(long until) {
        Engine engine = new Engine(
                network,
                new Engine.Options().capture(this).trace(Long.MAX_VALUE).workers(1));
        engine.run(until);
        return engine.finish();
    }

    /** What was seen at a port, as tcpdump prints it, without the comment. */
    List<String> at(String port) {
        return seen.stream()
                .filter(line -> line.startsWith(port + " "))
                .map(line -> line.substring(port.length() + 1))
                .map(line -> line.indexOf(" | ") < 0 ? line : line.substring(0, line.indexOf(" | ")))
                .toList();
    }

    static int ip(String text) {
        return Ipv4Address.bits(text);
    }

    static long mac(String text) {
        return MacAddress.bits(text);
    }

    private void piece(CaptureRecord r) {
        int at = r.offset + Ethernet.LENGTH;
        int bits = View.get16(r.bytes, at + 6);
        pieces.add(r.port + (r.inbound ? " in" : " out") + " id " + View.get16(r.bytes, at + 4) + ", "
                + View.get16(r.bytes, at + 2) + "@" + (bits & 0x1fff) * 8 + ((bits & 0x2000) == 0 ? "" : "+")
                + ((bits & 0x4000) == 0 ? "" : " DF"));
    }

    @Override
    public void packet(CaptureRecord r) {
        if (View.get16(r.bytes, r.offset + 12) == Ethernet.IPV4 && r.bytes[r.offset + 23] == Ipv4.UDP) {
            piece(r);
        }
        seen.add(r.port
                + (r.inbound ? " in " : " out ")
                + Printer.brief(r.bytes, r.offset, r.length)
                + (r.comment == null ? "" : " | " + r.comment));
    }
}
