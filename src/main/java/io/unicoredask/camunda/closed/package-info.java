/**
 * Closes an engine, so that a deployed process reaches its variables, the beans it is allowed and
 * nothing else: no other bean, property, class, file, script or command. Knows nothing of Dask.
 */
package io.unicoredask.camunda.closed;
