/** What {@code hopscope bench} measures: forwarding along one path, and across a fabric. */
package io.hopscope.scenarios.bench;
