/** Linux's netfilter: iptables' rules, ipsets, connection tracking and NAT. */
package io.hopscope.protocols.netfilter;
