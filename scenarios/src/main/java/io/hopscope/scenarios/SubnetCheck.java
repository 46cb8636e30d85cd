package io.hopscope.scenarios;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where each address of a router was written: two of its interfaces may not have overlapping subnets. */
final class SubnetCheck {
    private record Claim(NetInterface of, Prefix prefix, Value at) {}

    private final Problems problems;
    private final Map<IpStack, List<Claim>> claims = new LinkedHashMap<>();

    SubnetCheck(Problems problems) {
        this.problems = problems;
    }

    void note(NetInterface of, InterfaceAddress address, Value at) {
        claims.computeIfAbsent(of.stack(), stack -> new ArrayList<>(2)).add(new Claim(of, address.prefix(), at));
    }

    /**
     * Looks at what was noted of a stack.
     *
     * @param strict as routers' operating systems are; Linux minds neither a host's prefix nor a longer one inside
     *     another, but two routes to one network are a mistake there as well
     */
    void check(IpStack stack, boolean strict) {
        List<Claim> all = claims.getOrDefault(stack, List.of());
        for (int i = 1; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                Claim one = all.get(i);
                Claim other = all.get(j);
                boolean clash = strict
                        ? one.prefix.overlaps(other.prefix)
                        : one.prefix.length() < 32 && one.prefix.equals(other.prefix);
                if (one.of != other.of && clash) {
                    problems.add(
                            one.at.where(),
                            one.at.text() + " of " + one.of.name() + ", which overlaps " + other.prefix + " of "
                                    + other.of.name(),
                            "a subnet of its own");
                }
            }
        }
    }
}
