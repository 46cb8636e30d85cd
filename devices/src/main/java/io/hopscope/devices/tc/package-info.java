/** The words of iproute2's tc: queue disciplines and netem, read and printed. */
package io.hopscope.devices.tc;
