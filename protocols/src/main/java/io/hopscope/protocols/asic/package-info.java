/**
 * The tables of switch silicon with their limits: hash tables of buckets, TCAMs, ECMP groups, policers; and the sizes of
 * real ones.
 */
package io.hopscope.protocols.asic;
