/**
 * TCP (RFC 9293) as Linux speaks it: connections, listeners and their timers as a pure state machine. Segments and virtual
 * time in; segments, events and the next deadline out.
 */
package io.hopscope.protocols.tcp;
