/** Where frames wait before they go out of a port, and what cables do to them: Linux's queue disciplines and netem. */
package io.hopscope.core.qdisc;
