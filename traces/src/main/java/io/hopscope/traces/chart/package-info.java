/** Line charts as SVG that stand by themselves: direct labels, colours that everybody can tell apart, no script. */
package io.hopscope.traces.chart;
