package io.unicoredask;

import io.unicoredask.application.UnicoreDaskApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

/** The real application with a real engine, and a site that runs real Dask; one for all tests. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SpringBootTest(
    classes = UnicoreDaskApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.datasource.url=jdbc:h2:mem:application-test;DB_CLOSE_ON_EXIT=FALSE",
      "application.home=${test.home:target/application-test}",
      // Whoever asks at long intervals finds the connection closed else, now and then.
      "server.tomcat.keep-alive-timeout=10m",
      "unicore-dask.watch.shortest=100ms",
      "unicore-dask.watch.longest=500ms",
      "unicore-dask.watch.incident-after=2s"
    })
@AutoConfigureObservability(tracing = false)
@ExtendWith(LeftInstances.class)
@ContextConfiguration(
    initializers = {TestSite.Configuration.class, TestDatabase.Configuration.class})
public @interface ApplicationTest {}
