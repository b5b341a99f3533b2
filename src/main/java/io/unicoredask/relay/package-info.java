/**
 * All clients of a cluster over one forwarded connection: the agent that runs beside the scheduler
 * ({@code relay.py} and {@code scheduler_agent.py}, see {@link io.unicoredask.relay.RelayProgram}),
 * what it and this end say to each other, and this end.
 *
 * <p>What leaves the room is a {@link io.unicoredask.relay.RelayConnection}, which opens local
 * ports. Inside, {@code KeptConnection} makes the connection and makes it again, {@code
 * Introduction} proves the secret on it, {@code Session} is it from then on, and {@code
 * ClientStream} one client's part of it. {@code Frame}, {@code FrameDecoder} and {@code
 * ReceiveWindow} are the protocol's; {@code src/docs/explanation/relay-protocol.md} has what is
 * said on the wire.
 *
 * <p>The room gets its clients and its connection to the site from the room {@code tunnel}, and
 * knows nothing else of this project.
 */
package io.unicoredask.relay;
