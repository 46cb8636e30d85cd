package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.protocols.dhcp.DhcpServer.Local;
import io.hopscope.protocols.dhcp.DhcpServer.Subnet;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Reservation;
import io.hopscope.protocols.dhcp.DhcpServerPlan.Setting;
import java.util.List;

/** What a server's answer holds, in dnsmasq's order. */
final class Answer {
    private final DhcpServerPlan plan;
    /** For the client that is answered. */
    private List<Setting> settings = List.of();

    Answer(DhcpServerPlan plan) {
        this.plan = plan;
    }

    /** The request turned round, and who answers. */
    DhcpOption.Writer start(Dhcp request, int type, int address, int server) {
        var out = new DhcpOption.Writer();
        out.start(Dhcp.REPLY)
                .hops(request.hops())
                .xid(request.xid())
                .secs(request.secs())
                .broadcast(request.broadcast())
                .ciaddr(request.ciaddr())
                .yiaddr(address)
                .siaddr(server)
                .giaddr(request.giaddr())
                .chaddr(request.chaddr());
        return out.put(DhcpOption.MESSAGE_TYPE, (byte) type).word(DhcpOption.SERVER_ID, server);
    }

    /**
     * @param fuzz takes up to an eighth off the renewal time
     */
    byte[] options(DhcpOption.Writer out, Dhcp request, Subnet subnet, long seconds, int fuzz, String name, Local in) {
        settings = plan.settings(tags(request, subnet, in), subnet.range.tag());
        if (seconds != DhcpServerPlan.INFINITE) {
            times(out, seconds, fuzz);
        }
        unless(DhcpOption.NETMASK, () -> out.word(DhcpOption.NETMASK, subnet.mask));
        if (subnet.router != 0) {
            unless(DhcpOption.BROADCAST, () -> out.word(DhcpOption.BROADCAST, subnet.range.start() | ~subnet.mask));
            if (wanted(request, DhcpOption.ROUTER)) {
                unless(DhcpOption.ROUTER, () -> out.word(DhcpOption.ROUTER, subnet.router));
            }
        }
        if (plan.dns && wanted(request, DhcpOption.DNS_SERVER)) {
            unless(DhcpOption.DNS_SERVER, () -> out.word(DhcpOption.DNS_SERVER, in.address()));
        }
        if (plan.domain != null && wanted(request, DhcpOption.DOMAIN_NAME)) {
            unless(DhcpOption.DOMAIN_NAME, () -> out.put(DhcpOption.DOMAIN_NAME, plan.domain));
        }
        if (name != null && wanted(request, DhcpOption.HOST_NAME)) {
            unless(DhcpOption.HOST_NAME, () -> out.put(DhcpOption.HOST_NAME, name));
        }
        for (Setting each : settings) {
            boolean own = each.code() == DhcpOption.RENEWAL || each.code() == DhcpOption.REBINDING;
            if (!own && each.value().length > 0 && (each.always() || wanted(request, each.code()))) {
                out.put(each.code(), each.value());
            }
        }
        return out.seal();
    }

    /** The name of the interface, and known for a client with a reservation here; known-othernet for one elsewhere. */
    private List<String> tags(Dhcp request, Subnet subnet, Local in) {
        Reservation host = plan.reservation(request.chaddr());
        if (host == null) {
            return List.of(in.name());
        }
        boolean here = host.address() == 0 || subnet.reaches(host.address());
        return List.of(in.name(), here ? "known" : "known-othernet");
    }

    private static void times(DhcpOption.Writer out, long seconds, int fuzz) {
        long renewal = seconds / 2;
        int less = fuzz;
        while (less > renewal / 8) {
            less /= 2;
        }
        out.word(DhcpOption.RENEWAL, (int) (renewal - less));
        out.word(DhcpOption.REBINDING, (int) (seconds * 7 / 8 - less));
    }

    private void unless(int code, Runnable put) {
        if (settings.stream().noneMatch(each -> each.code() == code)) {
            put.run();
        }
    }

    /** A client that lists nothing gets everything. */
    private static boolean wanted(Dhcp request, int code) {
        byte[] list = request.value(DhcpOption.PARAMETERS);
        for (byte each : list) {
            if ((each & 0xff) == code) {
                return true;
            }
        }
        return list.length == 0;
    }
}
