/** The control plane of a cloud of virtual machines: the service that gives addresses out, and the agent on each node. */
package io.hopscope.devices.neutron;
