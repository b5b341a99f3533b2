package io.unicoredask.application;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the engine with the plugin, its REST API and its web applications. */
@SpringBootApplication
public class UnicoreDaskApplication {

  /** The arguments are Spring Boot's; {@code --exit} ends the tour of the local site by itself. */
  public static void main(String[] arguments) {
    LocalSiteInitializer local = new LocalSiteInitializer();
    SpringApplication application = new SpringApplication(UnicoreDaskApplication.class);
    application.addInitializers(local);
    application.setRegisterShutdownHook(false);
    ConfigurableApplicationContext context;
    try {
      context = application.run(arguments);
    } catch (RuntimeException | Error e) {
      if (local.site() != null) {
        local.site().close();
      }
      throw e;
    }
    if (local.site() == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(context::close, "shutdown"));
    } else {
      System.exit(new Tour(context, local).run());
    }
  }
}
