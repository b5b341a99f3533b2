/**
 * The cluster's life as Camunda sees it: the activities that a process model names ({@link
 * io.unicoredask.camunda.DaskActivity}), the variables they read and write, and the tables that
 * clusters are on record in.
 *
 * <p>The only room that knows the engine. An activity puts on record what it waits for, and makes
 * no call to a site; what is done there is the {@code cluster} room's business.
 */
package io.unicoredask.camunda;
