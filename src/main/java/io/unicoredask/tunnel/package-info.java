/**
 * Port forwarding through UNICORE: a listener on this machine, and for each client it accepts a
 * connection to the site, upgraded to {@code UNICORE-Socket-Forwarding}, to a service that a job
 * opened.
 *
 * <p>Inside, every step of a connection is a handler that leaves when its step is over: {@code
 * ClientHold} holds the client while {@code Connector} and {@code UpgradeHandler} reach the site,
 * {@code FirstBytes} waits for proof that a service is there, and a pair of {@code Splice}s
 * remains. Where a proxy leads to the site, {@code ProxyHandler} comes first.
 *
 * <p>The end of one direction is passed on while the other goes on; UNICORE itself, up to 11.1 at
 * least, ends both directions when one ends.
 *
 * <p>All that leaves the room is a small closeable {@link io.unicoredask.tunnel.Tunnel}, and for a
 * room that serves many clients over one connection a {@link io.unicoredask.tunnel.SiteLink}, which
 * makes the connection and opens local ports, with the {@link io.unicoredask.tunnel.LocalClient}s
 * of these. The room knows neither Dask nor UNICORE's other calls; the headers that authenticate it
 * are supplied.
 */
package io.unicoredask.tunnel;
