package io.hopscope.scenarios.traffic;

import io.hopscope.devices.Host;

/**
 * Who sends and receives: an address of a host.
 *
 * @param group its rack, tenant or role, as whoever builds the network numbers them
 */
public record Endpoint(Host host, int address, int group) {}
