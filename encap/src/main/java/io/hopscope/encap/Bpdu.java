package io.hopscope.encap;

/** The part of {@link Printer} for spanning tree BPDUs (IEEE 802.1D clause 9), by kind only for MSTP. */
final class Bpdu {
    private static final int CONFIGURATION = 0;
    private static final int RAPID = 2;
    private static final int TOPOLOGY_CHANGE = 0x80;
    private static final int CONFIGURATION_LENGTH = 35;

    private Bpdu() {}

    static void print(Printer printer, int at, int end) {
        byte[] b = printer.b;
        StringBuilder out = printer.out;
        if (end - at < 4) {
            printer.cut("stp", at, end);
            return;
        }
        int version = b[at + 2] & 0xff;
        int type = b[at + 3] & 0xff;
        out.append("STP ").append(version(version)).append(", ").append(kind(type));
        if (type == TOPOLOGY_CHANGE) {
            return; // it has no fields
        }
        if (type != CONFIGURATION && type != RAPID || end - at < CONFIGURATION_LENGTH) {
            out.append(' ');
            printer.cut("stp", at, end);
            return;
        }
        out.append(", Flags [").append(flags(b[at + 4])).append("], bridge-id ");
        bridge(printer, at + 17);
        out.append('.');
        printer.hex(View.get16(b, at + 25), 4);
        out.append(", length ").append(end - at);
    }

    private static void bridge(Printer printer, int at) {
        printer.hex(View.get16(printer.b, at), 4).append('.');
        printer.mac(View.get64(printer.b, at) & 0xffff_ffff_ffffL);
    }

    static String version(int version) {
        return switch (version) {
            case 0 -> "802.1d";
            case 2 -> "802.1w";
            case 3 -> "802.1s";
            default -> "unknown-" + version;
        };
    }

    static String kind(int type) {
        return switch (type) {
            case CONFIGURATION -> "Config";
            case RAPID -> "Rapid STP";
            case TOPOLOGY_CHANGE -> "Topology Change";
            default -> "unknown-" + type;
        };
    }

    private static String flags(int flags) {
        if ((flags & 0xff) == 0) return "none";
        StringBuilder text = new StringBuilder();
        if ((flags & 1) != 0) text.append(", Topology change");
        if ((flags & 2) != 0) text.append(", Proposal");
        if ((flags & 16) != 0) text.append(", Learn");
        if ((flags & 32) != 0) text.append(", Forward");
        if ((flags & 64) != 0) text.append(", Agreement");
        if ((flags & 128) != 0) text.append(", Topology change ACK");
        return text.length() == 0 ? "none" : text.substring(2);
    }
}
