package io.hopscope.protocols.netfilter;

import java.util.List;

/** CONNMARK: changes the mark of the connection, or copies it to the packet or from it. */
final class ConnmarkTarget extends Target {
    private static final List<String> OPTIONS = List.of(
            "--set-xmark",
            "--set-mark",
            "--and-mark",
            "--or-mark",
            "--xor-mark",
            "--save-mark",
            "--restore-mark",
            "--nfmask",
            "--ctmask",
            "--mask");
    private static final int SAVE = 5;
    private static final int RESTORE = 6;

    private int mode = -1;
    private int value;
    private int mask = -1;
    private int packetMask = -1;

    @Override
    String name() {
        return "CONNMARK";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    List<String> exclusive() {
        return OPTIONS.subList(0, RESTORE + 1);
    }

    @Override
    void option(String option, Words words) {
        int which = OPTIONS.indexOf(option);
        if (which >= SAVE && which <= RESTORE) {
            mode = which;
        } else if (which > RESTORE) {
            int bits = (int) words.number("a mask", 0, 0xffff_ffffL);
            mask = which == 7 ? mask : bits;
            packetMask = which == 8 ? packetMask : bits;
        } else {
            mode = 0;
            long both = words.valueAndMask();
            value = (int) (both >>> 32);
            mask = MarkTarget.mask(which, value, (int) both);
            value = which == 2 ? 0 : value;
        }
    }

    @Override
    void complete(Words words, String table) {
        if (mode < 0) {
            throw words.missing("CONNMARK without an option", "--set-mark, --save-mark or --restore-mark");
        }
    }

    @Override
    int apply(Packet p) {
        if (p.connection < 0) {
            return CONTINUE;
        }
        Conntrack table = p.conntrack;
        int now = table.mark(p.connection);
        if (mode == RESTORE) {
            p.mark = p.mark & ~packetMask ^ now & mask;
        } else {
            int turned = mode == SAVE ? p.mark & packetMask : value;
            table.mark(p.connection, now & ~mask ^ turned);
        }
        return CONTINUE;
    }

    private String masks(String nfmask, String ctmask) {
        return nfmask + " 0x" + Integer.toHexString(packetMask) + " " + ctmask + (ctmask.endsWith("~") ? "0x" : " 0x")
                + Integer.toHexString(mask);
    }

    @Override
    void print(StringBuilder out) {
        if (mode == 0) {
            out.append(" --set-xmark 0x").append(Integer.toHexString(value));
            out.append("/0x").append(Integer.toHexString(mask));
        } else {
            out.append(mode == SAVE ? " --save-mark " : " --restore-mark ").append(masks("--nfmask", "--ctmask"));
        }
    }

    @Override
    void list(StringBuilder out) {
        if (mode == 0) {
            MarkTarget.list(out, "CONNMARK", value, mask);
            return;
        }
        out.append(mode == SAVE ? " CONNMARK save" : " CONNMARK restore");
        if (mask == -1 && packetMask == -1) {
            return;
        }
        out.append(
                mask == packetMask
                        ? " mask 0x" + Integer.toHexString(mask)
                        : " " + masks("nfmask", mode == SAVE ? "ctmask ~" : "ctmask"));
    }

    @Override
    int needs() {
        return Match.MARK | Match.CONNMARK;
    }
}
