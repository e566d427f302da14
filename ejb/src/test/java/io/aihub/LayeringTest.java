package io.aihub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Who may know whom: boundary → control → entity → api, features without cycles, {@code shared}
 * knows no feature.
 */
@AnalyzeClasses(packages = "io.aihub", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule wireRecordsKnowOnlyTheJdkAndValidation =
      noClasses()
          .that()
          .resideInAPackage("io.aihub.*.api..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", "jakarta.validation..", "io.aihub.*.api..");

  @ArchTest
  static final ArchRule entitiesKnowNoLayerAbove =
      noClasses()
          .that()
          .resideInAPackage("io.aihub.*.entity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.aihub.*.boundary..", "io.aihub.*.control..");

  @ArchTest
  static final ArchRule controlKnowsNoBoundary =
      noClasses()
          .that()
          .resideInAPackage("io.aihub.*.control..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.aihub.*.boundary..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule featuresFormNoCycles =
      slices().matching("io.aihub.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule sharedKnowsNoFeature =
      noClasses()
          .that()
          .resideInAPackage("io.aihub.shared..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.aihub.task..",
              "io.aihub.queue..",
              "io.aihub.script..",
              "io.aihub.fleet..",
              "io.aihub.storage..",
              "io.aihub.project..",
              "io.aihub.identity..");
}
