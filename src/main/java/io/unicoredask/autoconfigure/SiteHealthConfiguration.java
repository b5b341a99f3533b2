package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Sites;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.CompositeHealthContributor;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health of the sites and of what the engine may do there, in applications that have Spring
 * Boot's Actuator.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
class SiteHealthConfiguration {

  /** Component {@code unicoreDaskSites}, with a component for each site. */
  @Bean
  @ConditionalOnEnabledHealthIndicator("unicoredasksites")
  @ConditionalOnMissingBean(name = "unicoreDaskSitesHealthContributor")
  HealthContributor unicoreDaskSitesHealthContributor(Sealed plugin) {
    Sites sites = plugin.sites();
    return CompositeHealthContributor.fromMap(
        sites.names().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), name -> new SiteHealth(sites.get(name).unicore()))));
  }

  /** Component {@code unicoreDaskIdentity}: whether the engine acts at its sites. */
  @Bean
  @ConditionalOnEnabledHealthIndicator("unicoredaskidentity")
  @ConditionalOnMissingBean(name = "unicoreDaskIdentityHealthIndicator")
  HealthIndicator unicoreDaskIdentityHealthIndicator(Sealed plugin) {
    return new IdentityHealth(plugin.runtime());
  }
}
