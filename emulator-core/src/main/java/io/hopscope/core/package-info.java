/** Filled by its first classes. */
package io.hopscope.core;
