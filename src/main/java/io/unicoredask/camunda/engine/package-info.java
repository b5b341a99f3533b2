/**
 * The door to what Camunda's engine keeps to itself. The only package that knows the engine's
 * classes in packages named {@code impl}, which another version or a fork may change: it gives them
 * to the rest in a few words, decides nothing, and knows nothing of Dask.
 */
package io.unicoredask.camunda.engine;
