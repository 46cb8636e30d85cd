package io.hopscope.devices.programs;

import io.hopscope.core.RandomStream;
import io.hopscope.devices.Host;
import io.hopscope.devices.Task;
import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.DnsMessage;
import io.hopscope.protocols.dns.DnsQuestion;
import io.hopscope.protocols.dns.ResolverSettings;
import java.util.List;

/**
 * What {@code host} and {@code nslookup} have in common: a name, the domains it is searched in, the types it is asked for one
 * after the other, and whom.
 */
final class HostQuery implements DnsExchange.Answer {
    /** How an answer is shown. */
    interface Form {
        /**
         * @param first whether it is the first of several types
         * @return whether the next type is worth asking for
         */
        boolean show(DnsMessage message, String name, int type, int server, boolean first);

        /** Nobody answers. */
        void silent();
    }

    private final Host host;
    private final Task task;
    private final List<Integer> servers;
    private final int port;
    private final List<Integer> types;
    private final Form form;
    private final List<String> names;
    private final RandomStream random;
    private long timeout = 5 * PingPlan.SECOND;
    private int tries = 2;
    private boolean recursive = true;
    private int name;
    private int type;
    private boolean failed;

    /**
     * @param names what the name may mean, in order
     */
    HostQuery(
            Host host, Task task, List<Integer> servers, int port, List<String> names, List<Integer> types, Form form) {
        this.host = host;
        this.task = task;
        this.servers = servers;
        this.port = port;
        this.names = names;
        this.types = types;
        this.form = form;
        random = host.node().network().seed().stream(host + " " + task);
    }

    HostQuery trying(long patience, int count) {
        timeout = patience;
        tries = count;
        return this;
    }

    HostQuery recursive(boolean on) {
        recursive = on;
        return this;
    }

    /** A name with its search domains; an address by its PTR record. */
    static List<String> names(Host host, String what) {
        return Lookup.numeric(what)
                ? List.of(DnsName.reverse(Ipv4Address.bits(what)))
                : candidates(host.stack().names().settings(), what);
    }

    /** Other than the C library, these tools look for names with dots nowhere else. */
    static List<String> candidates(ResolverSettings settings, String name) {
        List<String> all = settings.candidates(name);
        return all.get(0).equals(name) ? all.subList(0, 1) : all;
    }

    void begin(long now) {
        DnsQuestion question = DnsQuestion.of(names.get(name), types.get(type));
        DnsMessage message = DnsMessage.query(random.nextInt(0x10000), recursive ? Dns.RECURSION_DESIRED : 0, question);
        new DnsExchange(host.stack(), task, servers, port, this)
                .trying(timeout, tries)
                .ask(message, now);
    }

    @Override
    public void answered(DnsMessage message, int server, int size, long took, long now) {
        boolean nobody = (message.flags & 15) == Dns.NXDOMAIN;
        if (nobody && type == 0 && name + 1 < names.size()) {
            name++;
            begin(now);
            return;
        }
        failed |= (message.flags & 15) != Dns.NOERROR;
        boolean further = form.show(message, names.get(name), types.get(type), server, type == 0);
        if (further && ++type < types.size()) {
            begin(now);
        } else {
            task.exit(failed ? 1 : 0);
        }
    }

    @Override
    public void silent(long now) {
        form.silent();
        task.exit(1);
    }
}
