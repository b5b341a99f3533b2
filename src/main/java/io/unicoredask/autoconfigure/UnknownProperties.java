package io.unicoredask.autoconfigure;

import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Names the properties that do not exist without their values, which Spring Boot's own report
 * shows: somebody may have tried {@code password}.
 */
class UnknownProperties implements ConfigurationPropertiesBindHandlerAdvisor {

  private static final ConfigurationPropertyName PREFIX =
      ConfigurationPropertyName.of("unicore-dask");

  @Override
  public BindHandler apply(BindHandler handler) {
    return new AbstractBindHandler(handler) {
      @Override
      public void onFinish(
          ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result)
          throws Exception {
        try {
          super.onFinish(name, target, context, result);
        } catch (UnboundConfigurationPropertiesException e) {
          if (!name.equals(PREFIX)) {
            throw e;
          }
          refuse(e.getUnboundProperties());
        }
      }
    };
  }

  /** A known property without a value counts as unbound, too; it is as if it were not there. */
  private static void refuse(Set<ConfigurationProperty> unbound) {
    List<String> unknown =
        unbound.stream()
            .filter(one -> !String.valueOf(one.getValue()).isBlank())
            .map(one -> one.getName() + (one.getOrigin() == null ? "" : ", " + one.getOrigin()))
            .toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "no such property: %s. src/docs/reference/properties.md lists those there are; secrets are in files that they name"
              .formatted(String.join("; ", unknown)));
    }
  }
}
