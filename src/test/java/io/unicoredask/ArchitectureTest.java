package io.unicoredask;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.site.Sites;
import java.util.Arrays;
import java.util.Set;

/** The rooms and their rooms within, and which may know which. */
@AnalyzeClasses(packages = "io.unicoredask", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String CONFIGURATION =
      "org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl";

  private static final DescribedPredicate<JavaClass> HOW_IT_FAILS =
      DescribedPredicate.describe(
          "say how a cluster fails",
          type ->
              type.getBaseComponentType().isEquivalentTo(ClusterError.class)
                  || type.getBaseComponentType().isEquivalentTo(ClusterException.class));

  /** What of Camunda's is for others to use, though it lies in packages named {@code impl}. */
  private static final Set<String> FOR_OTHERS =
      Set.of(
          // what engine plugins are, and are given
          "org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin",
          "org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin",
          CONFIGURATION,
          // what IdentityService answers
          "org.camunda.bpm.engine.impl.identity.Authentication",
          // what plugins of the web applications are
          "org.camunda.bpm.cockpit.plugin.spi.impl.AbstractCockpitPlugin",
          "org.camunda.bpm.tasklist.plugin.spi.impl.AbstractTasklistPlugin",
          // what a web.xml names
          "org.camunda.bpm.engine.rest.security.auth.impl.HttpBasicAuthenticationProvider",
          "org.camunda.bpm.webapp.impl.security.filter.headersec.HttpHeaderSecurityFilter");

  private static final DescribedPredicate<JavaClass> ITS_OWN =
      resideInAPackage("org.camunda..impl..")
          .and(
              DescribedPredicate.describe(
                  "are not for others to use",
                  type -> !FOR_OTHERS.contains(type.getBaseComponentType().getName())));

  @ArchTest
  static final ArchRule roomsImportInOneDirection =
      rooms(
              "application",
              "autoconfigure",
              "camunda",
              "cluster",
              "unicore",
              "dask",
              "relay",
              "tunnel",
              "localsite")
          .whereLayer("application")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("autoconfigure")
          .mayOnlyBeAccessedByLayers("application")
          .whereLayer("camunda")
          .mayOnlyBeAccessedByLayers("autoconfigure", "application")
          .whereLayer("cluster")
          .mayOnlyBeAccessedByLayers("camunda", "autoconfigure")
          .whereLayer("unicore")
          .mayOnlyBeAccessedByLayers("cluster", "autoconfigure")
          .whereLayer("dask")
          .mayOnlyBeAccessedByLayers("cluster")
          .whereLayer("relay")
          .mayOnlyBeAccessedByLayers("cluster")
          .whereLayer("tunnel")
          .mayOnlyBeAccessedByLayers("relay", "cluster", "autoconfigure")
          .whereLayer("localsite")
          .mayOnlyBeAccessedByLayers("application");

  @ArchTest static final ArchRule unicoreImportsNoRoom = knowsNothingElseOfThisProject("unicore");
  @ArchTest static final ArchRule daskImportsNoRoom = knowsNothingElseOfThisProject("dask");
  @ArchTest static final ArchRule tunnelImportsNoRoom = knowsNothingElseOfThisProject("tunnel");

  @ArchTest
  static final ArchRule theLocalSiteImportsNoRoom = knowsNothingElseOfThisProject("localsite");

  @ArchTest
  static final ArchRule whoLeadsImportsNoRoom = knowsNothingElseOfThisProject("camunda.node");

  @ArchTest
  static final ArchRule theDoorToTheEngineImportsNoRoom =
      knowsNothingElseOfThisProject("camunda.engine");

  @ArchTest
  static final ArchRule whatClosesAnEngineImportsNoRoomButTheDoorToIt =
      knowsNothingElseOfThisProject("camunda.closed", "camunda.engine");

  @ArchTest
  static final ArchRule theApplicationKnowsOfTheCamundaRoomOnlyTheDoorToTheEngine =
      noClasses()
          .that()
          .resideInAPackage("io.unicoredask.application..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.unicoredask.camunda..")
                  .and(not(resideInAPackage("io.unicoredask.camunda.engine.."))));

  @ArchTest
  static final ArchRule onlyTheCamundaRoomKnowsWhoLeads =
      classes()
          .that()
          .resideInAPackage("io.unicoredask.camunda.node..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAPackage("io.unicoredask.camunda..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule roomsWithinClusterImportInOneDirection =
      rooms(
              "cluster.request",
              "cluster.site",
              "cluster.identity",
              "cluster.keeper",
              "cluster.sweep")
          .whereLayer("cluster.request")
          .mayOnlyBeAccessedByLayers("cluster.keeper")
          .whereLayer("cluster.site")
          .mayOnlyBeAccessedByLayers(
              "cluster.request", "cluster.identity", "cluster.keeper", "cluster.sweep")
          .whereLayer("cluster.identity")
          .mayOnlyBeAccessedByLayers("cluster.keeper", "cluster.sweep")
          .whereLayer("cluster.keeper")
          .mayOnlyBeAccessedByLayers("cluster.sweep")
          .whereLayer("cluster.sweep")
          .mayNotBeAccessedByAnyLayer();

  /** Of {@code cluster} itself they know how it fails, so that there are no cycles. */
  @ArchTest
  static final ArchRule requestAndSiteKnowOfClusterOnlyHowItFails =
      noClasses()
          .that()
          .resideInAnyPackage("io.unicoredask.cluster.request..", "io.unicoredask.cluster.site..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.unicoredask.cluster").and(not(HOW_IT_FAILS)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule howAClusterFailsKnowsNothingElseOfThisProject =
      noClasses()
          .that(HOW_IT_FAILS)
          .should()
          .dependOnClassesThat(resideInAPackage("io.unicoredask..").and(not(HOW_IT_FAILS)));

  /** What the engine does in a transaction of its own asks no site. */
  @ArchTest
  static final ArchRule noActivityCallsASite =
      noClasses()
          .that()
          .resideInAPackage("io.unicoredask.camunda..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.unicoredask.unicore.UnicoreSite");

  @ArchTest
  static final ArchRule onlyTheCamundaRoomKnowsTheEngine =
      onlyIn("org.camunda..", "camunda", "autoconfigure", "application");

  /**
   * Another version of the engine, or a fork of it, changes nothing but what is behind the door.
   */
  @ArchTest
  static final ArchRule onlyTheDoorKnowsWhatTheEngineKeepsToItself =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.unicoredask.camunda.engine..")
          .should()
          .dependOnClassesThat(ITS_OWN);

  @ArchTest
  static final ArchRule theDoorHandsNoneOfThatOut =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat(
              resideInAPackage("io.unicoredask.camunda.engine..")
                  .and(modifier(JavaModifier.PUBLIC)))
          .should()
          .notHaveRawReturnType(ITS_OWN)
          .andShould()
          .notHaveRawParameterTypes(
              DescribedPredicate.describe(
                  "the engine keeps to itself", types -> types.stream().anyMatch(ITS_OWN)));

  @ArchTest
  static final ArchRule enginePluginsCallNothingOfTheConfigurationButHandItOn =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.unicoredask.camunda.engine..")
          .should()
          .callMethodWhere(target(owner(name(CONFIGURATION))));

  @ArchTest
  static final ArchRule onlyTheUnicoreAndDaskRoomsKnowFeign = onlyIn("feign..", "unicore", "dask");

  @ArchTest
  static final ArchRule onlyTheUnicoreRoomAndTheLocalSiteKnowTokens =
      onlyIn("com.nimbusds..", "unicore", "localsite");

  @ArchTest
  static final ArchRule onlyTheUnicoreRoomKnowsKeysOfSsh = onlyIn("com.jcraft..", "unicore");

  @ArchTest
  static final ArchRule onlyTheDaskRoomAndTheLocalSiteMakeCertificates =
      onlyIn("org.bouncycastle..", "dask", "localsite");

  @ArchTest
  static final ArchRule onlyTheUnicoreRoomKnowsOauth =
      onlyIn("org.springframework.security..", "unicore");

  @ArchTest
  static final ArchRule onlyTheTunnelTheRelayAndTheLocalSiteKnowNetty =
      onlyIn("io.netty..", "tunnel", "relay", "localsite");

  /** What is measured is told to listeners, or asked for; whoever has no Micrometer has no more. */
  @ArchTest
  static final ArchRule onlyTheWiringKnowsMicrometer = onlyIn("io.micrometer..", "autoconfigure");

  /** A cluster may have the account of its owner there, which another way to the site forgets. */
  @ArchTest
  static final ArchRule keepersReachSitesThroughTheCluster =
      noClasses()
          .that()
          .resideInAPackage("io.unicoredask.cluster.keeper..")
          .and()
          .haveNameNotMatching(".*\\.(Cluster|Keepers)(\\$.*)?")
          .should()
          .callMethod(Sites.class, "get", String.class);

  /** Rooms that need not be there yet. */
  private static LayeredArchitecture rooms(String... rooms) {
    LayeredArchitecture all =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (String room : rooms) {
      all = all.layer(room).definedBy(room(room));
    }
    return all;
  }

  private static ArchRule knowsNothingElseOfThisProject(String room, String... known) {
    DescribedPredicate<JavaClass> elsewhere =
        resideInAPackage("io.unicoredask..")
            .and(not(resideInAPackage(room(room))))
            .and(not(resideInAnyPackage(packages(known))));
    return noClasses()
        .that()
        .resideInAPackage(room(room))
        .should()
        .dependOnClassesThat(elsewhere)
        .allowEmptyShould(true);
  }

  private static ArchRule onlyIn(String library, String... rooms) {
    return noClasses()
        .that()
        .resideInAPackage("io.unicoredask..")
        .and()
        .resideOutsideOfPackages(packages(rooms))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static String[] packages(String... rooms) {
    return Arrays.stream(rooms).map(ArchitectureTest::room).toArray(String[]::new);
  }

  private static String room(String name) {
    return "io.unicoredask." + name + "..";
  }
}
