package io.unicoredask;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms, and which may know which. */
@AnalyzeClasses(packages = "io.unicoredask", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule roomsImportInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("application")
          .definedBy("..unicoredask.application..")
          .layer("autoconfigure")
          .definedBy("..unicoredask.autoconfigure..")
          .layer("camunda")
          .definedBy("..unicoredask.camunda..")
          .layer("cluster")
          .definedBy("..unicoredask.cluster..")
          .layer("unicore")
          .definedBy("..unicoredask.unicore..")
          .layer("dask")
          .definedBy("..unicoredask.dask..")
          .layer("relay")
          .definedBy("..unicoredask.relay..")
          .layer("tunnel")
          .definedBy("..unicoredask.tunnel..")
          .layer("localsite")
          .definedBy("..unicoredask.localsite..")
          .whereLayer("application")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("autoconfigure")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("camunda")
          .mayOnlyBeAccessedByLayers("autoconfigure")
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

  @ArchTest
  static final ArchRule onlyTheCamundaRoomKnowsTheEngine =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..unicoredask.camunda..",
              "..unicoredask.autoconfigure..",
              "..unicoredask.application..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.camunda..");

  @ArchTest
  static final ArchRule onlyTheUnicoreAndDaskRoomsKnowFeign =
      noClasses()
          .that()
          .resideOutsideOfPackages("..unicoredask.unicore..", "..unicoredask.dask..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("feign..");

  @ArchTest
  static final ArchRule onlyTheTunnelTheRelayAndTheLocalSiteKnowNetty =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..unicoredask.tunnel..", "..unicoredask.relay..", "..unicoredask.localsite..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");
}
