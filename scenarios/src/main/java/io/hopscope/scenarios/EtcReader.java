package io.hopscope.scenarios;

import io.hopscope.devices.HostFiles;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NameService;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.dns.ResolverSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what programs of a host find there: {@code dns}, {@code hosts} and {@code files}. What is no address or no line has
 * been complained about.
 */
final class EtcReader {
    private final Problems problems;

    EtcReader(Problems problems) {
        this.problems = problems;
    }

    void read(IpStack stack, Value value) {
        for (Value each : value.items("hosts")) {
            try {
                stack.names().host(NameService.HostsLine.parse(String.valueOf(each.text())));
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        value.entries("files")
                .forEach((path, spec) ->
                        file(stack, path, spec, value.get("files").where(path)));
        if (value.has("dns")) {
            stack.names().settings(settings(value.get("dns")));
        }
    }

    private void file(IpStack stack, String path, Value spec, Where where) {
        if (!path.startsWith("/")) {
            problems.add(where, "'" + path + "'", "a path from the root on, such as /" + path);
        } else if (spec.isText()) {
            stack.files().put(path, HostFiles.Content.of(spec.text()));
        } else if (spec.has("size")) {
            try {
                String fill = spec.text("fill", "x");
                stack.files().put(path, HostFiles.Content.of(Units.size(spec.text("size")), fill.charAt(0)));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return;
            }
        }
    }

    private ResolverSettings settings(Value dns) {
        Value list = dns.isMap() ? dns.get("servers") : dns;
        List<Integer> servers = new ArrayList<>();
        for (Value each : list == null ? List.<Value>of() : list.isList() ? list.items() : List.of(list)) {
            try {
                servers.add(Ipv4Address.bits(String.valueOf(each.text())));
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        if (servers.size() > ResolverSettings.MOST_SERVERS) {
            problems.add(
                    list.where(), servers.size() + " name servers", "three at most: resolvers ask no more of them");
        }
        List<String> search = dns.isMap()
                ? dns.items("search").stream()
                        .map(each -> String.valueOf(each.text()))
                        .toList()
                : List.of();
        ResolverSettings settings = ResolverSettings.NONE.with(servers, search);
        for (Value each : dns.isMap() ? dns.items("options") : List.<Value>of()) {
            try {
                settings = Language.resolverOption(settings, String.valueOf(each.text()));
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        return settings;
    }
}
