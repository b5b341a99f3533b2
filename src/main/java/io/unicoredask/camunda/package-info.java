/**
 * The cluster's life as Camunda sees it: the activities that a process model names, the variables
 * they read and write, and the watcher that wakes them.
 *
 * <p>The only room that knows the engine. What an activity does at the site is the {@code cluster}
 * room's business.
 */
package io.unicoredask.camunda;
