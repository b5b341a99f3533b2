package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.ClientCertificate;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client of a cluster with TLS needs, in PEM. It is read from the directory of the
 * scheduler's job whenever it is needed, and kept nowhere.
 *
 * @param ca the certificate of the cluster's authority
 * @param certificate a client's certificate
 * @param key that certificate's key, a secret
 */
public record ClientFiles(String ca, String certificate, String key) {

  private static final Logger LOG = LoggerFactory.getLogger(ClientFiles.class);

  /**
   * Those of a cluster; nothing if it has none, or none yet.
   *
   * @throws UnicoreException if the site cannot be asked
   */
  public static Optional<ClientFiles> of(Recorded recorded, Sites sites) {
    Cluster cluster = recorded.cluster();
    return recorded.demand().request().hasTls() && OrderRules.hasSchedulersDirectory(cluster)
        ? certificate(cluster, cluster.at(sites).unicore())
            .map(one -> new ClientFiles(one.ca(), one.certificate(), one.key()))
        : Optional.empty();
  }

  /** Nothing if the files are not there, or not what they should be. */
  static Optional<ClientCertificate> certificate(Cluster cluster, UnicoreSite site) {
    Optional<byte[]> ca = file(cluster, site, TlsFile.CA);
    Optional<byte[]> client = file(cluster, site, TlsFile.CLIENT);
    if (ca.isEmpty() || client.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClientCertificate.of(ca.get(), client.get()));
    } catch (IllegalArgumentException e) {
      LOG.warn("Cluster {}: its certificates cannot be used: {}", cluster.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<byte[]> file(Cluster cluster, UnicoreSite site, TlsFile file) {
    return site.file(cluster.scheduler().workingDirectory(), file.fileName());
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "ClientFiles[hidden]";
  }
}
