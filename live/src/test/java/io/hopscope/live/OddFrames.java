package io.hopscope.live;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.View;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Real frames put into what the golden captures do not have: MPLS, PPPoE, Geneve, LLC, chains of extension headers. */
final class OddFrames {
    private static final int HEADER = 14;
    private static final int UDP = 17;
    private static final int AH = 51;
    private static final int IPV6 = 0x86dd;
    /** Hop-by-hop options, routing, fragment, destination options. */
    private static final int[] EXTENSIONS = {0, 43, 44, 60};

    private static final int[] TRANSPORTS = {1, 6, UDP, 58, 59, 50, 132};

    private final SplittableRandom random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private OddFrames(SplittableRandom random) {
        this.random = random;
    }

    /** One of the kinds, around a frame or what it carries. */
    static byte[] make(byte[] frame, SplittableRandom random) {
        OddFrames made = new OddFrames(random);
        int type = View.get16(frame, 12);
        byte[] payload = Arrays.copyOfRange(frame, HEADER, frame.length);
        switch (random.nextInt(6)) {
            case 0 -> made.ethernet(frame, 0x8847).labels(random.nextInt(1, 4)).bytes(payload);
            case 1 -> made.pppoe(frame, type, payload);
            case 2 -> made.geneve(frame, type, payload);
            case 3 -> made.llc(frame, payload);
            case 4 -> made.ethernet(frame, IPV6).chain6(payload);
            default -> made.ethernet(frame, Ethernet.IPV4).chain4(payload);
        }
        // So long that no filter looks behind its end: which of two loads does so first, is a matter of libpcap's
        // optimiser.
        made.bytes(new byte[160]);
        return made.out.toByteArray();
    }

    private int one(int... of) {
        return of[random.nextInt(of.length)];
    }

    private OddFrames bytes(byte... more) {
        out.writeBytes(more);
        return this;
    }

    private OddFrames number(int bytes, long value) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    private OddFrames ethernet(byte[] like, int type) {
        return bytes(Arrays.copyOf(like, 12)).number(2, type);
    }

    private OddFrames labels(int count) {
        for (int i = count; i > 0; i--) {
            number(4, (long) one(0, 1, 7, 100) << 12 | (i == 1 ? 0x100 : 0) | 64);
        }
        return this;
    }

    private void pppoe(byte[] frame, int type, byte[] payload) {
        boolean session = random.nextInt(3) > 0;
        ethernet(frame, session ? 0x8864 : 0x8863).number(2, 0x1100).number(2, one(2, 3, 7));
        number(2, payload.length + 2).number(2, type == IPV6 ? 0x57 : 0x21).bytes(payload);
    }

    private void geneve(byte[] frame, int type, byte[] payload) {
        int options = random.nextInt(4);
        int length = 16 + 4 * options + frame.length;
        boolean six = random.nextInt(4) == 0;
        ethernet(frame, six ? IPV6 : Ethernet.IPV4);
        if (six) {
            number(4, 0x6000_0000).number(2, length).number(2, UDP << 8 | 64).bytes(new byte[32]);
        } else {
            number(4, 0x4500_0000L | 20 + length)
                    .number(4, 1)
                    .number(4, 0x4011_0000)
                    .number(4, 0x0a07_0001);
            number(4, 0x0a07_0002);
        }
        boolean whole = random.nextInt(3) > 0;
        number(4, 0xc000_17c1L).number(4, (long) length << 16);
        number(2, (long) options << 8).number(2, whole ? 0x6558 : type);
        number(4, (long) one(7, 100, 5) << 8).bytes(new byte[4 * options]).bytes(whole ? frame : payload);
    }

    private void llc(byte[] frame, byte[] payload) {
        ethernet(frame, Math.min(1500, payload.length + 3));
        number(2, one(0x4242, 0xf0f0, 0xfefe, 0xe0e0, 0xaaaa, 0xffff, 0x0404)).number(1, random.nextInt(256));
        number(4, one(0x80f3, 0x809b, 0x8137, 0))
                .number(1, one(0x81, 0x82, 0x83, 0x8a))
                .bytes(payload);
    }

    private void chain6(byte[] payload) {
        int[] chain = new int[random.nextInt(1, 5)];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = one(EXTENSIONS);
        }
        // Behind an AH libpcap looks at the wrong place, where another one can keep it for good.
        chain[chain.length - 1] = one(chain[chain.length - 1], AH);
        int last = one(TRANSPORTS);
        number(4, 0x6000_0000).number(2, payload.length).number(1, chain[0]).number(1, 64);
        number(8, one(1, 0) == 1 ? 0xfe80L << 48 : 0x2001_0db8L << 32).number(8, 1);
        number(8, one(1, 0) == 1 ? 0xff02L << 48 : 0xfe80L << 48).number(8, random.nextInt(1, 3));
        headers(chain, last);
        bytes(payload);
    }

    private void headers(int[] chain, int last) {
        for (int i = 0; i < chain.length; i++) {
            int more = random.nextInt(3);
            boolean ah = chain[i] == AH;
            number(1, i + 1 < chain.length ? chain[i + 1] : last).number(1, ah ? more + 1 : more);
            bytes(new byte[(ah ? 4 * (more + 3) : 8 * (more + 1)) - 2]);
        }
    }

    private void chain4(byte[] payload) {
        int[] chain = new int[random.nextInt(2)];
        Arrays.fill(chain, AH);
        int last = one(TRANSPORTS);
        number(4, 0x4500_0000L | 20 + payload.length).number(4, 1);
        number(2, 0x4000 | (chain.length == 0 ? last : AH)).number(2, 0).number(4, 0x0a07_0001);
        number(4, 0x0a07_0002);
        headers(chain, last);
        bytes(payload);
    }
}
