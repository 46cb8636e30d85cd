/** Spanning trees: 802.1D as the Linux bridge runs it, and rapid (802.1D-2004). Bytes and now in, bytes and deadlines out. */
package io.hopscope.protocols.stp;
