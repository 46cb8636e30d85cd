package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.Switch;
import io.hopscope.devices.Tree;

/** Finds the spanning tree that a device takes part in. */
final class Trees {
    private Trees() {}

    /** Null for a device without one, or with one that is off. */
    static Tree of(Device device) {
        Tree tree = device instanceof LinuxBridge bridge
                ? bridge.tree()
                : device instanceof Switch made ? made.tree() : null;
        return tree == null || tree.machine() == null ? null : tree;
    }
}
