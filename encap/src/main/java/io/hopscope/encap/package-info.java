/**
 * Frames and the headers in them: views over bytes, checksums, tunnels, addresses and one-line printing. On the frame
 * path a MAC address is a {@code long}, an IPv4 address an {@code int}; the records are for parsers and people.
 */
package io.hopscope.encap;
