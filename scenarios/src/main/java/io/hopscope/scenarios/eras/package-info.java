/** The data centre's eras at full size: how each is built, what is asked of it, and what its switches then held. */
package io.hopscope.scenarios.eras;
