/** Nodes, devices, ports and links over Disruptor rings, and the engine that runs them in virtual time. */
package io.hopscope.core;
