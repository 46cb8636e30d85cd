package io.hopscope.scenarios;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The blueprints there are. */
final class Blueprints {
    private static final List<Blueprint> ALL = load();

    private Blueprints() {}

    private static List<Blueprint> load() {
        List<Blueprint> all = new ArrayList<>();
        ServiceLoader.load(Blueprint.class).forEach(all::add);
        all.sort(Comparator.comparing(Blueprint::name));
        return all;
    }

    static List<Blueprint> all() {
        return ALL;
    }

    static List<String> names() {
        return ALL.stream().map(Blueprint::name).toList();
    }

    /** Null if there is none. */
    static Blueprint find(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }
}
