/**
 * Port forwarding through UNICORE: a listener on this machine, and for each client it accepts a
 * connection to the site, upgraded to {@code UNICORE-Socket-Forwarding}, to a service that a job
 * opened.
 *
 * <p>All that leaves the room is a small closeable {@link io.unicoredask.tunnel.Tunnel}. The room
 * knows neither Dask nor UNICORE's other calls; the headers that authenticate it are supplied.
 */
package io.unicoredask.tunnel;
