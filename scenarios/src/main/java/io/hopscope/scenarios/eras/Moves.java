package io.hopscope.scenarios.eras;

import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.neutron.LiveMigration;
import io.hopscope.devices.programs.Ping;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Live migrations under traffic: each machine is pinged all the while, and what it did not answer is counted. */
final class Moves {
    private static final long MILLI = 1_000_000_000L;
    private static final long INTERVAL = 10 * MILLI;
    /** What libvirt tries to stay below, and a little more often takes. */
    private static final long DOWNTIME = 60 * MILLI;

    private static final Pattern RECEIVED = Pattern.compile("(\\d+) packets transmitted, (\\d+) (packets )?received");

    private final List<Task> pings = new ArrayList<>();

    /**
     * @param start when the traffic begins
     * @param window how long it lasts
     */
    Moves(Site site, long start, long window) {
        Program ping = new Ping();
        long count = window / INTERVAL;
        long moment = start + window / 4;
        for (Site.Mover each : site.movers) {
            String address =
                    Ipv4Address.text(each.vm().stack().interfaces().get(0).primary());
            Task task = new Task(
                    List.of("ping", "-q", "-c", "" + count, "-i", "0.01", "-W", "0.4", address), Ipv4Address::bits);
            Host asker = each.asker();
            asker.node().at(start, now -> {
                ping.start(asker.node(), asker, task, now);
                asker.rearm();
            });
            new LiveMigration(each.vm(), each.twin()).schedule(moment, DOWNTIME);
            moment += window / 2 / site.movers.size();
            pings.add(task);
        }
    }

    /** Null where nobody moved. */
    String note() {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (Task each : pings) {
            Matcher summary = RECEIVED.matcher(String.join("\n", each.lines()));
            if (!summary.find()) {
                return "a ping did not come to its end";
            }
            int lost = Integer.parseInt(summary.group(1)) - Integer.parseInt(summary.group(2));
            least = Math.min(least, lost);
            most = Math.max(most, lost);
        }
        return pings.isEmpty()
                ? null
                : pings.size() + " machines moved to another node under traffic, each in " + DOWNTIME / MILLI
                        + " ms: of pings " + INTERVAL / MILLI + " ms apart each lost "
                        + (least == most ? "" + most : least + " to " + most);
    }
}
