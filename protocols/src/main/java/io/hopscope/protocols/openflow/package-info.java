/**
 * The flow tables of an Open vSwitch bridge: flows in the syntax of ovs-ofctl, a classifier, and the walk of one frame
 * through the tables. No ports, no clock: the bridge calls {@link io.hopscope.protocols.openflow.Pipeline#execute} and is
 * told through {@link io.hopscope.protocols.openflow.Sink} where the frame goes.
 */
package io.hopscope.protocols.openflow;
