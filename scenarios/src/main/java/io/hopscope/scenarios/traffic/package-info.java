/** Seeded traffic between endpoints: matrices and mixes, what became of it, and how full the cables were. */
package io.hopscope.scenarios.traffic;
