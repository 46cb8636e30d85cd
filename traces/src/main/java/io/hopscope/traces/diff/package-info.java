/** Comparing captures: the first packet that differs, and the decision behind it. */
package io.hopscope.traces.diff;
