package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** {@code ip route}: changes of tables, as rtnetlink allows them; {@link RouteShow} and {@link RouteGet} read them. */
final class IpRoutes {
    private static final List<String> VERBS = List.of(
            "show", "list", "lst", "get", "add", "append", "prepend", "change", "chg", "replace", "delete", "flush");

    private final IpStack stack;
    private final Task task;

    IpRoutes(IpStack stack, Task task) {
        this.stack = stack;
        this.task = task;
    }

    Step parse(Deque<String> words) {
        String verb = Ip.command(words, "route", VERBS);
        return switch (verb) {
            case "get" -> new RouteGet(stack, task).parse(words);
            case "add", "append", "prepend", "change", "chg", "replace" -> {
                RouteWords route = RouteWords.read(stack, new ArrayList<>(words));
                yield (run, now) -> change(verb, route);
            }
            case "delete" -> {
                RouteWords route = RouteWords.read(stack, new ArrayList<>(words));
                yield (run, now) -> delete(route);
            }
            case "flush" -> flush(words);
            default -> {
                RouteShow show = new RouteShow(stack).parse(words);
                yield (run, now) -> show.show(run, now);
            }
        };
    }

    private void change(String verb, RouteWords wanted) {
        List<Route> made = wanted.routes(stack);
        Route route = made.get(0);
        Fib fib = wanted.fib(stack);
        List<Route> same = same(fib, route);
        boolean known = !same.isEmpty();
        switch (verb) {
            case "add" -> {
                if (known) {
                    throw new Misuse(2, "RTNETLINK answers: File exists");
                }
                enter(fib, made);
            }
            case "replace" -> {
                if (known && same.get(0).ofLocalTable() != route.ofLocalTable()) {
                    throw new Misuse(2, "RTNETLINK answers: File exists");
                }
                enter(fib, made);
            }
            case "append" -> append(fib, route, same);
            case "prepend" -> {
                same.forEach(fib::remove);
                fib.append(route);
                same.forEach(fib::append);
                stack.routed(route);
            }
            default -> {
                if (!known) {
                    throw new Misuse(2, "RTNETLINK answers: No such file or directory");
                }
                // The first gives way, and the others stay behind it.
                same.forEach(fib::remove);
                fib.append(route);
                same.subList(1, same.size()).forEach(fib::append);
                stack.routed(route);
            }
        }
    }

    private void append(Fib fib, Route route, List<Route> same) {
        if (same.contains(route)) {
            throw new Misuse(2, "RTNETLINK answers: File exists");
        }
        fib.append(route);
        stack.routed(route);
    }

    private static List<Route> same(Fib fib, Route like) {
        return fib.routes().stream()
                .filter(each -> each.prefix().equals(like.prefix())
                        && each.metric() == like.metric()
                        && each.ofLocalTable() == like.ofLocalTable())
                .toList();
    }

    private void enter(Fib fib, List<Route> made) {
        if (made.size() > 1) {
            stack.multipath().route(made);
        } else {
            fib.insert(made.get(0));
        }
        stack.routed(made.get(0));
    }

    private void delete(RouteWords wanted) {
        Fib fib = wanted.known(stack);
        for (Route each : fib == null ? List.<Route>of() : fib.routes()) {
            if (wanted.names(each)) {
                fib.remove(each);
                stack.forgetPaths(each.prefix());
                return;
            }
        }
        throw new Misuse(2, "RTNETLINK answers: No such process");
    }

    private Step flush(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(255, "\"ip route flush\" requires arguments.");
        } else if (words.size() == 1 && words.peek().equals("cache")) {
            return (run, now) -> stack.forgetPaths();
        }
        RouteShow filter = new RouteShow(stack).parse(words);
        return (run, now) -> filter.flush();
    }
}
