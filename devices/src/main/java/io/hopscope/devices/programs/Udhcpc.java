package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dhcp.DhcpClientPlan;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** {@code udhcpc} of busybox: a DHCP client, with a script that sets address and default route anew with each lease. */
public final class Udhcpc implements Program {
    private static final Map<String, Integer> CODES = Map.of(
            "hostname", DhcpOption.HOST_NAME,
            "lease", DhcpOption.LEASE_TIME,
            "domain", DhcpOption.DOMAIN_NAME,
            "dns", DhcpOption.DNS_SERVER,
            "router", DhcpOption.ROUTER,
            "ntpsrv", DhcpOption.NTP_SERVER,
            "subnet", DhcpOption.NETMASK,
            "broadcast", DhcpOption.BROADCAST);

    private boolean foreground;
    private NetInterface at;
    private DhcpClientPlan plan;

    @Override
    public String name() {
        return "udhcpc";
    }

    @Override
    public String summary() {
        return "DHCP client, as busybox: -i -f -q -n -R -B -C -o -t -T -A -r -O -x -V; killall -USR1|-USR2 udhcpc";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Udhcpc options = new Udhcpc();
        Fault fault = options.read(node, host, task);
        if (fault != null) {
            task.line(fault.message());
            task.exit(1);
            return;
        }
        new UdhcpcRun(host, options.at, task, options.plan, options.foreground).begin(now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return new Udhcpc().read(node, host, task);
    }

    /** It asks on, and renews what it got. */
    @Override
    public boolean endless(Task task) {
        return new Udhcpc().endless(new Words(task.arguments()));
    }

    private boolean endless(Words words) {
        plan = new DhcpClientPlan(0);
        return read(words) == null && !plan.quitting;
    }

    /** Null if nothing is wrong. */
    private Fault read(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        List<String> words = task.arguments();
        int i = words.indexOf("-i");
        String name = i >= 0 && i + 1 < words.size() ? words.get(i + 1) : "eth0";
        at = host.stack().find(name);
        if (at == null) {
            List<String> names = host.stack().interfaces().stream()
                    .map(NetInterface::name)
                    .toList();
            return new Fault("udhcpc: SIOCGIFINDEX: No such device", name, names, null);
        }
        plan = new DhcpClientPlan(at.mac());
        String fault = read(new Words(words));
        return fault == null ? null : Fault.of("udhcpc: " + fault);
    }

    /** Returns what is wrong, or null. */
    private String read(Words words) {
        for (char option = words.option(); option != 0; option = words.option()) {
            String fault = flag(option) ? null : argument(option, words);
            if (fault != null) {
                return fault;
            }
        }
        return words.more() ? "too many arguments: " + words.next() : null;
    }

    private boolean flag(char option) {
        switch (option) {
            case 'f' -> foreground = true;
            case 'q' -> plan.quitting = true;
            case 'n' -> plan.failing = true;
            case 'R' -> plan.releasing = true;
            case 'B' -> plan.broadcast = true;
            case 'C' -> plan.option(DhcpOption.CLIENT_ID);
            case 'o' -> plan.noParameters();
            case 'b', 'S' -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private String argument(char option, Words words) {
        if ("itTArOxVsp".indexOf(option) < 0) {
            return "invalid option -- '" + option + "'";
        }
        if ("tTA".indexOf(option) >= 0) {
            Long number = words.number(0, 86400);
            if (number == null) {
                return "invalid number of -" + option;
            }
            switch (option) {
                case 't' -> plan.tries = number == 0 ? Integer.MAX_VALUE : number.intValue();
                case 'T' -> plan.pause = Math.max(1, number);
                default -> plan.again = number;
            }
            return null;
        }
        String text = words.argument();
        if (text == null) {
            return "option requires an argument -- '" + option + "'";
        }
        try {
            switch (option) {
                case 'r' -> plan.requested = Ipv4Address.bits(text);
                case 'O' -> plan.parameter(code(text));
                case 'x' -> option(text, plan);
                case 'V' -> plan.option(DhcpOption.VENDOR_CLASS, text.getBytes(StandardCharsets.UTF_8));
                default -> {}
            }
            return null;
        } catch (IllegalArgumentException e) {
            return "bad argument of -" + option + ": " + text;
        }
    }

    private static int code(String text) {
        Integer known = CODES.get(text);
        int code = known != null ? known : Integer.decode(text);
        if (code < 1 || code > 254) {
            throw new IllegalArgumentException(text);
        }
        return code;
    }

    /** {@code hostname:c1}, {@code lease:3600} or bytes, {@code 0x3d:0100beef}. */
    private static void option(String text, DhcpClientPlan plan) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        int code = code(name);
        if (!CODES.containsKey(name)) {
            plan.option(code, HexFormat.of().parseHex(value));
        } else if (code == DhcpOption.LEASE_TIME) {
            int seconds = Integer.parseUnsignedInt(value);
            plan.option(code, bytes(seconds));
        } else if (code == DhcpOption.HOST_NAME || code == DhcpOption.DOMAIN_NAME) {
            plan.option(code, value.getBytes(StandardCharsets.UTF_8));
        } else {
            plan.option(code, bytes(Ipv4Address.bits(value)));
        }
    }

    private static byte[] bytes(int word) {
        return new byte[] {(byte) (word >> 24), (byte) (word >> 16), (byte) (word >> 8), (byte) word};
    }
}
