/**
 * DHCP (RFC 2131): the client as busybox udhcpc 1.35 behaves, server and relay as dnsmasq 2.90 does. Pure state machines:
 * messages and the time go in, messages and the next deadline come out.
 */
package io.hopscope.protocols.dhcp;
