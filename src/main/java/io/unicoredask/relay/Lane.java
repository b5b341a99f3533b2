package io.unicoredask.relay;

/**
 * Which way a forwarded connection leads. A Gateway holds back nothing but the end of much on one
 * that leads one way.
 */
enum Lane {
  /** Both ways, for relays and sites that have no more than one connection. */
  BOTH(" client "),

  /** To the relay. */
  UP(" up     "),

  /** From the relay. */
  DOWN(" down   ");

  /** What a client proves the secret with, so that the relay knows what the connection is for. */
  final String proof;

  Lane(String proof) {
    this.proof = Introduction.PROTOCOL + proof;
  }
}
