/** What needs the real world: native libraries, real interfaces. Nothing here is loaded before it is asked for. */
package io.hopscope.live;
