/**
 * DNS (RFC 1034, 1035) with EDNS0 (RFC 6891): messages, a server that answers from what it knows and forwards the rest as
 * dnsmasq does, and the resolver of a C library.
 */
package io.hopscope.protocols.dns;
