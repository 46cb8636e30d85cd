/** Links and nodes that fail, at given instants or at random. */
package io.hopscope.scenarios.faults;
