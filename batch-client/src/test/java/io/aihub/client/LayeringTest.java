package io.aihub.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The client knows the server by its wire records only, and GraalPy stands behind one package. */
@AnalyzeClasses(packages = "io.aihub", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule theServerIsKnownByItsWireRecords =
      noClasses()
          .that()
          .resideInAPackage("io.aihub.client..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.aihub..boundary..", "io.aihub..control..", "io.aihub..entity..");

  @ArchTest
  static final ArchRule graalPyStandsBehindOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.aihub.client.script..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.graalvm..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("io.aihub.client.(*)..").should().beFreeOfCycles();
}
