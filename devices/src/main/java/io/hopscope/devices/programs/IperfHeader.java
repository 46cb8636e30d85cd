package io.hopscope.devices.programs;

import io.hopscope.encap.View;

/**
 * What iperf 2.1 writes in front of its data: in TCP once, 60 bytes; in UDP in each datagram, behind its number and the
 * instant of sending.
 *
 * <pre>
 * UDP:  number (4) seconds (4) microseconds (4) upper half of the number (4)   16
 * both: flags (4) threads (4) port (4) - (8) amount (4) - (8) more flags (4) version (8) -
 * </pre>
 */
final class IperfHeader {
    static final int TCP_LENGTH = 60;
    static final int DATAGRAM = 16;
    /** The server's answer to a TCP header. */
    static final byte[] ACK = {0, 0, 0, 2, 0, 0, 0, 0x1c, 0, 0, 0, 0, 0, 2, 0, 1, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0};

    /** A server's report of a UDP stream. */
    static final int REPORT_LENGTH = 128;

    private static final int UDP_LENGTH = 144;
    private static final int TCP_FLAGS = 0x40010078;
    private static final int UDP_FLAGS = 0x48010098;
    private static final int TCP_REVERSE = 0x04000000;
    private static final int UDP_REVERSE = 0x24000000;
    private static final int FLAGS = 0;
    private static final int THREADS = 4;
    private static final int PORT = 8;
    private static final int AMOUNT = 20;
    private static final int UPPER = 32;
    private static final int VERSION = 36;
    private static final int RATE = 48;
    private static final int REVERSE = 0x0400_0000;
    private static final int REPORT = 0x8000_0000;

    private IperfHeader() {}

    static byte[] tcp(IperfPlan plan) {
        byte[] bytes = new byte[TCP_LENGTH];
        write(plan, bytes, 0);
        View.put32(bytes, FLAGS, TCP_FLAGS | (plan.reverse ? TCP_REVERSE : 0));
        return bytes;
    }

    /** The datagram that every other one is a copy of. */
    static byte[] datagram(IperfPlan plan, boolean header) {
        byte[] bytes = new byte[plan.length];
        for (int i = DATAGRAM; i < bytes.length; i++) {
            bytes[i] = (byte) ('0' + i % 10);
        }
        if (header && bytes.length >= DATAGRAM + UDP_LENGTH) {
            java.util.Arrays.fill(bytes, DATAGRAM, DATAGRAM + UDP_LENGTH, (byte) 0);
            write(plan, bytes, DATAGRAM);
            View.put32(bytes, DATAGRAM + FLAGS, UDP_FLAGS | (plan.reverse ? UDP_REVERSE : 0));
            View.put32(bytes, DATAGRAM + RATE, (int) plan.rate);
        }
        return bytes;
    }

    private static void write(IperfPlan plan, byte[] bytes, int at) {
        View.put32(bytes, at + THREADS, plan.streams);
        View.put32(bytes, at + PORT, plan.port);
        // Bytes, or hundredths of a second below zero.
        int hundredths = (int) (plan.time / (PingPlan.SECOND / 100));
        View.put32(bytes, at + AMOUNT, plan.amount > 0 ? (int) plan.amount & 0x7fff_ffff : -hundredths);
        View.put32(bytes, at + UPPER, plan.reverse ? REVERSE : 0);
        View.put64(bytes, at + VERSION, 0x0002_0001_0008_0003L);
    }

    /** Reads what a client asks a server to do: to send. Null where it asks for nothing. */
    static IperfPlan reversed(byte[] bytes, int at, int to, boolean udp, int port) {
        if (to - at < VERSION || (View.get32(bytes, at + UPPER) & REVERSE) == 0) {
            return null;
        }
        IperfPlan plan = new IperfPlan();
        plan.udp = udp;
        plan.port = port;
        plan.reverse = true;
        int amount = View.get32(bytes, at + AMOUNT);
        plan.amount = amount > 0 ? amount : 0;
        plan.time = amount > 0 ? plan.time : Math.max(1, -(long) amount) * (PingPlan.SECOND / 100);
        plan.length = udp ? to - at + DATAGRAM : 131_072;
        plan.rate = udp && to - at > RATE + 4 ? Math.max(1, View.get32(bytes, at + RATE)) : 0;
        return plan;
    }

    /** Numbers a datagram and says when it is sent. */
    static void stamp(byte[] bytes, int at, int number, long now) {
        long micros = now / 1_000_000;
        View.put32(bytes, at, number);
        View.put32(bytes, at + 4, (int) (micros / 1_000_000));
        View.put32(bytes, at + 8, (int) (micros % 1_000_000));
        View.put32(bytes, at + 12, number < 0 ? -1 : 0);
    }

    static int number(byte[] bytes, int at) {
        return View.get32(bytes, at);
    }

    /** When it was sent, in microseconds. */
    static long sent(byte[] bytes, int at) {
        return (View.get32(bytes, at + 4) & 0xffff_ffffL) * 1_000_000 + View.get32(bytes, at + 8);
    }

    static byte[] report(IperfTally tally) {
        byte[] bytes = new byte[REPORT_LENGTH];
        long micros = (tally.end - tally.start) / 1_000_000;
        View.put32(bytes, DATAGRAM, REPORT);
        View.put32(bytes, DATAGRAM + 4, (int) (tally.bytes >>> 32));
        View.put32(bytes, DATAGRAM + 8, (int) tally.bytes);
        View.put32(bytes, DATAGRAM + 12, (int) (micros / 1_000_000));
        View.put32(bytes, DATAGRAM + 16, (int) (micros % 1_000_000));
        View.put32(bytes, DATAGRAM + 20, (int) tally.lost());
        View.put32(bytes, DATAGRAM + 24, (int) tally.outOfOrder);
        View.put32(bytes, DATAGRAM + 28, (int) tally.datagrams());
        long jitter = (long) (tally.jitter / 1e6);
        View.put32(bytes, DATAGRAM + 32, (int) (jitter / 1_000_000));
        View.put32(bytes, DATAGRAM + 36, (int) (jitter % 1_000_000));
        return bytes;
    }

    /** What a server reports; null for another datagram. */
    static IperfTally read(byte[] bytes, int at, int to) {
        if (to - at < DATAGRAM + 40 || View.get32(bytes, at + DATAGRAM) >= 0) {
            return null;
        }
        int from = at + DATAGRAM;
        IperfTally tally = new IperfTally(0);
        tally.bytes = (long) View.get32(bytes, from + 4) << 32 | View.get32(bytes, from + 8) & 0xffff_ffffL;
        tally.end = View.get32(bytes, from + 12) * PingPlan.SECOND + View.get32(bytes, from + 16) * 1_000_000L;
        tally.reported(
                View.get32(bytes, from + 20),
                View.get32(bytes, from + 24),
                View.get32(bytes, from + 28),
                View.get32(bytes, from + 32) * 1e12 + View.get32(bytes, from + 36) * 1e6);
        return tally;
    }
}
