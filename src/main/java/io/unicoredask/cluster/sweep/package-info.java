/**
 * Ends jobs at the sites that carry this engine's tag while none of its clusters wants them: what a
 * crash, a lost answer or a deletion at the wrong moment left behind.
 */
package io.unicoredask.cluster.sweep;
