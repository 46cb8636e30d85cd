/**
 * A switch as its silicon makes it: a parser, stages in order with typed metadata, tables that fill up, and a CPU that
 * does the rest slowly.
 */
package io.hopscope.devices.asic;
