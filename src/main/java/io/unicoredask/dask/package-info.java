/**
 * What can be known of a Dask cluster without Python: the scheduler file, the scheduler's HTTP
 * server and the greeting it sends on its TCP port; and the certificates of a cluster with TLS.
 * Works with every Dask from 2022.12 on.
 *
 * <p>The room connects to addresses it is given; how they come about is not its business.
 */
package io.unicoredask.dask;
