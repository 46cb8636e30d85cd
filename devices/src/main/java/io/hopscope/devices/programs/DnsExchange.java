package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.encap.Dns;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.dns.DnsMessage;
import io.hopscope.protocols.dns.DnsQuestion;
import java.util.List;

/** One question of BIND's tools (dig, host, nslookup) and its answer: server after server, each from a socket of its own. */
final class DnsExchange implements UdpEndpoint.Listener {
    /** Hears the end. */
    interface Answer {
        /**
         * @param size bytes of the message
         */
        void answered(DnsMessage message, int server, int size, long took, long now);

        /** Nobody has answered; the task has been told why. */
        void silent(long now);
    }

    private final IpStack stack;
    private final Task task;
    private final List<Integer> servers;
    private final int port;
    private final Answer answer;
    private long timeout = 5 * PingPlan.SECOND;
    private int tries = 3;
    private DnsMessage query;
    private UdpEndpoint socket;
    private int round;
    private long sent;

    DnsExchange(IpStack stack, Task task, List<Integer> servers, int port, Answer answer) {
        this.stack = stack;
        this.task = task;
        this.servers = servers;
        this.port = port;
        this.answer = answer;
    }

    /**
     * @param patience picoseconds for each try
     * @param count tries of each server
     */
    DnsExchange trying(long patience, int count) {
        timeout = patience;
        tries = count;
        return this;
    }

    void ask(DnsMessage message, long now) {
        query = message;
        round = 0;
        send(now);
    }

    private int server() {
        return servers.get(round % servers.size());
    }

    private void send(long now) {
        if (task.ended()) {
            return;
        }
        close();
        if (round == servers.size() * tries) {
            answer.silent(now);
            return;
        }
        // Their network library asks for no path-MTU discovery.
        socket = UdpEndpoint.open(stack, 0, task.words().get(0), this)
                .file(task.process(stack).open())
                .connect(server(), port)
                .discovering(false);
        sent = now;
        int current = round;
        String error = socket.send(query.bytes(Dns.DATAGRAM), now);
        if (error != null) {
            failed(error, now);
        } else {
            stack.at(now + timeout, then -> expire(current, then));
        }
    }

    private void close() {
        if (socket != null) {
            socket.close();
        }
    }

    private void expire(int current, long now) {
        if (current == round && socket.isOpen()) {
            failed("timed out", now);
        }
    }

    @Override
    public void failed(String error, long now) {
        if (socket.isOpen() && !task.ended()) {
            String said = error.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + error.substring(1);
            task.line(";; communications error to " + Ipv4Address.text(server()) + "#" + port + ": " + said);
            round++;
            send(now);
        }
    }

    @Override
    public void datagram(Frame frame, Ipv4 ip, Udp udp, long now) {
        int size = udp.length() - Udp.LENGTH;
        DnsMessage message = DnsMessage.read(frame.bytes(), udp.end(), udp.end() + size);
        if (message == null || !message.response() || message.id != query.id || task.ended()) {
            return;
        }
        int from = server();
        close();
        answer.answered(message, from, size, now - sent, now);
    }

    /** The question of an address: where its PTR record stands. */
    static DnsQuestion reverse(int address) {
        return DnsQuestion.of(io.hopscope.encap.DnsName.reverse(address), Dns.PTR);
    }
}
