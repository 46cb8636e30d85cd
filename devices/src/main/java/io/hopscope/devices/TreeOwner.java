package io.hopscope.devices;

/** A device that may take part in a spanning tree. */
public interface TreeOwner {
    /** Null where it does not. */
    Tree tree();
}
