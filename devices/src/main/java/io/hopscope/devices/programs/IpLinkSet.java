package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.MacAddress;
import java.util.Deque;
import java.util.List;

/** {@code ip link set}: an interface up or down, its MTU, MAC and queue length. */
final class IpLinkSet {
    private static final List<String> WORDS = List.of("dev", "up", "down", "mtu", "address", "txqueuelen");
    private static final int LEAST_MTU = 68;
    private static final int MOST_MTU = 65_535;

    private final IpStack stack;
    private NetInterface device;
    /** Null where nothing is said. */
    private Boolean up;

    private Integer mtu;
    private Long mac;
    private Integer queue;

    private IpLinkSet(IpStack stack) {
        this.stack = stack;
    }

    static IpLinkSet read(IpStack stack, Deque<String> words) {
        IpLinkSet set = new IpLinkSet(stack);
        while (!words.isEmpty()) {
            set.word(words.poll(), words);
        }
        if (set.device == null) {
            throw new Misuse(255, "Not enough information: \"dev\" argument is required.");
        } else if (set.up != null
                && (set.device.loopback() || set.device.parent() != null || set.device.port() == null)) {
            throw new Misuse(2, "RTNETLINK answers: Operation not supported");
        }
        set.check();
        return set;
    }

    private void word(String word, Deque<String> words) {
        switch (word) {
            case "up", "down" -> up = word.equals("up");
            case "mtu" -> mtu = number("mtu", Ip.next(words));
            case "txqueuelen", "txqlen", "qlen" -> queue = number("txqueuelen", Ip.next(words));
            case "address" -> mac = mac(Ip.next(words));
            default -> {
                String name = word.equals("dev") ? Ip.next(words) : word;
                if (device != null) {
                    throw Ip.garbage("dev", name, WORDS);
                }
                device = stack.find(name);
                if (device == null) {
                    throw new Misuse(
                            1,
                            "Cannot find device \"" + name + "\"",
                            name,
                            stack.interfaces().stream().map(NetInterface::name).toList());
                }
            }
        }
    }

    private static int number(String what, String word) {
        try {
            int value = Integer.decode(word);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: Invalid \"" + what + "\" value\n");
    }

    private static long mac(String word) {
        try {
            return MacAddress.bits(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "\"" + word + "\" is invalid lladdr.");
        }
    }

    private void check() {
        if (mtu != null && !device.loopback()) {
            if (mtu < (device.parent() == null ? LEAST_MTU : 0)) {
                throw new Misuse(2, "Error: mtu less than device minimum.");
            } else if (mtu > MOST_MTU) {
                throw new Misuse(2, "Error: mtu greater than device maximum.");
            } else if (device.parent() != null && mtu > device.parent().mtu()) {
                throw new Misuse(2, "RTNETLINK answers: Numerical result out of range");
            }
        }
        if (mac != null && (device.loopback() || MacAddress.isGroup(mac) || mac == 0)) {
            throw new Misuse(2, "RTNETLINK answers: Cannot assign requested address");
        }
    }

    /** Both ends of the link hear of it, which lie on two nodes perhaps. */
    void announce(long at) {
        if (up != null) {
            stack.node().network().shut(device.port(), !up, at);
        }
    }

    /** What is the interface's own business. */
    void apply() {
        if (mtu != null) {
            device.mtu(mtu);
        }
        if (mac != null) {
            device.mac(mac);
        }
        if (queue != null) {
            device.queueLength(queue);
        }
    }
}
