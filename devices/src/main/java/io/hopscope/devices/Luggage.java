package io.hopscope.devices;

import io.hopscope.core.Action;
import io.hopscope.core.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a stack needs that may go to another node. Its header views are its own, since the thread of the new node may run
 * beside that of the old one; and what it is to do later goes with it.
 */
final class Luggage {
    /** Something to be done, on the node where the stack was when it was asked for. */
    private final class Errand implements Action {
        private final long instant;
        private final Action action;
        /** Set and read by the node's own thread. */
        private boolean withdrawn;

        Errand(long instant, Action action) {
            this.instant = instant;
            this.action = action;
        }

        @Override
        public void run(long now) {
            if (!withdrawn) {
                pending.remove(this);
                action.run(now);
            }
        }
    }

    final String title;
    final Views views = Views.own();
    private List<Errand> pending = new ArrayList<>();

    Luggage(String title) {
        this.title = title;
    }

    void at(Node node, long instant, Action action) {
        Errand errand = new Errand(instant, action);
        pending.add(errand);
        node.at(instant, errand);
    }

    /** Nothing of it is done on the old node any more. */
    void pack() {
        pending.forEach(errand -> errand.withdrawn = true);
    }

    /** What has become due meanwhile is done now. */
    void unpack(Node node) {
        List<Errand> packed = pending;
        pending = new ArrayList<>();
        packed.sort(Comparator.comparingLong(errand -> errand.instant));
        packed.forEach(errand -> at(node, Math.max(errand.instant, node.now()), errand.action));
    }
}
