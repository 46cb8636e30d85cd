package io.hopscope.scenarios.report;

/**
 * What one ARP request costs.
 *
 * @param prefix length of the subnet's prefix
 * @param hosts that the subnet had
 * @param frames at ports, the answer's included
 */
public record ArpCost(String era, int prefix, int hosts, long frames) {}
