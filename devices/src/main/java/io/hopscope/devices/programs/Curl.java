package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code curl} 7.88, for HTTP. */
public final class Curl implements Program {
    @Override
    public String name() {
        return "curl";
    }

    @Override
    public String summary() {
        return "HTTP, as curl 7.88: -v -s -S -o -w -X -d -H -I -i -L -f -T -A -m --connect-timeout URL";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        try {
            Dig.need(host, node);
            CurlPlan plan = new CurlPlan().read(task.arguments());
            String missing = plan.missing(host.stack().files());
            if (missing != null) {
                throw new Misuse(26, "curl: (26) Failed to open/read local data from file/application: " + missing);
            }
            new CurlRun(host, task, plan).begin(now);
        } catch (Misuse e) {
            e.tell(task);
        }
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        try {
            CurlPlan plan = new CurlPlan().read(task.arguments());
            for (CurlUrl each : plan.urls) {
                if (plan.resolved(each) == null && !Lookup.possible(host, task, each.host())) {
                    return Fault.unknownHost("curl: (6) Could not resolve host: " + each.host(), each.host());
                }
            }
            String missing = plan.missing(host.stack().files());
            return missing == null
                    ? null
                    : new Fault(
                            "curl: (26) no file '" + missing + "' among the host's",
                            missing,
                            java.util.List.copyOf(host.stack().files().paths()),
                            null);
        } catch (Misuse e) {
            return e.fault();
        }
    }
}
