package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.devices.Tree;
import io.hopscope.devices.TreeOwner;

/** Finds the spanning tree that a device takes part in. */
final class Trees {
    private Trees() {}

    /** Null for a device without one, or with one that is off. */
    static Tree of(Device device) {
        Tree tree = device instanceof TreeOwner owner ? owner.tree() : null;
        return tree == null || tree.machine() == null ? null : tree;
    }
}
