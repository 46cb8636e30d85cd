package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.NameService;
import io.hopscope.devices.Task;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.Resolver;
import java.util.List;

/**
 * How programs find whom they are told to talk to (getaddrinfo): an address, a name of /etc/hosts or of the scenario, or
 * what DNS knows. Only the last takes time.
 */
final class Lookup {
    /** Takes the address and the canonical name. */
    interface Found {
        void found(int address, String canonical, long now);
    }

    /** Takes all addresses there are. */
    interface FoundAll {
        void found(List<Integer> addresses, String canonical, long now);
    }

    /** Takes what is wrong, in the words of gai_strerror. */
    interface Failed {
        void failed(Resolver.Outcome why, long now);
    }

    private Lookup() {}

    /** Whether it stands for itself. */
    static boolean numeric(String name) {
        return number(name) != null;
    }

    private static Integer number(String name) {
        try {
            return Ipv4Address.bits(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What the name means without asking anybody; null if nothing. */
    static Integer known(Host host, Task task, String name) {
        Integer number = number(name);
        NameService.HostsLine line = number == null ? host.stack().names().find(name) : null;
        return number != null ? number : line != null ? (Integer) line.address() : task.resolve(name);
    }

    /** Whether a name that nobody is called by may still be known to DNS: what can be said before the run. */
    static boolean possible(Host host, Task task, String name) {
        return known(host, task, name) != null || host.stack().names().asks() && !name.isEmpty() && DnsName.valid(name);
    }

    /**
     * Finds the address, now or later.
     *
     * @param six whether the program would take an address of IPv6 as well, and asks for it
     */
    static void find(Host host, Task task, String name, boolean six, Found found, Failed failed, long now) {
        findAll(host, task, name, six, (all, canonical, then) -> found.found(all.get(0), canonical, then), failed, now);
    }

    /** As {@link #find}, for programs that try one address after the other. */
    static void findAll(Host host, Task task, String name, boolean six, FoundAll found, Failed failed, long now) {
        Integer known = known(host, task, name);
        NameService names = host.stack().names();
        if (known != null) {
            NameService.HostsLine line = numeric(name) ? null : names.find(name);
            found.found(List.of(known), line == null ? name : line.names().get(0), now);
            return;
        }
        if (!DnsName.valid(name) || name.isEmpty()) {
            failed.failed(Resolver.Outcome.UNKNOWN, now);
            return;
        }
        names.addresses(
                name,
                six,
                (asked, then) -> {
                    boolean ours = asked.outcome() == Resolver.Outcome.FOUND;
                    if (task.ended()) {
                        return; // killed meanwhile
                    } else if (ours && !asked.addresses().isEmpty()) {
                        found.found(asked.addresses(), asked.canonical(), then);
                    } else {
                        failed.failed(ours ? Resolver.Outcome.NO_DATA : asked.outcome(), then);
                    }
                },
                now);
    }
}
