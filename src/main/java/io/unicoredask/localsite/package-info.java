/**
 * A UNICORE site on one machine, for developing processes on a laptop and for tests: it answers the
 * part of the REST API that this project and PyUNICORE use as a UNICORE/X behind its Gateway does,
 * and runs each job as a real local process.
 *
 * <p>{@link io.unicoredask.localsite.LocalSite} is started in a test or by {@link
 * io.unicoredask.localsite.LocalSiteMain} from a terminal. If told to, it has the {@link
 * io.unicoredask.localsite.GatewayFaults faults} of a real Gateway. The room knows no other room of
 * the project. It is not a sandbox: a job runs with the rights of whoever started the site, which
 * is why the site listens on loopback only.
 */
package io.unicoredask.localsite;
