/** The virtual router redundancy protocol, version 3: advertisements and now in, advertisements and deadlines out. */
package io.hopscope.protocols.vrrp;
