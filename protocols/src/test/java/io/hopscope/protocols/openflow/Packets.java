package io.hopscope.protocols.openflow;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Frames put together byte by byte. */
final class Packets {
    static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

    private Packets() {}

    static byte[] mac(String text) {
        return ByteBuffer.allocate(8).putLong(MacAddress.bits(text) << 16).array();
    }

    /** vlan -1 for untagged, otherwise the tag control information. */
    static byte[] ethernet(String to, String from, int tci, int type, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(mac(to), 0, 6);
        out.write(mac(from), 0, 6);
        if (tci >= 0) out.writeBytes(new byte[] {(byte) 0x81, 0, (byte) (tci >> 8), (byte) tci});
        out.writeBytes(new byte[] {(byte) (type >> 8), (byte) type});
        out.writeBytes(payload);
        return out.toByteArray();
    }

    static byte[] arp(int op, String senderMac, String senderIp, String targetMac, String targetIp) {
        ByteBuffer b = ByteBuffer.allocate(28);
        b.putInt(0x00010800).putShort((short) 0x0604).putShort((short) op);
        b.put(mac(senderMac), 0, 6).putInt(Ipv4Address.bits(senderIp));
        b.put(mac(targetMac), 0, 6).putInt(Ipv4Address.bits(targetIp));
        return b.array();
    }

    static byte[] ipv4(String from, String to, int protocol, int ttl, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(20 + payload.length);
        b.putInt(0x45000000 | b.capacity()).putInt(0x12344000);
        b.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        b.putInt(Ipv4Address.bits(from)).putInt(Ipv4Address.bits(to));
        b.putShort(10, (short) Checksum.of(b.array(), 0, 20));
        return b.put(payload).array();
    }

    /** Ports and 4 bytes of data, with the checksum. */
    static byte[] udp(String from, String to, int source, int destination) {
        ByteBuffer b = ByteBuffer.allocate(12);
        b.putShort((short) source).putShort((short) destination).putShort((short) 12);
        b.putShort((short) 0).putInt(0xcafe_f00d);
        int sum = Checksum.pseudo(Ipv4Address.bits(from), Ipv4Address.bits(to), 17, 12);
        b.putShort(6, (short) Checksum.of(sum + Checksum.sum(b.array(), 0, 12)));
        return b.array();
    }

    static byte[] tcp(String from, String to, int source, int destination) {
        ByteBuffer b = ByteBuffer.allocate(24);
        b.putShort((short) source)
                .putShort((short) destination)
                .putInt(1)
                .putInt(2)
                .putInt(0x50100400);
        int sum = Checksum.pseudo(Ipv4Address.bits(from), Ipv4Address.bits(to), 6, 24);
        b.putShort(16, (short) Checksum.of(sum + Checksum.sum(b.array(), 0, 24)));
        return b.array();
    }

    static byte[] echo() {
        ByteBuffer b = ByteBuffer.allocate(16);
        b.put((byte) 8).put((byte) 0).putShort((short) 0).putInt(0x00010001).putLong(42);
        b.putShort(2, (short) Checksum.of(b.array(), 0, 16));
        return b.array();
    }
}
