package io.aihub.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.aihub.web.identity.MachinesOnly;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The web layer knows services and wire records, never what lies behind them. */
@AnalyzeClasses(packages = "io.aihub", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule webKnowsNothingBehindTheBoundaries =
      noClasses()
          .that()
          .resideInAPackage("io.aihub.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.aihub.*.control..", "io.aihub.*.entity..");

  @ArchTest
  static final ArchRule theDomainKnowsNoWeb =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.aihub.web..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.aihub.web..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule resourcesGoByTheirName =
      classes().that().areAnnotatedWith(Path.class).should().haveSimpleNameEndingWith("Resource");

  @ArchTest
  static final ArchRule everyOperationSaysWhoMayCallItAndWhatItDoes =
      methods()
          .that()
          .areAnnotatedWith(GET.class)
          .or()
          .areAnnotatedWith(POST.class)
          .or()
          .areAnnotatedWith(PUT.class)
          .should(
              new ArchCondition<>("have roles and an operation id") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                  boolean roles =
                      method.isAnnotatedWith(RolesAllowed.class)
                          || method.getOwner().isAnnotatedWith(RolesAllowed.class)
                          || method.getOwner().isAnnotatedWith(MachinesOnly.class);
                  boolean described = method.isAnnotatedWith(Operation.class);
                  events.add(
                      new SimpleConditionEvent(method, roles && described, method.getFullName()));
                }
              });
}
