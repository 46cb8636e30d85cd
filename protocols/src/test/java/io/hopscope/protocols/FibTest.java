package io.hopscope.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FibTest {
    private static Route naive(List<Route> routes, int destination) {
        return routes.stream()
                .filter(route -> route.prefix().contains(destination))
                .max(Comparator.comparingInt(Route::length).thenComparingInt(route -> -route.metric()))
                .orElse(null);
    }

    @Test
    void agreesWithALinearSearchForTheLongestPrefix() {
        for (int size : new int[] {3, 11, 13, 400}) {
            SplittableRandom random = new SplittableRandom(size);
            Fib fib = new Fib();
            List<Route> routes = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int length = random.nextInt(33);
                Prefix prefix = new Prefix(0x0a000000 | random.nextInt(1 << 14) << 10 & Prefix.mask(length), length);
                Route route = Route.via(new Prefix(prefix.address() & Prefix.mask(length), length), i + 1, 2)
                        .metric(random.nextInt(3));
                routes.removeIf(each -> each.prefix().equals(route.prefix()) && each.metric() == route.metric());
                routes.add(route);
                fib.insert(route);
            }
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 5000; i++) {
                    int destination = 0x0a000000 | random.nextInt(1 << 24);
                    assertThat(fib.lookup(destination)).isEqualTo(naive(routes, destination));
                }
                for (int i = 0; i < size / 3; i++) {
                    Route gone = routes.remove(random.nextInt(routes.size()));
                    assertThat(fib.remove(gone)).isTrue();
                    assertThat(fib.remove(gone)).isFalse();
                }
            }
            assertThat(fib.size()).isEqualTo(routes.size());
            assertThat(fib.routes()).containsExactlyInAnyOrderElementsOf(routes);
        }
    }

    @Test
    void printsRoutesAsIproute2Does() {
        Prefix prefix = Prefix.parse("10.244.2.0/24");
        int gateway = Ipv4Address.bits("10.244.2.0");
        assertThat(Route.via(prefix, gateway, 4).onlink(true).text("flannel.1"))
                .isEqualTo("10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink");
        assertThat(Route.connected(Prefix.parse("10.0.0.0/24"), 2, Ipv4Address.bits("10.0.0.1"))
                        .text("eth0"))
                .isEqualTo("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1");
        assertThat(Route.refusal(Prefix.parse("10.9.0.0/16"), Route.Type.UNREACHABLE)
                        .text("-"))
                .isEqualTo("unreachable 10.9.0.0/16");
    }

    @Test
    void asksTheLocalTableFirstAndKeepsItApart() {
        for (int others : new int[] {0, 40}) {
            Fib fib = new Fib();
            for (int i = 0; i < others; i++) {
                fib.insert(Route.via(new Prefix(0x0b000000 | i << 8, 24), 1, 2));
            }
            Route mine = Route.local(0x0a000001, 2);
            Route other = Route.via(new Prefix(0x0a000001, 32), 0x0a000009, 2);
            fib.insert(mine);
            fib.insert(other);
            assertThat(fib.lookup(0x0a000001)).isEqualTo(mine);
            fib.insert(mine);
            assertThat(fib.size()).isEqualTo(others + 2);
            assertThat(fib.remove(Route.local(0x0a000001, 3)))
                    .as("nobody takes the address of another interface")
                    .isFalse();
            assertThat(fib.remove(other)).isTrue();
            assertThat(fib.remove(other)).isFalse();
            assertThat(fib.lookup(0x0a000001)).isEqualTo(mine);
            assertThat(fib.remove(mine)).isTrue();
            assertThat(fib.lookup(0x0a000001)).isNull();
        }
    }
}
