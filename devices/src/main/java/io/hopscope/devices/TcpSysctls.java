package io.hopscope.devices;

import io.hopscope.devices.Sysctls.Setting;
import io.hopscope.protocols.tcp.TcpSettings;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Linux's names and limits for what {@link TcpSettings} hold. */
final class TcpSysctls {
    private static final long SECOND = 1_000_000_000_000L;
    private static final long MILLI = 1_000_000_000L;
    private static final long MICRO = 1_000_000L;
    private static final String CONTROLS = "reno cubic";
    /** What Linux counts as 0: as many as a connection that is still alive is given. */
    private static final int ORPHAN_RETRIES = 8;

    private final Supplier<TcpSettings> tcp;
    private Consumer<Setting> to;

    TcpSysctls(Supplier<TcpSettings> tcp) {
        this.tcp = tcp;
    }

    private TcpSettings tcp() {
        return tcp.get();
    }

    /** Gives every one of them to somebody. */
    void list(Consumer<Setting> taker) {
        to = taker;
        options();
        retries();
        timers();
        congestion();
        queues();
        buffers();
    }

    private void options() {
        flag("tcp_sack", () -> tcp().sack, on -> tcp().sack = on);
        flag("tcp_dsack", () -> tcp().dsack, on -> tcp().dsack = on);
        flag("tcp_window_scaling", () -> tcp().windowScaling, on -> tcp().windowScaling = on);
        number("tcp_timestamps", 0, 2, () -> tcp().timestamps ? tcp().stampOffsets ? 1 : 2 : 0, v -> {
            tcp().timestamps = v != 0;
            tcp().stampOffsets = v != 2;
        });
        // Nobody here speaks ECN: it cannot be asked for.
        put("tcp_ecn", "0: there is no ECN here", () -> "0", "0"::equals);
    }

    private void retries() {
        number("tcp_syn_retries", 1, 127, () -> tcp().synRetries, v -> tcp().synRetries = v);
        number("tcp_syn_linear_timeouts", 0, 127, () -> tcp().synLinearTimeouts, v -> tcp().synLinearTimeouts = v);
        number("tcp_synack_retries", 0, 255, () -> tcp().synAckRetries, v -> tcp().synAckRetries = v);
        number("tcp_retries2", 0, 255, () -> tcp().retries2, v -> tcp().retries2 = v);
        number(
                "tcp_orphan_retries",
                0,
                255,
                () -> tcp().orphanRetries == ORPHAN_RETRIES ? 0 : tcp().orphanRetries,
                v -> tcp().orphanRetries = v == 0 ? ORPHAN_RETRIES : v);
        number("tcp_keepalive_probes", 0, 255, () -> tcp().keepAliveProbes, v -> tcp().keepAliveProbes = v);
    }

    private void timers() {
        time("tcp_keepalive_time", 1, SECOND, () -> tcp().keepAliveTime, v -> tcp().keepAliveTime = v);
        time("tcp_keepalive_intvl", 1, SECOND, () -> tcp().keepAliveInterval, v -> tcp().keepAliveInterval = v);
        time("tcp_fin_timeout", 0, SECOND, () -> tcp().finTimeout, v -> tcp().finTimeout = v);
        time("tcp_invalid_ratelimit", 0, MILLI, () -> tcp().invalidRateLimit, v -> tcp().invalidRateLimit = v);
        time("tcp_rto_min_us", 1, MICRO, () -> tcp().minRto, v -> tcp().minRto = v);
    }

    private void congestion() {
        put("tcp_available_congestion_control", "", () -> CONTROLS, null);
        put("tcp_congestion_control", "reno or cubic", () -> tcp().congestion, text -> {
            boolean known = List.of(CONTROLS.split(" ")).contains(text);
            tcp().congestion = known ? text : tcp().congestion;
            return known;
        });
        flag("tcp_slow_start_after_idle", () -> tcp().slowStartAfterIdle, on -> tcp().slowStartAfterIdle = on);
        number("tcp_early_retrans", 0, 4, () -> tcp().earlyRetransmit, v -> tcp().earlyRetransmit = v);
        number("tcp_frto", 0, 2, () -> tcp().frto, v -> tcp().frto = v);
        number("tcp_reordering", 1, 300, () -> tcp().reordering, v -> tcp().reordering = v);
        flag("tcp_retrans_collapse", () -> tcp().retransmitCollapse, on -> tcp().retransmitCollapse = on);
    }

    private void queues() {
        flag("tcp_abort_on_overflow", () -> tcp().abortOnOverflow, on -> tcp().abortOnOverflow = on);
        number("tcp_syncookies", 0, 2, () -> tcp().synCookies, v -> tcp().synCookies = v);
        number("tcp_max_syn_backlog", 1, 1 << 30, () -> tcp().maxSynBacklog, v -> tcp().maxSynBacklog = v);
        number("tcp_limit_output_bytes", 0, 1 << 30, () -> tcp().limitOutput, v -> tcp().limitOutput = v);
        to.accept(Setting.number(
                "net.core.somaxconn", 0, Integer.MAX_VALUE, () -> tcp().maxBacklog, v -> tcp().maxBacklog = (int) v));
    }

    private void buffers() {
        flag("tcp_moderate_rcvbuf", () -> tcp().moderateReceiveBuffer, on -> tcp().moderateReceiveBuffer = on);
        numbers("tcp_rmem", 1, () -> tcp().receiveBuffer, v -> tcp().receiveBuffer = v);
        numbers("tcp_wmem", 1, () -> tcp().sendBuffer, v -> tcp().sendBuffer = v);
        numbers("ip_local_port_range", 1, () -> new int[] {tcp().firstPort, tcp().lastPort}, v -> {
            tcp().firstPort = v[0];
            tcp().lastPort = v[1];
        });
    }

    private void put(String name, String expected, Supplier<String> value, Predicate<String> change) {
        to.accept(new Setting("net.ipv4." + name, expected, value, change));
    }

    private void number(String name, int least, int most, IntSupplier value, IntConsumer change) {
        to.accept(Setting.number("net.ipv4." + name, least, most, value::getAsInt, v -> change.accept((int) v)));
    }

    private void flag(String name, BooleanSupplier value, Consumer<Boolean> change) {
        number(name, 0, 1, () -> value.getAsBoolean() ? 1 : 0, v -> change.accept(v != 0));
    }

    private void time(String name, int least, long unit, LongSupplier value, LongConsumer change) {
        to.accept(Setting.number(
                "net.ipv4." + name, least, 1 << 20, () -> value.getAsLong() / unit, v -> change.accept(v * unit)));
    }

    /** Several numbers in a file; who writes fewer changes the first of them. */
    private void numbers(String name, int least, Supplier<int[]> value, Consumer<int[]> change) {
        put(name, value.get().length + " numbers from " + least + " on", () -> shown(value.get()), text -> {
            String[] words = text.split("\\s+");
            int[] all = value.get().clone();
            boolean pair = all.length == 2;
            boolean fits = words.length <= all.length && (!pair || words.length == 2);
            for (int i = 0; fits && i < Math.min(words.length, all.length); i++) {
                fits = words[i].matches("[0-9]{1,9}") && Integer.parseInt(words[i]) >= least;
                all[i] = fits ? Integer.parseInt(words[i]) : all[i];
            }
            fits &= !pair || all[0] <= all[1] && all[1] <= 65535;
            if (fits) {
                change.accept(all);
            }
            return fits;
        });
    }

    private static String shown(int[] numbers) {
        StringBuilder text = new StringBuilder();
        for (int each : numbers) {
            text.append(text.length() == 0 ? "" : "\t").append(each);
        }
        return text.toString();
    }
}
