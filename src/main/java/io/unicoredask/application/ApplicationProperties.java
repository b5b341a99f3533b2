package io.unicoredask.application;

import io.unicoredask.autoconfigure.HomeDirectory;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The application's own configuration.
 *
 * @param home The directory for all that the application keeps: the database, unless another is
 *     configured, generated passwords, uploads, and the local site with its jobs. Below the working
 *     directory unless it is absolute; {@code ~/} is the home directory of the user; made, for its
 *     owner only, if it is missing. What is in it is for its owner only in any case.
 * @param adminPasswordFile A file that holds the password of the user admin; one with a generated
 *     password is made if it is missing. {@code admin-password} in the home directory by default.
 * @param allowedOrigins The origins of other web pages that may use the REST API from a browser,
 *     such as {@code https://portal.example.org}; none by default.
 * @param localSite The site on this machine.
 */
@ConfigurationProperties("application")
public record ApplicationProperties(
    @DefaultValue("target/camunda-unicore-dask") Path home,
    Path adminPasswordFile,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue LocalSite localSite) {

  /** Makes the home an absolute path, and fills in the place of the password file. */
  public ApplicationProperties {
    home = HomeDirectory.resolve(home).toAbsolutePath().normalize();
    adminPasswordFile = HomeDirectory.resolve(adminPasswordFile);
    if (adminPasswordFile == null) {
      adminPasswordFile = home.resolve("admin-password");
    }
  }

  /**
   * A UNICORE site on this machine, for trying things out.
   *
   * @param enabled Whether to bring it along, and to show on it what the plugin does.
   * @param port The port it listens on, on the loopback address.
   * @param nodes How many nodes its batch queue has.
   */
  public record LocalSite(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("8443") int port,
      @DefaultValue("8") int nodes) {}
}
