package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.camunda.DaskProcessEnginePlugin;
import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.camunda.closed.ClosedProcesses;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.unicore.Credential;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

@ExtendWith(OutputCaptureExtension.class)
class UnicoreDaskAutoConfigurationTest {

  private static final String SITE = "unicore-dask.sites.jewels.";
  private static final String NOTIFICATIONS = "unicore-dask.notifications.url=";
  private static final String PASSWORD = "not to be seen by anybody";

  @TempDir private Path directory;

  private final ApplicationContextRunner context =
      TestEngine.in(
          new ApplicationContextRunner()
              .withConfiguration(
                  AutoConfigurations.of(
                      SslAutoConfiguration.class, UnicoreDaskAutoConfiguration.class)));

  private ApplicationContextRunner withSite;

  @BeforeEach
  void configureASite() throws IOException {
    Files.writeString(directory.resolve("password"), PASSWORD);
    withSite = context.withPropertyValues(site());
  }

  private String[] site() {
    return new String[] {
      SITE + "url=http://127.0.0.1:1/JEWELS/rest/core",
      SITE + "username=ada",
      SITE + "password-file=" + directory.resolve("password")
    };
  }

  @Test
  void noActivityIsABeanThatAnExpressionOrAVariableCouldReachOrHide() {
    context.run(
        started ->
            assertThat(started.getBeanDefinitionNames())
                .doesNotContain("daskAllocate", "daskCheckRequest", "daskMonitor", "daskTeardown"));
  }

  @Test
  void withoutConfigurationThereIsThePluginButNoSite() {
    context.run(
        started -> {
          assertThat(started)
              .hasNotFailed()
              .hasSingleBean(DaskProcessEnginePlugin.class)
              .doesNotHaveBean(ClosedProcesses.class);
          assertThat(Inside.sites(started).names()).isEmpty();
        });
  }

  @Test
  void theHostThatOthersAreToldIsChecked() {
    context
        .withPropertyValues("unicore-dask.tunnel.public-host=http://engine:4322")
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .rootCause()
                    .hasMessageStartingWith(
                        "unicore-dask.tunnel.public-host = http://engine:4322 is not allowed"));
    context
        .withPropertyValues(
            "unicore-dask.tunnel.bind-address=0.0.0.0", "unicore-dask.tunnel.public-host=engine")
        .run(
            started ->
                assertThat(Inside.tunnels(started).host().publicHostInUrl()).isEqualTo("engine"));
  }

  @Test
  void aHostThatNobodyElseReachesIsSaidAtTheStart(CapturedOutput output) {
    context
        .withPropertyValues("unicore-dask.tunnel.bind-address=::")
        .run(started -> assertThat(started).hasNotFailed());

    assertThat(output)
        .contains("local ports listen on ::, but schedulerAddress and dashboardUrl name 127.0.0.1")
        .contains("Set unicore-dask.tunnel.public-host");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, false, none, false",
    "0.0.0.0, false, none, true",
    "10.1.2.3, false, none, true",
    "0.0.0.0, true, none, false",
    "0.0.0.0, false, tls, false"
  })
  void portsThatAreOpenToOthersAreForClustersWithTls(
      String bind, boolean allow, String security, boolean objects) {
    withSite
        .withPropertyValues(
            "unicore-dask.tunnel.bind-address=" + bind,
            "unicore-dask.tunnel.public-host=127.0.0.1",
            "unicore-dask.tunnel.allow-unencrypted=" + allow)
        .run(
            started -> {
              ClusterRequest request =
                  ClusterRequest.of(Map.of("security", security), Inside.sites(started));
              Optional<String> objection = Inside.runtime(started).objection(request);
              assertThat(objection.isPresent()).isEqualTo(objects);
              objection.ifPresent(
                  text ->
                      assertThat(text)
                          .startsWith("security = none is not allowed")
                          .contains(
                              "allowed is tls", "unicore-dask.tunnel.allow-unencrypted=true"));
            });
  }

  @Test
  void theProxysPasswordNeedsAUserName() {
    context
        .withPropertyValues("unicore-dask.proxy.password-file=p")
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .rootCause()
                    .hasMessage(
                        "unicore-dask.proxy.username is missing;"
                            + " username and password-file belong together"));
  }

  @Test
  void theDefaultsAreSafe() {
    context.run(
        started -> {
          UnicoreDaskProperties properties = started.getBean(UnicoreDaskProperties.class);
          assertThat(properties.tunnel())
              .isEqualTo(
                  new UnicoreDaskProperties.Tunnel(
                      "127.0.0.1",
                      false,
                      null,
                      "1024-65535",
                      Duration.ofSeconds(10),
                      Duration.ofSeconds(60),
                      256,
                      Duration.ofMinutes(10)));
          assertThat(properties.watch())
              .isEqualTo(
                  new UnicoreDaskProperties.Watch(
                      Duration.ofMillis(500),
                      Duration.ofSeconds(10),
                      Duration.ofMinutes(5),
                      Duration.ofSeconds(15)));
          assertThat(properties.sweep())
              .isEqualTo(
                  new UnicoreDaskProperties.Sweep(Duration.ofMinutes(2), Duration.ofMinutes(2)));
        });
  }

  @Test
  void aSiteIsThereUnderItsName() {
    withSite
        .withPropertyValues(SITE + "queue=batch", SITE + "project=hpc")
        .run(
            started -> {
              Sites sites = Inside.sites(started);
              assertThat(sites.names()).containsExactly("jewels");
              assertThat(sites.get("jewels"))
                  .satisfies(
                      site -> {
                        assertThat(site.unicore().name()).isEqualTo("jewels");
                        assertThat(site.unicore().baseUrl())
                            .isEqualTo(URI.create("http://127.0.0.1:1/JEWELS/rest/core"));
                        assertThat(site.defaults().queue()).isEqualTo("batch");
                        assertThat(site.defaults().project()).isEqualTo("hpc");
                        assertThat(site.ssl()).isNull();
                      });
            });
  }

  @Test
  void theSitesTellNothingUnlessTheyAreToldWhere() {
    onTheWeb()
        .run(
            started -> {
              assertThat(started).hasNotFailed().doesNotHaveBean(NotificationServlet.class);
              assertThat(started).doesNotHaveBean("daskNotifications");
              assertThat(Inside.sites(started).get("jewels").notification()).isNull();
            });
    onTheWeb()
        .withPropertyValues(NOTIFICATIONS + "")
        .run(
            started ->
                assertThat(started.getBean("daskNotifications", ServletRegistrationBean.class))
                    .returns(false, ServletRegistrationBean::isEnabled));
  }

  @ParameterizedTest
  @CsvSource({
    "https://engine.example.org/unicore-dask/notifications",
    "HTTPS://10.0.0.1:8443/behind/a/proxy/",
    "http://localhost:8080/unicore-dask/notifications",
    "http://127.0.0.1:8080/unicore-dask/notifications",
    "http://[::1]:8080/unicore-dask/notifications"
  })
  void eachSiteIsToldWhereToTellWhatBecomesOfJobs(String url) {
    onTheWeb()
        .withPropertyValues(
            NOTIFICATIONS + url,
            "unicore-dask.sites[my site].url=http://127.0.0.1:1/MY/rest/core",
            "unicore-dask.sites[my site].username=ada",
            "unicore-dask.sites[my site].password-file=" + directory.resolve("password"))
        .run(
            started -> {
              String base = url.replaceFirst("/$", "");
              Sites sites = Inside.sites(started);
              assertThat(sites.get("jewels").notification()).hasToString(base + "/jewels");
              assertThat(sites.get("my site").notification()).hasToString(base + "/my%20site");
              assertThat(started.getBean("daskNotifications", ServletRegistrationBean.class))
                  .returns(true, ServletRegistrationBean::isEnabled);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://engine.example.org/unicore-dask/notifications",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://0.0.0.0/",
        "https://ada:not%20to%20be%20seen@engine.example.org/",
        "https://engine.example.org/?token=x",
        "https://engine.example.org/#x",
        "ftp://engine.example.org/",
        "//engine.example.org/",
        "/unicore-dask/notifications",
        "https:engine"
      })
  void aUrlThatACredentialShouldNotBeSentToIsRefused(String url) {
    onTheWeb()
        .withPropertyValues(NOTIFICATIONS + url)
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .rootCause()
                    .hasMessageStartingWith("unicore-dask.notifications.url is not allowed; ")
                    .hasMessageNotContaining("to%20be%20seen"));
  }

  @Test
  void anApplicationThatIsNoneOfTheWebHasNoServlet() {
    withSite
        .withPropertyValues(NOTIFICATIONS + "https://engine.example.org/")
        .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean("daskNotifications"));
  }

  private WebApplicationContextRunner onTheWeb() {
    return TestEngine.in(new WebApplicationContextRunner())
        .withConfiguration(
            AutoConfigurations.of(SslAutoConfiguration.class, UnicoreDaskAutoConfiguration.class))
        .withPropertyValues(site());
  }

  @ParameterizedTest
  @CsvSource({"url", "username", "password-file"})
  void aSiteThatLacksSomethingNamesTheProperty(String property) {
    withSite
        .withPropertyValues(SITE + property + "=")
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(SITE + property + " is missing"));
  }

  @Test
  void sitesShareACredentialByItsAlias() {
    shared("unicore-dask.credentials.mine.username=ada")
        .withPropertyValues(
            SITE + "credential=mine",
            "unicore-dask.sites.deep.url=http://127.0.0.1:1/DEEP/rest/core",
            "unicore-dask.sites.deep.credential=mine",
            "unicore-dask.sites.lumi.url=http://127.0.0.1:1/LUMI/rest/core",
            "unicore-dask.sites.lumi.credential=hers",
            "unicore-dask.credentials.hers.username=eve",
            "unicore-dask.credentials.hers.password-file=" + directory.resolve("password"))
        .run(
            started -> {
              Sites sites = Inside.sites(started);
              assertThat(userAt(sites, "jewels")).isEqualTo("ada");
              assertThat(userAt(sites, "deep")).isEqualTo("ada");
              assertThat(userAt(sites, "lumi")).isEqualTo("eve");
            });
  }

  private static String userAt(Sites sites, String site) {
    String basic = sites.get(site).unicore().authentication().get("Authorization");
    String decoded =
        new String(
            Base64.getDecoder().decode(basic.replaceFirst("Basic ", "")), StandardCharsets.UTF_8);
    return decoded.substring(0, decoded.indexOf(':'));
  }

  @ParameterizedTest
  @CsvSource({
    "unicore-dask.credentials.mine.username=, unicore-dask.credentials.mine.username is missing",
    "unicore-dask.credentials.mine.username=a:b, a colon",
    "unicore-dask.sites.jewels.credential=yours, yours is not one of unicore-dask.credentials; there are [mine]",
    "unicore-dask.sites.jewels.username=ada, unicore-dask.sites.jewels.credential and unicore-dask.sites.jewels.username",
    "unicore-dask.sites.jewels.credential=, 'unicore-dask.sites.jewels.username is missing; every site needs username and password-file, or credential'",
    "unicore-dask.sites.jewels.max-requests-per-second=0, 'unicore-dask.sites.jewels.max-requests-per-second = 0; allowed is a whole number from 1 to 10000'",
    "unicore-dask.sites.jewels.max-requests-per-second=10001, max-requests-per-second = 10001",
    "unicore-dask.sites.jewels.limits.jobs=-1, unicore-dask.sites.jewels.limits.jobs = -1"
  })
  void aCredentialOrLimitThatCannotBeRightIsNamed(String property, String problem) {
    shared("unicore-dask.credentials.mine.username=ada")
        .withPropertyValues(SITE + "credential=mine", property)
        .run(
            started -> {
              assertThat(started).getFailure().rootCause().hasMessageContaining(problem);
              assertThat(started).getFailure().rootCause().message().doesNotContain(PASSWORD);
            });
  }

  private ApplicationContextRunner shared(String username) {
    return context.withPropertyValues(
        SITE + "url=http://127.0.0.1:1/JEWELS/rest/core",
        username,
        "unicore-dask.credentials.mine.password-file=" + directory.resolve("password"));
  }

  @Test
  void aCredentialCanBeATokenInAFile() {
    context
        .withPropertyValues(
            SITE + "url=http://127.0.0.1:1/JEWELS/rest/core",
            SITE + "credential=mine",
            "unicore-dask.credentials.mine.token-file=" + directory.resolve("token"))
        .run(
            started -> {
              Files.writeString(directory.resolve("token"), "a-token");
              assertThat(Inside.sites(started).get("jewels").unicore().authentication())
                  .containsEntry("Authorization", "Bearer a-token");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          token-file=t, password-file=p | password-file and token-file are given; give one of
          token-file=t, username=ada    | username has no meaning there: the site reads it from the token
          username=a, password-file=p, audience=x | audience has no meaning there: a password has none
          audience=x                    | audience has no meaning there
          """)
  void aCredentialIsOfOneKind(String given, String problem) {
    context
        .withPropertyValues(
            Stream.of(given.split(", "))
                .map("unicore-dask.credentials.mine."::concat)
                .toArray(String[]::new))
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .rootCause()
                    .hasMessageStartingWith("unicore-dask.credentials.mine")
                    .hasMessageContaining(problem));
  }

  @Test
  void aSiteThatIsNotThisMachineIsSentNothingInTheClear() {
    withSite
        .withPropertyValues(SITE + "url=http://ada:secret@unicore.example.org/JEWELS/rest/core")
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(SITE + "url is not https")
                    .hasMessageContaining(SITE + "insecure = true")
                    .hasMessageNotContaining("secret"));
    withSite
        .withPropertyValues(
            SITE + "url=http://unicore.example.org/JEWELS/rest/core", SITE + "insecure=true")
        .run(started -> assertThat(started).hasNotFailed());
  }

  @Test
  void anUnknownSslBundleIsNamed() {
    withSite
        .withPropertyValues(SITE + "ssl-bundle=nowhere")
        .run(
            started ->
                assertThat(started).getFailure().rootCause().hasMessageContaining("'nowhere'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          templates.small | {"Nodes": 1   | templates.small is not a job description in JSON (line 1
          templates.small | 5             | templates.small is not a job description in JSON
          worker-job      | smal          | there is no job template 'smal'; there are [big]
          """)
  void aTemplateThatCannotBeUsedIsNamed(String property, String value, String reason) {
    withSite
        .withPropertyValues(SITE + "templates.big={}", SITE + property + "=" + value)
        .run(
            started ->
                assertThat(started)
                    .getFailure()
                    .hasStackTraceContaining("unicore-dask.sites.jewels.")
                    .hasStackTraceContaining(reason));
  }

  @Test
  void aDurationThatIsNoneIsNamed() {
    context
        .withPropertyValues("unicore-dask.watch.longest=soon")
        .run(started -> assertThat(started).getFailure().rootCause().hasMessageContaining("soon"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unicore-dask.site.jewels.url",
        "unicore-dask.sites.jewels.usrname",
        "unicore-dask.sites.My_Site.credential.password",
        "unicore-dask.tunnel.bindadress",
        "unicore-dask.watch.incident-afer"
      })
  void aPropertyThatDoesNotExistIsNamedWithoutItsValue(String property) {
    withSite
        .withPropertyValues(
            "unicore-dask.sites.My_Site.url=http://127.0.0.1:1/MY/rest/core",
            "unicore-dask.sites.My_Site.username=ada",
            "unicore-dask.sites.My_Site.passwordFile=" + directory.resolve("password"),
            property + "=" + PASSWORD)
        .run(
            started -> {
              assertThat(started)
                  .getFailure()
                  .rootCause()
                  .hasMessageContaining(
                      "no such property: " + ConfigurationPropertyName.adapt(property, '.') + ", ");
              assertThat(started)
                  .getFailure()
                  .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(PASSWORD));
            });
  }

  @Test
  void everySpellingThatSpringBootKnowsIsThere() {
    context
        .withPropertyValues(
            "unicore-dask.sites.My_Site.url=http://127.0.0.1:1/MY/rest/core",
            "unicoreDask.sites.My_Site.USERNAME=ada",
            "unicore_dask.sites.My_Site.password_file=" + directory.resolve("password"),
            "unicore-dask.sites[my.site].url=http://127.0.0.1:1/MY/rest/core",
            "unicore-dask.sites[my.site].username=ada",
            "unicore-dask.sites[my.site].passwordFile=" + directory.resolve("password"),
            "unicore-dask.tunnel.maxConnections=5")
        .run(
            started -> {
              assertThat(started).hasNotFailed();
              assertThat(started.getBean(UnicoreDaskProperties.class).sites())
                  .containsOnlyKeys("My_Site", "my.site");
            });
  }

  @Test
  void theUsersOwnPluginTakesPrecedence() {
    DaskProcessEnginePlugin plugin = new DaskProcessEnginePlugin(() -> null);

    context
        .withBean("myPlugin", DaskProcessEnginePlugin.class, own(plugin))
        .run(
            started -> assertThat(started).getBean(DaskProcessEnginePlugin.class).isSameAs(plugin));
  }

  @Test
  void processesSeeTheNamesOfTheSitesAndNothingElseOfThem() {
    withSite.run(
        started -> {
          assertThat(started.getBean("daskSites", DaskSites.class).getNames())
              .containsExactly("jewels");
          assertThat(DaskSites.class.getMethods())
              .filteredOn(method -> method.getDeclaringClass() != Object.class)
              .extracting(Method::getName)
              .containsExactly("getNames");
        });
  }

  @Test
  void noBeanHasAnythingThatACredentialCouldBeReachedBy() {
    withSite.run(
        started -> {
          Set<Object> reachable =
              reachable(
                  Stream.of(started.getBeanDefinitionNames())
                      .map(name -> started.getBean(name))
                      .toList());
          assertThat(reachable)
              .hasSizeGreaterThan(started.getBeanDefinitionCount())
              .noneMatch(
                  one ->
                      one instanceof Sites
                          || one instanceof Site
                          || one instanceof UnicoreSite
                          || one instanceof Credential
                          || one instanceof DaskRuntime
                          || one instanceof TunnelFactory);
          assertThat(reachable).noneMatch(one -> String.valueOf(one).contains(PASSWORD));
        });
  }

  /** These, and all that methods without parameters give, as far as an expression can call them. */
  private static Set<Object> reachable(List<Object> beans) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> next = new ArrayDeque<>(beans);
    while (!next.isEmpty()) {
      Object one = next.pop();
      if (!seen.add(one)) {
        continue;
      }
      if (one instanceof Map<?, ?> map) {
        next.addAll(map.values().stream().filter(Objects::nonNull).toList());
      } else if (one instanceof Iterable<?> list && !(one instanceof Path)) {
        list.forEach(next::add);
      } else if (one.getClass().getName().startsWith("io.unicoredask")) {
        for (Method method : one.getClass().getMethods()) {
          if (method.getParameterCount() == 0
              && method.getDeclaringClass() != Object.class
              && method.getReturnType() != void.class) {
            next.addAll(result(method, one));
          }
        }
      }
    }
    return seen;
  }

  private static List<Object> result(Method method, Object of) {
    try {
      // As the engine's expressions do where the class is not public.
      method.setAccessible(true);
      Object result = method.invoke(of);
      return result == null ? List.of() : List.of(result);
    } catch (ReflectiveOperationException e) {
      return List.of(String.valueOf(e.getCause()));
    }
  }

  @Test
  void anEngineIsClosedIfTheApplicationWantsThat() {
    context
        .withPropertyValues("unicore-dask.processes.closed=true")
        .run(started -> assertThat(started).hasSingleBean(ClosedProcesses.class));
  }

  @Test
  void anApplicationWithoutCamundaIsLeftAlone() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(UnicoreDaskAutoConfiguration.class))
        .withClassLoader(new FilteredClassLoader(ProcessEngine.class))
        .run(
            started ->
                assertThat(started)
                    .hasNotFailed()
                    .doesNotHaveBean(Sealed.class)
                    .doesNotHaveBean("daskSites"));
  }

  @Test
  void noBeanIsNeededThatIsNotInThePluginJar() {
    withSite
        .withClassLoader(
            new FilteredClassLoader(
                "io.unicoredask.localsite",
                "org.springframework.boot.actuate",
                "io.micrometer",
                "io.unicoredask.application",
                "org.bouncycastle",
                "org.camunda.bpm.engine.rest",
                "org.glassfish.jersey",
                "jakarta.ws.rs",
                "jakarta.servlet"))
        .run(started -> assertThat(started).hasNotFailed().hasBean("daskSites"));
  }

  @Test
  void noBeanPrintsThePassword() {
    withSite.run(
        started ->
            assertThat(started.getBeanDefinitionNames())
                .allSatisfy(
                    name ->
                        assertThat(String.valueOf(started.getBean(name)))
                            .doesNotContain(PASSWORD)));
  }

  @Test
  void theWatcherRunsAsLongAsTheApplication() {
    context.run(
        started -> {
          WatcherLifecycle lifecycle = started.getBean(WatcherLifecycle.class);
          assertThat(lifecycle.isRunning()).isTrue();
          started.close();
          assertThat(lifecycle.isRunning()).isFalse();
        });
  }

  private static String stackTrace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static <T> Supplier<T> own(T bean) {
    return () -> bean;
  }
}
