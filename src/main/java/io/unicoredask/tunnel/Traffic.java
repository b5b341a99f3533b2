package io.unicoredask.tunnel;

/**
 * What goes through the tunnels to one site.
 *
 * @param tunnels how many are open
 * @param connections how many clients are connected to them
 * @param bytesUp how many bytes clients have sent so far, those through closed tunnels included
 * @param bytesDown how many bytes were sent to clients so far
 */
public record Traffic(long tunnels, long connections, long bytesUp, long bytesDown) {}
